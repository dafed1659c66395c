import { charts } from "../../charts";
import type { Cluster } from "../../cluster";
import type { MeshConfig } from "../../config/platform/mesh";
import { overZones } from "../spread";

/** Namespace of the control plane; workloads find it by this name. */
export const controlPlaneNamespace = "istio-system";

/**
 * Namespace of what runs on each node. It needs priority `system-node-critical`, which GKE allows in kube-system alone
 * (https://istio.io/latest/docs/ambient/install/platform-prerequisites/#google-kubernetes-engine-gke), and no namespace of ours has to allow
 * what it may do to nodes.
 */
export const nodeNamespace = "kube-system";

/** Replicas of the control plane: without it nothing new is told to proxies, and new pods get no certificate. */
export const istiodReplicas = { min: 2, max: 5 };

/** What a replica of the control plane requests. Istio's default, 500m and 2Gi, is for thousands of proxies. */
export const istiodRequests = { cores: 0.2, gib: 0.5 };

/** What runs on each node requests: the agent that leads pods into the mesh, and the tunnel. */
export const nodeRequests = { cores: 0.05 + 0.1, gib: 100 / 1024 + 128 / 1024 };

/** Envoy, without a shell in its image, as the profile `ambient` has it. */
export const proxyImage = `registry.istio.io/release/proxyv2:${charts.istiod.version}-distroless`;

const seccompProfile = { type: "RuntimeDefault" };

/**
 * From the start what istiod makes of it. By default it is first another, and a later update would contend with istiod for it: a comment on
 * `base.validationFailurePolicy` in istiod's values.yaml.
 */
const validation = { validationFailurePolicy: "Fail" };

/** Types of Istio's objects. Nothing of another cluster reads this one. */
export function baseValues(): Readonly<Record<string, unknown>> {
    return { base: validation, global: { enableReaderRBAC: false } };
}

/**
 * The control plane: who is who, and which way to whom. Values:
 * https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-control/istio-discovery/values.yaml.
 */
export function istiodValues(cluster: Cluster, priorityClassName: string): Readonly<Record<string, unknown>> {
    return {
        profile: "ambient",
        autoscaleMin: istiodReplicas.min,
        autoscaleMax: istiodReplicas.max,
        rollingMaxSurge: 1,
        rollingMaxUnavailable: 0,
        pdb: { minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "1Gi" } },
        seccompProfile,
        topologySpreadConstraints: overZones(cluster, { app: "istiod" }),
        trustedZtunnelNamespace: nodeNamespace,
        base: validation,
        gateways: { securityContext: { runAsNonRoot: true, seccompProfile } },
        // What a slow client has not taken yet waits in Envoy, by default up to 16 MiB a request, and holds up the others of its tunnel
        // (https://github.com/istio/istio/pull/59943).
        env: { PILOT_HBONE_INITIAL_STREAM_WINDOW_SIZE: String(2 ** 18) },
        meshConfig: {
            connectTimeout: "2s",
            // Less than the 30 s after which a network may give a gone pod's address to another (https://github.com/istio/istio/pull/58389).
            hboneIdleTimeout: "15s",
        },
        global: { priorityClassName, networkPolicy: { enabled: true } },
    };
}

/** Where the agent of the nodes finds their network plugins. */
export interface NetworkPlugins {
    /** Folder that the kind of cluster is known for; undefined where only the owner knows. */
    readonly folder: string | undefined;
    readonly distribution: MeshConfig["distribution"];
}

/**
 * The agent on each node that leads the traffic of the mesh's pods into the tunnel, so that pods need no right for it. Values:
 * https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-cni/values.yaml.
 */
export function cniValues({ folder, distribution }: NetworkPlugins): Readonly<Record<string, unknown>> {
    return {
        profile: "ambient",
        ...(folder === undefined ? {} : { cniBinDir: folder }),
        ...(folder === undefined && distribution !== undefined ? { global: { platform: distribution } } : {}),
        resources: { requests: { cpu: "50m", memory: "100Mi" }, limits: { memory: "200Mi" } },
        seccompProfile,
        // For Kubernetes before 1.30.
        useAppArmorAnnotation: false,
        // It mends sidecars, of which there are none.
        repair: { enabled: false },
    };
}

/** The tunnel on each node. A rollout brings the new one before the old one goes, by the chart's default. */
export function ztunnelValues(): Readonly<Record<string, unknown>> {
    return { resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } } };
}
