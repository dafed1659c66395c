import type { Cluster } from "../../cluster";
import type { ChartArgs } from "../chart";
import { overZones } from "../spread";

/** Operators and drivers are there twice, of which one leads; Rook itself is one of a kind, and back within a minute. */
const replicas = 2;

/** What a container requests and may take: as Rook had it for its drivers until 1.19 (deploy/charts/rook-ceph/values.yaml at v1.19.9). */
const sidecar = { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } };
const controller = { requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "1Gi" } };
const nodePlugin = { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "1Gi" } };
const registrar = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } };

/** What the operators and the drivers' controllers request: Rook; the drivers' operator; three sidecars and a driver. */
export const driverDemand = { cores: 0.2 + replicas * (0.01 + 0.3 + 0.1), gib: 0.125 + replicas * (0.0625 + 0.375 + 0.5) };

/** What the driver requests on each node. */
export const driverNodeDemand = { cores: 0.3, gib: 0.625 };

/** Name of the driver of block volumes: Rook looks for it under its own namespace. */
export function driverName(namespace: string): string {
    return `${namespace}.rbd.csi.ceph.com`;
}

/** Values of the chart rook-ceph: Rook, the drivers' operator, and their definitions, which the chart leaves when it goes. */
export function operatorValues(name: string, cluster: Pick<Cluster, "zones">): ChartArgs["values"] {
    return {
        currentNamespaceOnly: true,
        resources: { requests: { cpu: "200m", memory: "128Mi" }, limits: { memory: "512Mi" } },
        containerSecurityContext: {
            runAsNonRoot: true,
            runAsUser: 2016,
            runAsGroup: 2016,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            seccompProfile: { type: "RuntimeDefault" },
        },
        "ceph-csi-operator": {
            controllerManager: {
                replicas,
                podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
                topologySpreadConstraints: overZones(cluster, { "app.kubernetes.io/name": "ceph-csi", "app.kubernetes.io/instance": name }),
            },
        },
    };
}

/**
 * Values of the chart ceph-csi-drivers, beside those that Rook says it needs (deploy/charts/ceph-csi-drivers/values.yaml at v1.20.6). What
 * the chart writes into a driver goes before the defaults of all drivers, so it is said of the driver.
 */
export function driverValues({ namespace, snapshots }: { readonly namespace: string; readonly snapshots: boolean }): ChartArgs["values"] {
    // Logs go where those of all pods go.
    const log = { rotation: { enabled: false } };
    const off = { enabled: false };
    return {
        operatorConfig: { namespace, driverSpecDefaults: { log, imageSet: { name: "rook-csi-operator-image-set-configmap" } } },
        drivers: {
            rbd: {
                name: driverName(namespace),
                log,
                // Its snapshotter needs the snapshot API in the cluster.
                snapshotPolicy: snapshots ? "volumeSnapshot" : "none",
                controllerPlugin: {
                    replicas,
                    priorityClassName: "system-cluster-critical",
                    resources: { provisioner: sidecar, resizer: sidecar, attacher: sidecar, snapshotter: sidecar, plugin: controller },
                },
                nodePlugin: {
                    priorityClassName: "system-node-critical",
                    // Volumes may be mounted on every node.
                    tolerations: [{ operator: "Exists" }],
                    resources: { plugin: nodePlugin, registrar },
                },
            },
            cephfs: off,
            nfs: off,
            nvmeof: off,
        },
    };
}
