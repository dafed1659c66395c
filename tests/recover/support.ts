/** What the tests of recovery share. */
import type { Answer, Identity, Lookup, Question, Sought } from "../../recover/ids";
import type { Operation, Properties, StateResource } from "../../recover/state";

/** URN and id of the providers in the states of these tests. */
export const refs = {
    aws: "urn:pulumi:prod::holdfast::pulumi:providers:aws::east-aws::11",
    gcp: "urn:pulumi:prod::holdfast::pulumi:providers:gcp::central-gcp::22",
    kubernetes: "urn:pulumi:prod::holdfast::pulumi:providers:kubernetes::east-kubernetes::33",
} as const;

const settings: Readonly<Record<string, Properties>> = { aws: { region: "us-east-1" }, gcp: { project: "acme-prod", region: "us-central1" } };

/** A resource that is sought, of stack prod. */
export function sought(type: string, name: string, inputs: Properties = {}): Sought {
    const cloud = type.split(":")[0] as keyof typeof refs;
    return { urn: `urn:pulumi:prod::holdfast::${type}::${name}`, type, name, project: "holdfast", stack: "prod", inputs, provider: { ref: refs[cloud], settings: settings[cloud] ?? {} } };
}

/** Id of a resource whose inputs tell it. Throws for one of another way. */
export function idOf({ way }: Identity, resource: Sought): string | undefined {
    if (way.by !== "inputs") {
        throw new Error(`${resource.type} is found by ${way.by}`);
    }
    return way.id(resource);
}

/** The lookup of a type. Throws for one of another way. */
export function lookupOf({ way }: Identity): Lookup {
    if (way.by !== "lookup") {
        throw new Error(`it is found by ${way.by}`);
    }
    return way.lookup;
}

/** A question with its answer. */
export function answer(question: Question, result: unknown): Answer {
    return { ...question, result };
}

/** Providers, as a state has them. */
export const providers: readonly StateResource[] = Object.entries(refs).map(([cloud, ref]) => ({
    urn: ref.slice(0, ref.lastIndexOf("::")),
    type: `pulumi:providers:${cloud}`,
    custom: true,
    id: ref.slice(ref.lastIndexOf("::") + 2),
    inputs: { ...settings[cloud] },
}));

/** A resource, as a state has it. */
export function resource(type: string, name: string, more: Partial<StateResource> = {}): StateResource {
    const cloud = type.split(":")[0] as keyof typeof refs;
    return { urn: `urn:pulumi:prod::holdfast::${type}::${name}`, type, custom: true, provider: refs[cloud], ...more };
}

/** Something that was under way. */
export function operation(type: string, of: StateResource): Operation {
    return { type, resource: of };
}
