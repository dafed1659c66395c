import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, SetRootResourceResponse } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import {
    type ReadResourceRequest,
    type ReadResourceResponse,
    type RegisterResourceOutputsRequest,
    type RegisterResourceRequest,
    type RegisterResourceResponse,
    type ResourceInvokeRequest,
    type SupportsFeatureRequest,
    SupportsFeatureResponse,
} from "@pulumi/pulumi/proto/resource_pb";

import type { Recorder } from "../../plan/recorder";

/** What stands in for the engine while Pulumi's own Node program runner talks to it over gRPC. */
export interface EngineServer {
    readonly address: string;
    /** What the program logged. */
    readonly messages: readonly string[];
    close(): void;
}

type Unary<Request, Response> = (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => void;

/** A call that the recorder answers: its callback takes what gRPC's does. */
function recorded<Request, Response>(
    answer: (request: Request, callback: (error: unknown, response: Response | undefined) => void) => unknown,
): Unary<Request, Response> {
    return (call, callback) => {
        answer(call.request, (error, response) => {
            callback(error as Error | null, response);
        });
    };
}

/** A call whose answer says nothing. */
function acknowledged<Request>(note: (request: Request) => void = () => undefined): Unary<Request, Empty> {
    return (call, callback) => {
        note(call.request);
        callback(null, new Empty());
    };
}

/** What the program may use of the engine: what the recorder supports too. */
const features = ["secrets", "resourceReferences"];

/** Serves the engine's two services on a free port of the loopback address; a recorder answers registrations. */
export async function serveEngine(recorder: Recorder): Promise<EngineServer> {
    const messages: string[] = [];
    const server = new Server();
    server.addService(ResourceMonitorService, {
        supportsFeature: recorded<SupportsFeatureRequest, SupportsFeatureResponse>((request, callback) => {
            const response = new SupportsFeatureResponse();
            response.setHassupport(features.includes(request.getId()));
            callback(null, response);
        }),
        registerResource: recorded<RegisterResourceRequest, RegisterResourceResponse>((request, callback) =>
            recorder.registerResource(request, callback),
        ),
        readResource: recorded<ReadResourceRequest, ReadResourceResponse>((request, callback) =>
            recorder.readResource(request, callback),
        ),
        invoke: recorded<ResourceInvokeRequest, InvokeResponse>((request, callback) => recorder.invoke(request, callback)),
        registerResourceOutputs: recorded<RegisterResourceOutputsRequest, Empty>((request, callback) => {
            recorder.registerResourceOutputs(request, error => {
                callback(error, new Empty());
            });
        }),
        signalAndWaitForShutdown: acknowledged(),
    });
    server.addService(EngineService, {
        log: acknowledged<LogRequest>(request => messages.push(request.getMessage())),
        setRootResource: recorded<unknown, SetRootResourceResponse>((_, callback) => {
            callback(null, new SetRootResourceResponse());
        }),
    });
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
            if (error === null) {
                resolve(bound);
            } else {
                reject(error);
            }
        });
    });
    return {
        address: `127.0.0.1:${port}`,
        messages,
        close: () => {
            server.forceShutdown();
        },
    };
}
