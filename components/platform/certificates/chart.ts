import type { Cluster } from "../../cluster";
import type { AwsToken } from "../../identity/awsToken";
import type { Demand } from "../addOn";
import { overZones } from "../spread";

/** The namespace, the controller's service account and the start of the name of each of the chart's objects. */
export const certManager = "cert-manager";

interface Part {
    /** How the chart's labels call it. */
    readonly label: string;
    readonly replicas: number;
    /** Millicores and MiB that a replica requests; memory is its limit too. */
    readonly cpu: number;
    readonly memory: number;
}

/**
 * "In production set this to 2 or 3", says the chart of each (https://github.com/cert-manager/cert-manager/blob/v1.21.1/deploy/charts/cert-manager/values.yaml).
 * Of controller and injector one leads. Every webhook answers, and without any the API server refuses certificates; its port, 10250, is one
 * that GKE's control plane reaches (https://docs.cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules). Requests keep within what
 * GKE Autopilot leaves as it is.
 */
const parts = {
    controller: { label: certManager, replicas: 2, cpu: 50, memory: 256 },
    webhook: { label: "webhook", replicas: 3, cpu: 50, memory: 64 },
    injector: { label: "cainjector", replicas: 2, cpu: 50, memory: 256 },
} as const satisfies Readonly<Record<string, Part>>;

/** What all of the chart's pods request: the parts above, each times its replicas. */
export const certManagerDemand: Demand = Object.values(parts).reduce<Demand>(
    ({ cores, gib }, { replicas, cpu, memory }: Part) => ({ cores: cores + (replicas * cpu) / 1000, gib: gib + (replicas * memory) / 1024 }),
    { cores: 0, gib: 0 },
);

/**
 * Ready is the webhook's configuration only with the injector's certificate in it: what is checked before would be refused. The chart has a
 * hook for it, which does not run here. The expression: https://github.com/pulumi/pulumi-kubernetes/releases/tag/v4.18.0.
 */
const injected = { "pulumi.com/waitFor": "jsonpath={.webhooks[*].clientConfig.caBundle}" };

/** What the chart's values are made from. */
export interface CertManagerValuesArgs {
    readonly cluster: Cluster;
    /** What the controller needs to act in AWS. */
    readonly token: AwsToken;
}

/** Values of cert-manager's chart; the chart refuses what it does not know. Monitoring finds the controller by itself. */
export function certManagerValues(name: string, { cluster, token }: CertManagerValuesArgs): Readonly<Record<string, unknown>> {
    const { controller, webhook, injector } = parts;
    return {
        fullnameOverride: certManager,
        // Certificates outlive the add-on.
        crds: { enabled: true, keep: true },
        // The chart's default, kube-system, is closed on GKE Autopilot (https://github.com/cert-manager/cert-manager/issues/3713).
        global: { leaderElection: { namespace: certManager } },
        startupapicheck: { enabled: false },
        serviceAccount: { create: true, name: certManager },
        ...workload(name, cluster, controller),
        extraEnv: token.env,
        volumes: token.volumes,
        volumeMounts: token.volumeMounts,
        webhook: {
            ...workload(name, cluster, webhook),
            validatingWebhookConfigurationAnnotations: injected,
            mutatingWebhookConfigurationAnnotations: injected,
        },
        cainjector: workload(name, cluster, injector),
    };
}

/** The chart's own security contexts pass the level restricted as they come. */
function workload(name: string, cluster: Cluster, { label, replicas, cpu, memory }: Part): Readonly<Record<string, unknown>> {
    return {
        replicaCount: replicas,
        podDisruptionBudget: { enabled: true, minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        resources: { requests: { cpu: `${cpu}m`, memory: `${memory}Mi` }, limits: { memory: `${memory}Mi` } },
        topologySpreadConstraints: overZones(cluster, { "app.kubernetes.io/name": label, "app.kubernetes.io/instance": name }),
    };
}
