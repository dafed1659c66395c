import type { VeleroPlugin } from "../../backups";
import type { Watcher } from "../../cluster";
import { type StoreAccess, home } from "./access";

/** The namespace, the service account and the start of the name of each of the chart's objects. */
export const velero = "velero";

/** CPU in millicores and memory in MiB that pods request; the limit is on memory alone. */
interface Resources {
    readonly cpu: number;
    readonly memory: number;
    readonly limit: number;
}

/** Velero's own default limit (pkg/install/resources.go in v1.18.1); it only drives the others. */
const server: Resources = { cpu: 100, memory: 256, limit: 512 };

/** On every node: it starts pods for the copies, and moves no data itself. */
const agent: Resources = { cpu: 50, memory: 128, limit: 256 };

const pluginCopy: Resources = { cpu: 50, memory: 64, limit: 128 };

/** A pod that copies one volume, while it does (https://velero.io/docs/v1.18/data-movement-pod-resource-configuration/). */
const mover: Resources = { cpu: 250, memory: 512, limit: 2048 };

/**
 * What pods that copy or tidy up keep of the store on their node's disk, in MiB, and what they request there: GKE Autopilot gives 1 GiB to
 * whoever requests none (https://docs.cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests), and Velero's default is 5 GB.
 */
const cacheMib = 1024;
const diskMib = 2 * cacheMib;

/** A job that tidies up what is kept, every hour. */
const maintenance: Resources = { cpu: 100, memory: 256, limit: 1024 };

const demandOf = ({ cpu, memory }: Resources) => ({ cores: cpu / 1000, gib: memory / 1024 });

/** What the server and the agent of one node request. Copies and maintenance come and go, and are in no estimate. */
export const veleroDemand = { server: demandOf(server), agent: demandOf(agent) };

/** Any user but root would do: nothing in the images belongs to one. */
const user = 65_532;

const podSecurityContext = { runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: user, seccompProfile: { type: "RuntimeDefault" } };
const containerSecurityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true };

/** Names of the ConfigMaps that the agents and the server read, without the chart's prefix. */
const agentSettings = "agent";
const storeSettings = "stores";

/** Twice what their controllers get to end, controller-runtime's default. The chart's hour would hold up a drain. */
const graceSeconds = 60;

/** What {@link veleroValues} are made from. */
export interface VeleroValuesArgs {
    readonly plugins: readonly VeleroPlugin[];
    readonly access: StoreAccess;
    /** Name of the cluster, and of the location of its own backups. */
    readonly cluster: string;
    readonly watcher: Watcher | undefined;
}

/**
 * Values of Velero's chart. One server, as the chart has it: two would both make the backups that are due. Its agents need nothing of
 * their nodes: a copy is read from a volume that is made of a snapshot, which a pod mounts like any other.
 */
export function veleroValues({ plugins, access, cluster, watcher }: VeleroValuesArgs): Readonly<Record<string, unknown>> {
    return {
        fullnameOverride: velero,
        // Hooks of the chart: its types come with it, and go with it.
        upgradeCRDs: false,
        cleanUpCRDs: false,
        credentials: { useSecret: false },
        // Locations and schedules are made beside the chart.
        backupsEnabled: false,
        snapshotsEnabled: false,
        initContainers: plugins.map(({ provider, image }) => ({
            name: `plugin-${provider}`,
            image,
            imagePullPolicy: "IfNotPresent",
            resources: resourcesOf(pluginCopy),
            securityContext: containerSecurityContext,
            volumeMounts: [{ name: "plugins", mountPath: "/target" }],
        })),
        resources: resourcesOf(server),
        podSecurityContext,
        containerSecurityContext,
        extraVolumes: access.volumes,
        extraVolumeMounts: access.volumeMounts,
        serviceAccount: { server: { create: true, name: velero, annotations: access.serviceAccountAnnotations } },
        configuration: {
            features: "EnableCSI",
            defaultBackupStorageLocation: cluster,
            defaultSnapshotMoveData: true,
            extraEnvVars: [{ name: "HOME", value: home }, ...access.env],
            extraArgs: [`--backup-repository-configmap=${velero}-${storeSettings}`],
            repositoryMaintenanceJob: { repositoryConfigData: { global: { keepLatestMaintenanceJobs: 3, podResources: podResources(maintenance) } } },
        },
        terminationGracePeriodSeconds: graceSeconds,
        metrics: { enabled: true, serviceMonitor: { enabled: watcher !== undefined, autodetect: false, namespace: velero, additionalLabels: watcher?.labels ?? {} } },
        deployNodeAgent: true,
        nodeAgent: {
            disableHostPath: true,
            resources: resourcesOf(agent),
            podSecurityContext,
            containerSecurityContext,
            extraVolumes: [{ name: "tmp", emptyDir: {} }, ...access.volumes],
            extraVolumeMounts: [{ name: "tmp", mountPath: "/tmp" }, ...access.volumeMounts],
            extraArgs: [`--node-agent-configmap=${velero}-${agentSettings}`],
        },
        configMaps: {
            [agentSettings]: { data: { "agent.json": JSON.stringify({ podResources: podResources(mover) }) } },
            [storeSettings]: { data: { kopia: JSON.stringify({ cacheLimitMB: cacheMib }) } },
        },
    };
}

function resourcesOf({ cpu, memory, limit }: Resources) {
    return { requests: { cpu: `${cpu}m`, memory: `${memory}Mi` }, limits: { memory: `${limit}Mi` } };
}

/** Resources as Velero's own settings have them; a limit of "0" is none. */
function podResources({ cpu, memory, limit }: Resources) {
    return { cpuRequest: `${cpu}m`, cpuLimit: "0", memoryRequest: `${memory}Mi`, memoryLimit: `${limit}Mi`, ephemeralStorageRequest: `${diskMib}Mi` };
}
