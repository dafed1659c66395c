import type { KubeObject } from "../api";
import { ownIngressController } from "../standIns/loadBalancers";
import { objectsOf } from "./objects";

/** Name of the class that a cluster has by default. */
const defaultClass = "standard";

/**
 * What some objects take for granted in a cluster: a default storage class for claims that name none, and the storage and
 * ingress classes that they name but don't define. Volumes wait for their first consumer, as they do by default on GKE, kind
 * and most others; minikube's are bound at once, to its one node.
 */
export function givenObjects(objects: readonly KubeObject[]): readonly KubeObject[] {
    const claims = [
        ...objectsOf(objects, "PersistentVolumeClaim").map(({ spec }) => spec),
        ...objectsOf(objects, "StatefulSet").flatMap(({ spec }) => (spec.volumeClaimTemplates ?? []).map(claim => claim.spec)),
    ];
    const storageClasses = missing(
        claims.map(({ storageClassName = defaultClass }) => storageClassName),
        objectsOf(objects, "StorageClass"),
    );
    const ingressClasses = missing(
        objectsOf(objects, "Ingress").flatMap(({ spec: { ingressClassName } }) => (ingressClassName === undefined ? [] : [ingressClassName])),
        objectsOf(objects, "IngressClass"),
    );
    return [
        ...storageClasses.map(name => ({
            apiVersion: "storage.k8s.io/v1",
            kind: "StorageClass",
            metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(name === defaultClass) } },
            provisioner: "disk.drill.holdfast.dev",
            volumeBindingMode: "WaitForFirstConsumer",
            allowVolumeExpansion: true,
        })),
        ...ingressClasses.map(name => ({ apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata: { name }, spec: { controller: ownIngressController } })),
    ];
}

function missing(named: readonly string[], defined: readonly { readonly metadata: { readonly name: string } }[]): readonly string[] {
    const known = new Set(defined.map(({ metadata }) => metadata.name));
    return [...new Set(named)].filter(name => !known.has(name)).sort();
}
