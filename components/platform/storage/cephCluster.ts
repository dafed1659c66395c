import type { Cluster } from "../../cluster";
import { type RookConfig, allDevices } from "../../config/platform/storage";
import { overZones } from "../spread";

/** Copies of all data, and monitors: any one may be lost, and a majority is left. */
export const copies = 3;

/** Fewest zones over which three monitors survive the loss of one. */
export const leastZones = 3;

/** The Ceph that Rook 1.20.6 is released with (deploy/charts/rook-ceph-cluster/values.yaml). */
const image = "quay.io/ceph/ceph:v20.2.4";

/** Label of nodes that Ceph's map of failures is drawn from. */
const zoneLabel = "topology.kubernetes.io/zone";

/** What daemons request and may take, as the chart's values have it (deploy/charts/rook-ceph-cluster/values.yaml). */
const resources = {
    mon: { requests: { cpu: "1000m", memory: "1Gi" }, limits: { memory: "2Gi" } },
    mgr: { requests: { cpu: "500m", memory: "512Mi" }, limits: { memory: "1Gi" } },
    "mgr-sidecar": { requests: { cpu: "100m", memory: "40Mi" }, limits: { memory: "100Mi" } },
    // Rook tells the daemon to stay within its request.
    osd: { requests: { cpu: "1000m", memory: "4Gi" }, limits: { memory: "4Gi" } },
    // Its one burst grows with the disk: a limit would end it.
    prepareosd: { requests: { cpu: "500m", memory: "50Mi" } },
    crashcollector: { requests: { cpu: "100m", memory: "60Mi" }, limits: { memory: "60Mi" } },
    exporter: { requests: { cpu: "50m", memory: "50Mi" }, limits: { memory: "128Mi" } },
    logcollector: { requests: { cpu: "100m", memory: "100Mi" }, limits: { memory: "1Gi" } },
};

/** What Ceph's daemons request, without Rook and its drivers: three monitors and two managers, each with its log collector. */
export const daemonDemand = { cores: copies * 1.1 + 2 * 0.7, gib: copies * 1.1 + 2 * 0.64 };

/** What they request on each node with one disk: the disk's daemon with its log collector, crash collector and exporter, the last with one too. */
export const nodeDemand = { cores: 1.35, gib: 4.31 };

/**
 * The spec of the CephCluster. Each monitor is tied to a zone of its own, and every copy of the data to another; nothing of it is wiped
 * when the object is deleted. Data is encrypted on the disks, by keys that the monitors keep, and on the wire, which asks for Linux 5.11
 * (https://github.com/rook/rook/blob/v1.20.6/Documentation/CRDs/Cluster/ceph-cluster-crd.md).
 */
export function cephClusterSpec({ devices, spread }: RookConfig, cluster: Pick<Cluster, "zones">): object {
    return {
        cephVersion: { image },
        dataDirHostPath: "/var/lib/rook",
        // Keys that kernels before Linux 7 can use.
        security: { cephx: { csi: { keyType: "aes" } } },
        mon: {
            count: copies,
            allowMultiplePerNode: false,
            ...(spread === "zones" ? { failureDomainLabel: zoneLabel, zones: cluster.zones.map(name => ({ name })) } : {}),
        },
        mgr: { count: 2, allowMultiplePerNode: false, modules: [{ name: "rook", enabled: false }] },
        dashboard: { enabled: false },
        network: { connections: { encryption: { enabled: true }, compression: { enabled: false }, requireMsgr2: true } },
        crashCollector: { disable: false },
        logCollector: { enabled: true, periodicity: "daily", maxLogSize: "500M" },
        placement: { mgr: { topologySpreadConstraints: overZones(cluster, { app: "rook-ceph-mgr" }) } },
        resources,
        // A pre-empted disk takes volumes of every app along: it goes before all of them, and so its namespace holds nothing else.
        priorityClassNames: { mon: "system-node-critical", osd: "system-node-critical", mgr: "system-cluster-critical" },
        storage: {
            useAllNodes: true,
            ...(devices === allDevices ? { useAllDevices: true } : { useAllDevices: false, deviceFilter: devices }),
            config: { encryptedDevice: "true" },
        },
        disruptionManagement: { managePodBudgets: true },
        cleanupPolicy: { confirmation: "", allowUninstallWithVolumes: false },
    };
}

/** The spec of the pool: one copy to a zone, and no write that only one copy has. */
export function blockPoolSpec({ spread }: RookConfig): object {
    return { failureDomain: spread === "zones" ? "zone" : "host", replicated: { size: copies, requireSafeReplicaSize: true } };
}
