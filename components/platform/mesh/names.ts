import { selectorLabels } from "../../app/labels";

/** Label by which a namespace's pods join the mesh (https://istio.io/latest/docs/ambient/usage/add-workloads/). */
export const memberLabels = { "istio.io/dataplane-mode": "ambient" };

/** Ports that the node's tunnel takes in each pod of the mesh: https://github.com/istio/istio/blob/1.30.3/cni/pkg/config/config.go. */
export const tunnelPorts = { outbound: 15_001, plain: 15_006, tunnel: 15_008, dns: 15_053 } as const;

/** Port on which a gateway takes requests: one that needs no right. */
export const gatewayPort = 8080;

/** Port of the control plane that gateways ask for routes and certificates (https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio). */
export const controlPlanePort = 15_012;

/** Name of an app's gateway, and of its account. */
export function gatewayName(app: string): string {
    return `${app}-gateway`;
}

/** Labels of an app's gateway. It is not the app: what the app's own pods may, its gateway may not. */
export function gatewayLabels(app: string): Readonly<Record<string, string>> {
    return selectorLabels(gatewayName(app), "app");
}

/** Who a pod is, by its account: https://istio.io/latest/docs/concepts/security/#istio-identity. */
export function principal(namespace: string, account: string): string {
    return `cluster.local/ns/${namespace}/sa/${account}`;
}
