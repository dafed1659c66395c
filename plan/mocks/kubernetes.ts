import { createHash } from "node:crypto";

import type { Outputs } from ".";
import type { AddressKind } from "../../components/cluster";
import type { AskedResource } from "../recorder";
import { reference } from "./reference";

/** Length of the end that Pulumi gives a name it makes up. */
const suffixLength = 8;

/** Outputs of Kubernetes objects that the program reads; `addressKind` says what a provider's load balancers have. */
export function kubernetesOutputs(addressKind: (provider: string) => AddressKind | undefined): Outputs {
    const balanced = (resource: AskedResource) => {
        const property = addressKind(resource.provider ?? "") ?? "ip";
        return { ...withMetadata(resource), status: { loadBalancer: { ingress: [{ [property]: reference(resource.name, property) }] } } };
    };
    const unnamed = Object.fromEntries(
        ["core/v1:ConfigMap", "core/v1:Secret", "batch/v1:Job", "scheduling.k8s.io/v1:PriorityClass"].map(type => [`kubernetes:${type}`, withMetadata]),
    );
    return {
        ...unnamed,
        "kubernetes:core/v1:Service": balanced,
        "kubernetes:networking.k8s.io/v1:Ingress": balanced,
    };
}

function withMetadata({ name, urn, inputs }: AskedResource): { readonly metadata: Readonly<Record<string, unknown>> } {
    const metadata = inputs["metadata"] as Readonly<Record<string, unknown>> | undefined;
    return { metadata: { ...metadata, name: metadata?.["name"] ?? madeUpName(name, urn) } };
}

/**
 * The name of an object that leaves its name to Pulumi. Made from the URN alone, never from the
 * content: a name must not tell anything of a secret.
 */
export function madeUpName(name: string, urn: string): string {
    return `${name}-${createHash("sha256").update(urn).digest("hex").slice(0, suffixLength)}`;
}
