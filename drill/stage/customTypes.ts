import { type Api, type KubeObject, NotYet, conditionOf, kinds } from "../api";

/**
 * Kinds that the clouds' controllers bring along and the program makes objects of. Sources: https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html;
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/ingress_class/;
 * https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration.
 */
const customKinds = [
    { group: "eks.amazonaws.com", version: "v1", kind: "IngressClassParams", plural: "ingressclassparams", scope: "Cluster" },
    { group: "elbv2.k8s.aws", version: "v1beta1", kind: "IngressClassParams", plural: "ingressclassparams", scope: "Cluster" },
    { group: "cloud.google.com", version: "v1", kind: "BackendConfig", plural: "backendconfigs", scope: "Namespaced" },
    { group: "networking.gke.io", version: "v1beta1", kind: "FrontendConfig", plural: "frontendconfigs", scope: "Namespaced" },
] as const;

/** What a drill with these can't prove. */
export const unprovedOfCustomTypes = "the clouds' own types take any field here: that BackendConfig, FrontendConfig and IngressClassParams are written as their cloud wants them is not seen";

/** Longest wait for the API server to serve them, in seconds. */
const servedSeconds = 60;

/** Definitions of the clouds' own types among some objects. They take any field. An object of a kind that is not known here is the API server's to refuse. */
export function customTypesOf(objects: readonly Pick<KubeObject, "apiVersion" | "kind">[]): readonly KubeObject[] {
    const used = new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
    return customKinds
        .filter(({ group, version, kind }) => used.has(`${group}/${version} ${kind}`))
        .map(({ group, version, kind, plural, scope }) => ({
            apiVersion: "apiextensions.k8s.io/v1",
            kind: "CustomResourceDefinition",
            metadata: { name: `${plural}.${group}` },
            spec: {
                group,
                scope,
                names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
                versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } } }],
            },
        }));
}

/** Makes the API server know the clouds' own types among some objects. Resolves when it serves them. */
export async function installCustomTypes(api: Api, objects: readonly KubeObject[]): Promise<void> {
    const types = customTypesOf(objects);
    await Promise.all(types.map(type => api.apply(type)));
    await api.until(
        "custom types",
        async () => {
            const served = (await api.list(kinds.customResourceDefinition)).filter(type => conditionOf(type, "Established") === "True").map(({ metadata }) => metadata?.name);
            const missing = types.map(({ metadata }) => metadata.name).filter(name => !served.includes(name));
            return missing.length === 0 ? true : new NotYet(`${missing.join(", ")} not served`);
        },
        { seconds: servedSeconds },
    );
}
