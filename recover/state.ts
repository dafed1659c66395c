import { z } from "zod";

/** Property values, as plain JSON. */
export type Properties = Readonly<Record<string, unknown>>;

const properties = z.record(z.string(), z.unknown());

/**
 * A resource in a stack's state, with the keys that recovery reads; it keeps all others as they are. Names of the keys: `ResourceV3` in
 * sdk/go/common/apitype/core.go of pulumi/pulumi.
 */
const resourceSchema = z.looseObject({
    urn: z.string(),
    type: z.string(),
    custom: z.boolean(),
    id: z.string().optional(),
    inputs: properties.optional(),
    outputs: properties.optional(),
    parent: z.string().optional(),
    /** URN of its provider, two colons, id of its provider. */
    provider: z.string().optional(),
    dependencies: z.array(z.string()).nullish(),
    propertyDependencies: z.record(z.string(), z.array(z.string()).nullish()).nullish(),
    deletedWith: z.string().optional(),
    protect: z.boolean().optional(),
    retainOnDelete: z.boolean().optional(),
    /** Replaced: the next update deletes it. */
    delete: z.boolean().optional(),
    /** Deleted already, before its replacement was made. */
    pendingReplacement: z.boolean().optional(),
    initErrors: z.array(z.string()).nullish(),
});

const exportSchema = z.looseObject({
    version: z.number(),
    deployment: z.looseObject({
        resources: z.array(resourceSchema).nullish(),
        pending_operations: z.array(z.looseObject({ resource: resourceSchema, type: z.string() })).nullish(),
    }),
});

/** A resource in a stack's state. */
export type StateResource = z.output<typeof resourceSchema>;

/** A stack's state, as `pulumi stack export` has it. */
export type Exported = z.output<typeof exportSchema>;

/** Something that was under way when the state was last written: `creating`, `updating`, `deleting`, `reading` or `importing`. */
export interface Operation {
    readonly type: string;
    readonly resource: StateResource;
}

/** The state is not what recovery knows. */
export class StateError extends Error {}

/** Reads what `pulumi stack export` printed. Throws StateError where it is not such a state. */
export function parseState(text: string): Exported {
    try {
        return exportSchema.parse(JSON.parse(text));
    } catch (error) {
        throw new StateError(`pulumi stack export printed no state that is known here: ${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}`);
    }
}

/** Everything that the state has. */
export function resourcesOf({ deployment }: Exported): readonly StateResource[] {
    return deployment.resources ?? [];
}

/** Everything that was under way. */
export function operationsOf({ deployment }: Exported): readonly Operation[] {
    return deployment.pending_operations ?? [];
}

/** The provider that a reference is to: URN, two colons, id. */
export function providerOf(ref: string, state: Exported): StateResource | undefined {
    return resourcesOf(state).find(({ urn, id }) => `${urn}::${id ?? ""}` === ref);
}

/** Name that a provider's types begin with: `aws` for `pulumi:providers:aws`. */
export function cloudOf(provider: StateResource | undefined): string {
    return provider?.type.split(":").at(-1) ?? "";
}

/** Name in the program: the end of the URN. */
export function nameOf(urn: string): string {
    return urn.split("::").at(-1) ?? urn;
}

/** Stack and project, which every URN begins with (https://www.pulumi.com/docs/iac/concepts/resources/names/#urns). */
export function stackOf(urn: string): { readonly stack: string; readonly project: string } {
    const [prefix = "", project = ""] = urn.split("::");
    return { stack: prefix.split(":").at(-1) ?? "", project };
}

/** What marks a secret, and that it is one (`SigKey` and `SecretSig` in sdk/go/common/resource/sig/sig.go of pulumi/pulumi). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Property values with secrets in the clear, where the state was exported so. */
export function revealed(values: Properties | undefined): Properties {
    return reveal(values ?? {}) as Properties;
}

function reveal(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(reveal);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return isSecret(value) ? reveal(JSON.parse(value.plaintext)) : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reveal(item)]));
}

/** Property values in which all is secret that is secret at the same place in others: providers forget it of what they read. */
export function sealedLike(values: Properties, like: Properties | undefined): Properties {
    return seal(values, like ?? {}) as Properties;
}

function seal(value: unknown, like: unknown): unknown {
    if (isSecret(value) || value === undefined || value === null) {
        return value;
    }
    if (isSecret(like)) {
        return { [signature]: secretSignature, plaintext: JSON.stringify(reveal(value)) };
    }
    if (Array.isArray(value)) {
        return Array.isArray(like) ? value.map((item, index) => seal(item, like[index])) : value;
    }
    if (typeof value !== "object" || typeof like !== "object" || like === null) {
        return value;
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, seal(item, (like as Properties)[key])]));
}

function isSecret(value: unknown): value is { readonly plaintext: string } {
    return typeof value === "object" && value !== null && (value as Properties)[signature] === secretSignature && typeof (value as Properties)["plaintext"] === "string";
}
