import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";

import { PartlyMade } from "./provider";
import { struct } from "./wire";

/** What went wrong, as the engine is told. */
export function failureOf(error: unknown): Partial<ServiceError> {
    const message = error instanceof Error ? error.message : String(error);
    return { code: status.UNKNOWN, details: message, ...(error instanceof PartlyMade ? { metadata: partlyMade(error) } : {}) };
}

/** Says what was made all the same (sdk/nodejs/provider/server.ts: `grpcResponseFromError`). */
function partlyMade({ message, made }: PartlyMade): Metadata {
    const detail = new ErrorResourceInitFailed();
    detail.setId(made.id);
    detail.setProperties(struct(made.outputs));
    detail.setInputs(struct(made.inputs));
    detail.setReasonsList([message]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const told = new Status();
    told.setCode(status.UNKNOWN);
    told.setMessage(message);
    told.addDetails(any);
    const metadata = new Metadata();
    metadata.add("grpc-status-details-bin", Buffer.from(told.serializeBinary()));
    return metadata;
}
