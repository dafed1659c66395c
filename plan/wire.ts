import { specialResourceSig, specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";

/**
 * Property values as a Pulumi program sends them to the engine: plain JSON in which an object with a
 * signature stands for a secret or for another resource.
 */

/** What stands in a plan where a secret is. */
export const masked = "[secret]";

/** Whether a value on the wire is a secret. */
export function isSecret(value: unknown): value is { readonly value: unknown } {
    return isObject(value) && value[specialSigKey] === specialSecretSig;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null;
}

/**
 * A copy of a value with every secret replaced by what `onSecret` makes of it, and every resource by
 * its URN.
 */
export function unwire(value: unknown, onSecret: (secret: unknown) => unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(item => unwire(item, onSecret));
    }
    if (!isObject(value)) {
        return value;
    }
    if (isSecret(value)) {
        return onSecret(value.value);
    }
    if (value[specialSigKey] === specialResourceSig) {
        return value["urn"];
    }
    const copy: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
        copy[key] = unwire(item, onSecret);
    }
    return copy;
}

/** A copy with secrets masked. Of a secret mapping or list the form stays, so that an object remains valid. */
export function maskSecrets(value: unknown): unknown {
    return unwire(value, maskLeaves);
}

function maskLeaves(secret: unknown): unknown {
    if (Array.isArray(secret)) {
        return secret.map(maskLeaves);
    }
    return isObject(secret) && !isSecret(secret)
        ? Object.fromEntries(Object.entries(secret).map(([key, value]) => [key, maskLeaves(value)]))
        : masked;
}

/** A copy with secrets in the clear: for tests, and for mocks that compute from them. */
export function revealSecrets(value: unknown): unknown {
    return unwire(value, secret => revealSecrets(secret));
}
