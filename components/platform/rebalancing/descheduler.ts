import * as pulumi from "@pulumi/pulumi";

import { charts } from "../../charts";
import type { Cluster } from "../../cluster";
import type { RebalancingConfig } from "../../config/platform/rebalancing";
import { createAddOnBudget } from "../budget";
import { installChart } from "../chart";
import { createAddOnNamespace } from "../namespace";
import { overZones } from "../spread";

/** What a {@link Descheduler} is made from. */
export interface DeschedulerArgs {
    readonly settings: RebalancingConfig;
    /** Namespace whose pods it may evict; no other pod is ever touched. */
    readonly namespace: string;
    readonly cluster: Cluster;
}

/** Two, of which one leads: it must be there when a zone has just come back. */
export const deschedulerReplicas = 2;

/** Its namespace. */
export const deschedulerNamespace = "descheduler";

/** What a replica requests: it lists pods and nodes every few minutes. */
export const deschedulerRequests = { cores: 0.05, gib: 0.125 };

/**
 * The Kubernetes descheduler, with one policy: evict what breaks its topology spread. It asks through the eviction API, so budgets
 * hold, and leaves pods with volumes alone, which could not move to another zone anyway.
 */
export class Descheduler extends pulumi.ComponentResource {
    /** Nothing waits for it. */
    public readonly ready = [];

    constructor(name: string, { settings, namespace: watched, cluster }: DeschedulerArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:Descheduler", name, {}, opts);
        const namespace = createAddOnNamespace(name, { namespace: deschedulerNamespace, podSecurity: "restricted" }, { parent: this });
        const matchLabels = { "app.kubernetes.io/name": "descheduler", "app.kubernetes.io/instance": name };
        // The chart has none.
        createAddOnBudget(name, { namespace: namespace.metadata.name, name: "descheduler", matchLabels }, { parent: this });
        installChart(
            name,
            {
                chart: charts.descheduler,
                namespace: namespace.metadata.name,
                values: {
                    kind: "Deployment",
                    replicas: deschedulerReplicas,
                    leaderElection: { enabled: true },
                    deschedulingInterval: `${settings.everyMinutes}m`,
                    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "128Mi" } },
                    podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
                    // The system's classes are for kube-system on clouds that limit them by quota.
                    priorityClassName: "",
                    topologySpreadConstraints: overZones(cluster, matchLabels),
                    deschedulerPolicy: policy(watched),
                },
            },
            { parent: this, dependsOn: [...cluster.ready] },
        );
        this.registerOutputs({ ready: this.ready });
    }
}

/**
 * Hard and soft constraints: over zones the app's is hard, over hosts soft. Names and arguments:
 * https://github.com/kubernetes-sigs/descheduler/blob/v0.36.0/README.md.
 */
function policy(namespace: string) {
    return {
        profiles: [
            {
                name: "spread",
                pluginConfig: [
                    { name: "DefaultEvictor", args: { nodeFit: true, podProtections: { extraEnabled: ["PodsWithPVC"] } } },
                    {
                        name: "RemovePodsViolatingTopologySpreadConstraint",
                        args: { constraints: ["DoNotSchedule", "ScheduleAnyway"], namespaces: { include: [namespace] } },
                    },
                ],
                plugins: { balance: { enabled: ["RemovePodsViolatingTopologySpreadConstraint"] }, deschedule: { enabled: [] } },
            },
        ],
    };
}
