import { type Mapping, isMapping, textOf } from "../../policy/values";
import { type KubernetesObject, listAt, mappingAt, numberAt, valueAt } from "../objects";
import { type PodCount, type Pods, claimedGib } from "../workloads";

/** A daemon of a Ceph cluster, and what differs between them. */
interface Daemon {
    readonly pods: PodCount;
    /** Keys of `spec.resources`, one for each container. */
    readonly containers: readonly string[];
    readonly volumesGib?: readonly number[];
    readonly privileged?: boolean;
    /** Node labels by which Rook keeps several apart. */
    readonly apart?: readonly string[];
    /** What its set of disks says for itself. */
    readonly own?: Mapping;
}

/**
 * Pods of a Ceph cluster: monitors, managers, and a daemon for each disk, which all keep their data and logs on the node. On each node
 * with Ceph's pods a crash collector and an exporter. All but the collector have a sidecar for logs, several managers one more. Where Ceph
 * takes disks of the nodes, one a node is reckoned. Rook makes disruption budgets.
 * https://github.com/rook/rook/tree/v1.20.6/pkg/operator/ceph: cluster/mon, cluster/mgr, cluster/osd, cluster/nodedaemon, disruption.
 */
export function cephPods({ kind, name, namespace, body }: KubernetesObject): readonly Pods[] {
    const spec = mappingAt(body, "spec");
    const logs = valueAt(spec, "logCollector", "enabled") === true ? ["logcollector"] : [];
    const count = (daemon: string): number => numberAt(spec, daemon, "count") ?? 0;
    const zoned = listAt(spec, "mon", "zones").length > 0;
    const apart = [textOf(valueAt(spec, "mon", "failureDomainLabel")) || zoneLabel].filter(() => zoned);
    const claim = valueAt(spec, "mon", "volumeClaimTemplate");
    const sets = listAt(spec, "storage", "storageClassDeviceSets");
    const disks = sets.map((own): Daemon => ({
        pods: numberAt(own, "count") ?? 0,
        containers: ["osd", ...logs],
        privileged: true,
        volumesGib: listAt(own, "volumeClaimTemplates").map(claimedGib),
        own,
    }));
    const onNodes: Daemon = { pods: "each node", containers: ["osd", ...logs], privileged: true };
    const daemons: readonly (readonly [string, Daemon])[] = [
        ["mon", { pods: count("mon"), containers: ["mon", ...logs], volumesGib: isMapping(claim) ? [claimedGib(claim)] : [], apart: [...apart, hostLabel] }],
        ["mgr", { pods: count("mgr"), containers: ["mgr", ...logs, ...(count("mgr") > 1 ? ["mgr-sidecar"] : [])], apart: [zoned ? (apart[0] ?? hostLabel) : hostLabel] }],
        ...(sets.length > 0 ? disks : [onNodes]).map((disk): [string, Daemon] => ["osd", disk]),
        ...(valueAt(spec, "crashCollector", "disable") === true ? [] : [["crashcollector", { pods: "each node", containers: ["crashcollector"] }] as const]),
        ...(valueAt(spec, "monitoring", "metricsDisabled") === true ? [] : [["exporter", { pods: "each node", containers: ["exporter", ...logs] }] as const]),
    ];
    return daemons.map(([daemon, facts]) => ({
        kind,
        name: `${name} ${daemon}`,
        namespace,
        pods: facts.pods,
        metadata: { labels: { app: `rook-ceph-${daemon}` } },
        spec: daemonSpec(spec, daemon, facts),
        volumesGib: facts.volumesGib ?? [],
        budget: valueAt(spec, "disruptionManagement", "managePodBudgets") === true,
    }));
}

const zoneLabel = "topology.kubernetes.io/zone";
const hostLabel = "kubernetes.io/hostname";

function daemonSpec(spec: Mapping, daemon: string, { containers, privileged = false, apart = [], own = {} }: Daemon): Mapping {
    const placement = { ...mappingAt(spec, "placement", "all"), ...mappingAt(spec, "placement", daemon), ...mappingAt(own, "placement") };
    const priorities = mappingAt(spec, "priorityClassNames");
    const labelSelector = { matchLabels: { app: `rook-ceph-${daemon}` } };
    return {
        priorityClassName: priorities[daemon] ?? priorities["all"],
        topologySpreadConstraints: placement["topologySpreadConstraints"],
        affinity: {
            podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                    ...apart.map(topologyKey => ({ topologyKey, labelSelector })),
                    ...listAt(placement, "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
                ],
            },
        },
        hostNetwork: valueAt(spec, "network", "provider") === "host",
        containers: containers.map(name => ({
            name,
            resources: (name === "osd" ? own["resources"] : undefined) ?? valueAt(spec, "resources", name),
            securityContext: { privileged },
            volumeMounts: [{ name: "data" }],
        })),
        volumes: [{ name: "data", hostPath: { path: textOf(spec["dataDirHostPath"]) } }],
    };
}

/**
 * Pods of a driver of Ceph's volumes: its controllers, of which one leads, and one on each node that mounts for the kubelet.
 * https://github.com/ceph/ceph-csi-operator/blob/v1.0.4/internal/controller/driver_controller.go.
 */
export function driverPods({ kind, name, namespace, body }: KubernetesObject): readonly Pods[] {
    const spec = mappingAt(body, "spec");
    const wanted: Readonly<Record<string, boolean>> = {
        snapshotter: spec["snapshotPolicy"] !== "none",
        addons: spec["deployCsiAddons"] === true,
        omapGenerator: spec["generateOMapInfo"] === true,
        liveness: spec["liveness"] !== undefined,
        logRotator: valueAt(spec, "log", "rotation") !== undefined,
    };
    const parts = (always: readonly string[], optional: readonly string[]): readonly string[] => [...always, ...optional.filter(part => wanted[part] === true)];
    const controllers = ["controllerPlugin", "ctrlplugin", parts(["plugin", "provisioner", "resizer", "attacher"], ["snapshotter", "addons", "omapGenerator", "liveness", "logRotator"])] as const;
    const nodes = ["nodePlugin", "nodeplugin", parts(["plugin", "registrar"], ["liveness", "logRotator"])] as const;
    return [controllers, nodes].map(([key, suffix, containers]) => {
        const plugin = mappingAt(spec, key);
        const eachNode = key === "nodePlugin";
        const app = `${name}-${suffix}`;
        return {
            kind,
            name: `${name} ${suffix}`,
            namespace,
            pods: eachNode ? ("each node" as const) : (numberAt(plugin, "replicas") ?? 2),
            metadata: { labels: { ...mappingAt(plugin, "labels"), app } },
            spec: {
                priorityClassName: plugin["priorityClassName"],
                hostNetwork: eachNode || plugin["hostNetwork"] === true,
                hostPID: eachNode,
                affinity: {
                    podAntiAffinity: valueAt(plugin, "affinity", "podAntiAffinity") ?? {
                        requiredDuringSchedulingIgnoredDuringExecution: eachNode ? [] : [{ topologyKey: hostLabel, labelSelector: { matchLabels: { app } } }],
                    },
                },
                containers: containers.map(part => ({ name: part, resources: valueAt(plugin, "resources", part), securityContext: { privileged: eachNode } })),
            },
            volumesGib: [],
        };
    });
}
