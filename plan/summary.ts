/**
 * What a plan says, in the order people ask for it. The terminal view and the page both render this
 * and nothing else, so that they cannot disagree.
 */
export interface PlanSummary {
    readonly project: string;
    readonly stack: string;
    /** Resources the program registered, without the stack itself and the component resources. */
    readonly resourceCount: number;
    readonly clouds: readonly CloudSummary[];
    /** Groups that belong to no cluster, such as the failover DNS. */
    readonly global: readonly GroupSummary[];
    readonly failover?: FailoverSummary;
    readonly objectives: readonly ObjectiveSummary[];
    readonly cost: CostSummary;
    readonly policy: PolicySummary;
    readonly warnings: readonly string[];
}

/** What the policy pack says of the stack. */
export interface PolicySummary {
    /** How many rules were asked. */
    readonly rules: number;
    /** Rules that were broken, mandatory ones first; empty where all is well. */
    readonly violations: readonly ViolationSummary[];
}

export interface ViolationSummary {
    /** "eks-api-private". */
    readonly rule: string;
    /** A mandatory one stops an update, and makes the plan end with exit code 1. */
    readonly level: "mandatory" | "advisory";
    /** Name of the resource to change. */
    readonly resource: string;
    /** What was found, and the fix. */
    readonly message: string;
    /** One sentence: what goes wrong without the rule. For the page and plan.json; the terminal has no room for it. */
    readonly why: string;
}

export interface CloudSummary {
    /** "AWS", "Google Cloud", "Existing clusters". */
    readonly name: string;
    readonly clusters: readonly ClusterSummary[];
}

export interface ClusterSummary {
    readonly name: string;
    readonly kind: string;
    readonly region: string;
    readonly version: string;
    /** Zones with what is expected in each; empty where the config names none. */
    readonly zones: readonly ZoneSummary[];
    /** How the nodes come about, in words: "Auto Mode", "pool general: 3–9 × m7i.large". */
    readonly nodes: string;
    /** What it gets beside the app; empty where nothing is on. */
    readonly addOns: readonly AddOnSummary[];
    readonly groups: readonly GroupSummary[];
    readonly app?: AppSummary;
}

/** One of the things in `holdfast:platform` that are on. */
export interface AddOnSummary {
    /** Its key: "monitoring". */
    readonly name: string;
    /** Charts with their versions, in the order of installation: "kube-prometheus-stack 88.5.3". */
    readonly charts: readonly string[];
}

export interface ZoneSummary {
    readonly name: string;
    /** App replicas expected here at the autoscaler's minimum; the spread's skew is at most one. */
    readonly replicas: number;
    /** Stateful replicas expected here, each with a volume that stays in the zone. */
    readonly volumes: number;
}

/** A part of the program: resources that were registered below one component. */
export interface GroupSummary {
    /** "network", "control plane", "app", "failover". */
    readonly name: string;
    readonly count: number;
    /** Counts by short type, largest first: [["Subnet", 6], ["Route", 6]]. */
    readonly types: readonly (readonly [type: string, count: number])[];
}

export interface AppSummary {
    readonly name: string;
    readonly image: string;
    readonly minReplicas: number;
    readonly maxReplicas: number;
    /** Where users come in: the Ingress where there is one, else the LoadBalancer Service. */
    readonly door: "Ingress" | "LoadBalancer Service";
    readonly url: string;
    readonly state?: { readonly replicas: number; readonly size: string; readonly mountPath: string };
}

export interface FailoverSummary {
    readonly domain: string;
    readonly mode: "active-passive" | "active-active";
    readonly primary?: string;
    readonly records: readonly RecordSummary[];
    /** "every 10 s, 2 failures in a row, GET https://…/readyz". */
    readonly check: string;
    readonly ttlSeconds: number;
    /** "after 30 min of health", "by hand", "at once". */
    readonly failback: string;
}

export interface RecordSummary {
    readonly cluster: string;
    /** "PRIMARY", "SECONDARY", "weight 100". */
    readonly role: string;
    /** "alias" or "A". */
    readonly type: string;
    readonly target: string;
}

export interface ObjectiveSummary {
    /** "Availability", "RTO, cluster loss", "Capacity after a zone loss", "RPO". */
    readonly name: string;
    /** Short: "99.9999 %", "80 s". */
    readonly value: string;
    /** One sentence that says what it rests on. */
    readonly basis: string;
}

export interface CostSummary {
    /** Monthly list prices, in US dollars. */
    readonly parts: readonly { readonly name: string; readonly monthlyUsd: number }[];
    readonly totalMonthlyUsd: number;
    /** What has no price in the table, each with its count. */
    readonly unpriced: readonly string[];
    /** "list prices as of 2026-08, 730 hours a month". */
    readonly basis: string;
}

/** One registered resource, with secrets masked: a row of plan.json. */
export interface PlannedResource {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly parent: string | null;
    readonly provider: string | null;
    readonly protect: boolean;
    readonly retainOnDelete: boolean;
    /** Made by a provider, and no bracket around others. */
    readonly custom: boolean;
    /** Paths of inputs whose change is let be. */
    readonly ignoreChanges: readonly string[];
    /** Paths of inputs whose change replaces the resource, beside those of its provider. */
    readonly replaceOnChanges: readonly string[];
    /** Whether a replacement is made only once the old one is gone; null leaves it to the provider. */
    readonly deleteBeforeReplace: boolean | null;
    /** URNs this resource waits for, by data or by `dependsOn`. */
    readonly dependencies: readonly string[];
    /** URNs of the resources that each input takes its value from; only of inputs that do. */
    readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
    readonly inputs: unknown;
}
