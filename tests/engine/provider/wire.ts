import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";

import { isSecret, revealSecrets } from "../../../plan/wire";

/** Property values of a resource, as plain JSON. */
export type Properties = Readonly<Record<string, unknown>>;

/** What stands for a value that only an update knows (sdk/nodejs/runtime/rpc.ts: `unknownComputedValue`). */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value will only be known after the update. */
export function isUnknown(value: unknown): boolean {
    return value === unknown;
}

/** Whether a value, or anything in it, will only be known after the update. */
export function hasUnknown(value: unknown): boolean {
    if (typeof value === "object" && value !== null) {
        return Object.values(value).some(hasUnknown);
    }
    return isUnknown(value);
}

/** What a message carries, secrets in the clear: a provider's own settings come with them even to one that takes none. */
export function properties(struct: Struct | undefined): Properties {
    return revealSecrets(struct?.toJavaScript() ?? {}) as Properties;
}

/**
 * Properties as a message carries them, those that are undefined left out.
 *
 * @param like what the request said: what was secret in it is secret in the answer.
 */
export function struct(values: Properties, ...like: readonly (Struct | undefined)[]): Struct {
    const sealed = like.reduce<unknown>((result, request) => seal(result, request?.toJavaScript() ?? {}), values);
    return Struct.fromJavaScript(JSON.parse(JSON.stringify(sealed)) as Parameters<typeof Struct.fromJavaScript>[0]);
}

/** A value, with all that is secret in another at the same place marked as secret. */
function seal(value: unknown, like: unknown): unknown {
    if (value === undefined || isSecret(value)) {
        return value;
    }
    if (isSecret(like)) {
        return { [specialSigKey]: specialSecretSig, value };
    }
    if (Array.isArray(value)) {
        return Array.isArray(like) ? value.map((item, index) => seal(item, like[index])) : value;
    }
    if (typeof value !== "object" || value === null || typeof like !== "object" || like === null) {
        return value;
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, seal(item, (like as Properties)[key])]));
}
