import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** The namespace's name and the options of what is made in it. */
export interface AccessArgs {
    readonly namespace: pulumi.Input<string>;
    readonly opts: pulumi.CustomResourceOptions;
}

const labels = { "app.kubernetes.io/managed-by": "holdfast" };

/** Name of the role by which Grafana reads dashboards. */
export const readers = "dashboards";

/** Grafana's way to its dashboards: ConfigMaps of the namespace, and nothing else. */
export function createReaders(name: string, { namespace, opts }: AccessArgs): k8s.rbac.v1.Role {
    return new k8s.rbac.v1.Role(
        `${name}-${readers}`,
        { metadata: { name: readers, namespace, labels }, rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }] },
        opts,
    );
}

/** Ports of the parts: Grafana's, those of the operator, the reloaders and kube-state-metrics, Prometheus', and Alertmanager's two. */
const tcpPorts = [3000, 8080, 9090, 9093, 9094];

/** Alertmanagers gossip over both. */
const udpPorts = [9094];

/**
 * The parts talk to each other, and no other pod of the cluster to them: what they know is open to whoever reaches them. A tunnel of
 * `kubectl port-forward` ends inside the pod, so it is no matter of this policy, but of the cluster's own access rules.
 */
export function createClosure(name: string, { namespace, opts }: AccessArgs): void {
    new k8s.networking.v1.NetworkPolicy(
        `${name}-closed`,
        {
            metadata: { name: "closed", namespace, labels },
            spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }], ports: [...opened("TCP", tcpPorts), ...opened("UDP", udpPorts)] }] },
        },
        opts,
    );
}

function opened(protocol: string, ports: readonly number[]): { readonly protocol: string; readonly port: number }[] {
    return ports.map(port => ({ protocol, port }));
}
