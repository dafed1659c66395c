import type { Properties } from "../provider/wire";

/** Digits that Pulumi puts behind a name that it makes up (sdk/go/common/resource/urn.go: seven, in hexadecimal). */
const digits = 7;

/** Input in which the clouds' providers write down what they filled in themselves (pulumi-terraform-bridge: `defaultsKey`). */
const filledIn = "__defaults";

/** Annotation by which the Kubernetes provider marks an object whose name it made up (pulumi-kubernetes: `annotations.go`). */
const autonamed = "pulumi.com/autonamed";

/** The name of something that the program leaves to Pulumi: the same for one seed, another for the next. */
function madeUpName(name: string, seed: Uint8Array): string {
    return `${name}-${Buffer.from(seed).toString("hex").slice(0, digits)}`;
}

/** Inputs of a cloud's resource, with a name: its own, the one that was made up before, or a new one. */
export function named(name: string, before: Properties | undefined, after: Properties, seed: Uint8Array): Properties {
    return after["name"] === undefined ? { ...after, name: before?.["name"] ?? madeUpName(name, seed), [filledIn]: ["name"] } : after;
}

/** Inputs of a Kubernetes object, with a name likewise. */
export function namedObject(name: string, before: Properties | undefined, after: Properties, seed: Uint8Array): Properties {
    const metadata = (after["metadata"] ?? {}) as Properties;
    if (metadata["name"] !== undefined) {
        return after;
    }
    const last = ((before?.["metadata"] ?? {}) as Properties)["name"];
    const annotations = { ...(metadata["annotations"] as Properties | undefined), [autonamed]: "true" };
    return { ...after, metadata: { ...metadata, name: last ?? madeUpName(name, seed), annotations } };
}

/** Inputs as the program gave them: without a name that was made up. */
export function withoutMadeUp(inputs: Properties): Properties {
    const metadata = inputs["metadata"] as Properties | undefined;
    if ((metadata?.["annotations"] as Properties | undefined)?.[autonamed] === "true") {
        const { name: _name, ...rest } = metadata ?? {};
        return { ...inputs, metadata: rest };
    }
    if (inputs[filledIn] === undefined) {
        return inputs;
    }
    const { name: _name, [filledIn]: _filledIn, ...rest } = inputs;
    return rest;
}
