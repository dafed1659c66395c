import { specialArchiveSig, specialAssetSig, specialOutputValueSig, specialResourceSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";

import { isSecret } from "../../../plan/wire";

/**
 * What stands for a value that only an update knows, by the type that it will have
 * (sdk/go/common/resource/plugin/rpc.go: `UnknownBoolValue` and the others).
 */
const unknowns: ReadonlySet<unknown> = new Set([
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether a value on the wire stands for one that only an update knows. */
export function isUnknown(value: unknown): boolean {
    return unknowns.has(value) || (isSigned(value, specialOutputValueSig) && !("value" in value));
}

/** The value itself, of one that is wrapped as a secret or as an output with its sources. */
export function bare(value: unknown): unknown {
    if (isSecret(value) || (isSigned(value, specialOutputValueSig) && "value" in value)) {
        return bare(value.value);
    }
    return value;
}

/** What a value on the wire is. */
export type Kind = "nothing" | "string" | "number" | "boolean" | "list" | "object" | "asset" | "archive" | "resource" | "other";

/** What a bare value is. */
export function kindOf(value: unknown): Kind {
    if (value === null || value === undefined) {
        return "nothing";
    }
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
        return typeof value as "string" | "number" | "boolean";
    }
    if (Array.isArray(value)) {
        return "list";
    }
    switch (signatureOf(value)) {
        case undefined:
            return typeof value === "object" ? "object" : "other";
        case specialAssetSig:
            return "asset";
        case specialArchiveSig:
            return "archive";
        case specialResourceSig:
            return "resource";
        default:
            return "other";
    }
}

/** Pulumi type of a resource that stands for itself: the last of the types in its URN. */
export function typeOfResource(value: unknown): string {
    const urn = isSigned(value, specialResourceSig) && "urn" in value ? String(value.urn) : "";
    return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function isSigned(value: unknown, signature: string): value is { readonly value?: unknown; readonly urn?: unknown } {
    return signatureOf(value) === signature;
}

function signatureOf(value: unknown): unknown {
    return typeof value === "object" && value !== null && specialSigKey in value ? value[specialSigKey] : undefined;
}
