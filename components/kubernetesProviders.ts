import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** The two ways to one cluster. */
export interface KubernetesProviders {
    /** For everything that comes and goes with the stack: refuses to make what is there already. */
    readonly provider: k8s.Provider;
    /**
     * For what outlives the stack on purpose (a namespace with volumes, and their claims): takes over
     * what an earlier stack left, which the other would refuse.
     */
    readonly keeper: k8s.Provider;
}

/** Makes both providers of a cluster. */
export function kubernetesProviders(
    cluster: string,
    args: k8s.ProviderArgs,
    opts: pulumi.CustomResourceOptions,
): KubernetesProviders {
    return {
        provider: new k8s.Provider(`${cluster}${providerSuffix}`, args, opts),
        keeper: new k8s.Provider(`${cluster}${providerSuffix}${keeperSuffix}`, { ...args, upsertExistingObjects: true }, opts),
    };
}

const providerSuffix = "-kubernetes";
const keeperSuffix = "-keep";
const providerName = new RegExp(`^(.+)${providerSuffix}(${keeperSuffix})?$`);

/** The cluster that a provider of the given name or URN reaches; undefined for a provider of another kind. */
export function clusterOfProvider(provider: string | null): string | undefined {
    return providerName.exec(provider?.split("::").at(-1) ?? "")?.[1];
}
