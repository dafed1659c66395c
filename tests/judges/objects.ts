import type { Finding, KubernetesObject, Manifest } from "../../judges/verdict";

/** Objects of the samples, as `parseManifest` gives them. */
export const deployment: KubernetesObject = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "shop" };
export const stateful: KubernetesObject = { apiVersion: "apps/v1", kind: "StatefulSet", namespace: "shop", name: "shop-state" };
export const budget: KubernetesObject = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", namespace: "shop", name: "shop" };
export const params: KubernetesObject = { apiVersion: "eks.amazonaws.com/v1", kind: "IngressClassParams", namespace: undefined, name: "shop" };

export const manifest: Manifest = { where: "prod/east", path: "east.yaml", objects: [budget, params, deployment, stateful] };

/** A finding of kube-score against the Deployment, unless said otherwise. */
export function finding(changes: Partial<Finding> = {}): Finding {
    return { judge: "kube-score", where: "prod/east", object: deployment, rule: "container-image-tag", message: "Image with latest tag", ...changes };
}
