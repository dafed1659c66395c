import type {
    V1APIService,
    V1CustomResourceDefinition,
    V1Deployment,
    V1EndpointSlice,
    V1Lease,
    V1Namespace,
    V1Node,
    V1PersistentVolume,
    V1PersistentVolumeClaim,
    V1Pod,
    V1ResourceQuota,
    V1Service,
    V1ServiceAccount,
    V1StatefulSet,
    V1StorageClass,
    V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";

/** A type of the client library as it comes over the wire: what the library turns into a Date is text. */
export type Wire<T> = T extends Date ? string : T extends readonly (infer Item)[] ? Wire<Item>[] : T extends object ? { [Key in keyof T]: Wire<T[Key]> } : T;

/** Any Kubernetes object. */
export interface KubeObject {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
    readonly [key: string]: unknown;
}

/** A kind of object, and the TypeScript type of its objects. */
export interface Kind<T> {
    readonly apiVersion: string;
    readonly kind: string;
    /** Never there; it ties the type to the kind. */
    readonly type?: T;
}

/** A kind of object by its names. */
export function kindOf<T = KubeObject>(apiVersion: string, kind: string): Kind<T> {
    return { apiVersion, kind };
}

/** Kinds that drills look at. */
export const kinds = {
    apiService: kindOf<Wire<V1APIService>>("apiregistration.k8s.io/v1", "APIService"),
    customResourceDefinition: kindOf<Wire<V1CustomResourceDefinition>>("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    deployment: kindOf<Wire<V1Deployment>>("apps/v1", "Deployment"),
    endpointSlice: kindOf<Wire<V1EndpointSlice>>("discovery.k8s.io/v1", "EndpointSlice"),
    horizontalPodAutoscaler: kindOf<Wire<V2HorizontalPodAutoscaler>>("autoscaling/v2", "HorizontalPodAutoscaler"),
    lease: kindOf<Wire<V1Lease>>("coordination.k8s.io/v1", "Lease"),
    namespace: kindOf<Wire<V1Namespace>>("v1", "Namespace"),
    node: kindOf<Wire<V1Node>>("v1", "Node"),
    persistentVolume: kindOf<Wire<V1PersistentVolume>>("v1", "PersistentVolume"),
    persistentVolumeClaim: kindOf<Wire<V1PersistentVolumeClaim>>("v1", "PersistentVolumeClaim"),
    pod: kindOf<Wire<V1Pod>>("v1", "Pod"),
    resourceQuota: kindOf<Wire<V1ResourceQuota>>("v1", "ResourceQuota"),
    service: kindOf<Wire<V1Service>>("v1", "Service"),
    serviceAccount: kindOf<Wire<V1ServiceAccount>>("v1", "ServiceAccount"),
    statefulSet: kindOf<Wire<V1StatefulSet>>("apps/v1", "StatefulSet"),
    storageClass: kindOf<Wire<V1StorageClass>>("storage.k8s.io/v1", "StorageClass"),
} as const;
