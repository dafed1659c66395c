import { Server, ServerCredentials, type ServerUnaryCall, type ServiceError, type UntypedServiceImplementation, type sendUnaryData, status } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { constructed } from "./construct";
import { failureOf } from "./failure";
import type { Asked, Difference, Failure, Provider } from "./provider";
import { properties, struct } from "./wire";

/** A provider that the engine can attach to. */
export interface ServedProvider {
    readonly port: number;
    close(): void;
}

/** What every request about a resource says. */
interface ResourceRequest {
    getUrn(): string;
    getType(): string;
    getName(): string;
}

/** Serves a provider by Pulumi's protocol on a free port of the loopback address. */
export async function serveProvider(version: string, provider: Provider): Promise<ServedProvider> {
    const server = new Server();
    server.addService(ResourceProviderService, methods(version, provider));
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
        port,
        close: () => {
            server.forceShutdown();
        },
    };
}

/** A method of the service: what it answers, or why not. */
function answering<Request, Response>(answer: (request: Request, session: string) => Promise<Response> | Response) {
    return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
        // The engine has a connection of its own for each provider resource; they differ by the port they come from.
        Promise.resolve()
            .then(() => answer(call.request, call.getPeer()))
            .then(
                response => {
                    callback(null, response);
                },
                (error: unknown) => {
                    callback(failureOf(error));
                },
            );
    };
}

function asked(request: ResourceRequest, session: string, preview = false): Asked {
    return { urn: request.getUrn(), type: request.getType(), name: request.getName(), session, preview };
}

/** What a provider may be asked for that these leave out: the engine does without. */
function unimplemented(_: unknown, callback: (error: Partial<ServiceError>) => void): void {
    callback({ code: status.UNIMPLEMENTED, details: "not implemented" });
}

function methods(version: string, provider: Provider): UntypedServiceImplementation {
    return {
        handshake: unimplemented,
        parameterize: unimplemented,
        getSchema: unimplemented,
        call: unimplemented,
        list: unimplemented,
        getMapping: unimplemented,
        getMappings: unimplemented,
        attach: answering(() => new Empty()),
        cancel: answering(() => new Empty()),
        getPluginInfo: answering(() => {
            const info = new PluginInfo();
            info.setVersion(version);
            return info;
        }),
        ...configMethods(provider),
        ...planMethods(provider),
        ...changeMethods(provider),
        construct: answering((request: proto.ConstructRequest, session) => constructed(provider, request, session)),
        invoke: answering(async (request: proto.InvokeRequest, session) => {
            const response = new proto.InvokeResponse();
            response.setReturn(struct(await provider.invoke(session, request.getTok(), properties(request.getArgs()))));
            return response;
        }),
    };
}

function configMethods(provider: Provider) {
    return {
        checkConfig: answering((request: proto.CheckRequest) => {
            const response = new proto.CheckResponse();
            response.setInputs(request.getNews());
            response.setFailuresList(provider.checkConfig(properties(request.getNews())).map(failure));
            return response;
        }),
        diffConfig: answering((request: proto.DiffRequest) =>
            differenceResponse(provider.diffConfig(properties(request.getOldInputs() ?? request.getOlds()), properties(request.getNews()))),
        ),
        configure: answering((request: proto.ConfigureRequest, session) => {
            provider.configure(session, properties(request.getArgs()));
            const response = new proto.ConfigureResponse();
            // The engine wants this of a provider that has components.
            response.setAcceptsecrets(true);
            // References come as plain values then.
            response.setAcceptresources(false);
            response.setAcceptoutputs(false);
            response.setSupportspreview(true);
            return response;
        }),
    };
}

function planMethods(provider: Provider) {
    return {
        check: answering((request: proto.CheckRequest, session) => {
            const before = request.getOlds();
            const checked = provider.check(asked(request, session), before && properties(before), properties(request.getNews()), request.getRandomseed_asU8());
            const response = new proto.CheckResponse();
            response.setInputs(struct(checked.inputs, request.getNews()));
            response.setFailuresList(checked.failures.map(failure));
            return response;
        }),
        diff: answering((request: proto.DiffRequest, session) =>
            differenceResponse(provider.diff(asked(request, session), properties(request.getOldInputs()), properties(request.getNews()))),
        ),
    };
}

function changeMethods(provider: Provider) {
    return {
        create: answering(async (request: proto.CreateRequest, session) => {
            const made = await provider.create(asked(request, session, request.getPreview()), properties(request.getProperties()));
            const response = new proto.CreateResponse();
            response.setId(made.id);
            response.setProperties(struct(made.outputs, request.getProperties()));
            return response;
        }),
        read: answering(async (request: proto.ReadRequest, session) => {
            const found = await provider.read(asked(request, session), request.getId());
            const response = new proto.ReadResponse();
            // Without an id the engine takes it that the resource is gone.
            response.setId(found?.id ?? "");
            response.setProperties(struct(found?.outputs ?? {}, request.getProperties()));
            response.setInputs(struct(found?.inputs ?? {}, request.getInputs()));
            return response;
        }),
        update: answering(async (request: proto.UpdateRequest, session) => {
            const response = new proto.UpdateResponse();
            const who = asked(request, session, request.getPreview());
            const outputs = await provider.update(who, request.getId(), properties(request.getOldInputs()), properties(request.getNews()));
            response.setProperties(struct(outputs, request.getNews()));
            return response;
        }),
        delete: answering(async (request: proto.DeleteRequest, session) => {
            await provider.delete(asked(request, session), request.getId());
            return new Empty();
        }),
    };
}

function failure({ property, reason }: Failure): proto.CheckFailure {
    const message = new proto.CheckFailure();
    message.setProperty(property);
    message.setReason(reason);
    return message;
}

/** Properties to be ignored need no look: the engine has put their old values into the new ones. */
function differenceResponse({ changed, replacing, deleteFirst }: Difference): proto.DiffResponse {
    const response = new proto.DiffResponse();
    response.setChanges(changed.length > 0 ? proto.DiffResponse.DiffChanges.DIFF_SOME : proto.DiffResponse.DiffChanges.DIFF_NONE);
    response.setDiffsList([...changed]);
    response.setReplacesList([...replacing]);
    response.setDeletebeforereplace(deleteFirst);
    return response;
}
