/** Plan summaries by hand, shaped like the example stacks, so that the page is tested without a program. */
import type {
    ClusterSummary,
    FailoverSummary,
    PlannedResource,
    PlanSummary,
    RecordSummary,
    ZoneSummary,
} from "../../plan/summary";

export function zones(region: string, replicas: readonly number[], volumes = 1): readonly ZoneSummary[] {
    return replicas.map((n, i) => ({ name: `${region}${"abcdef"[i] ?? "z"}`, replicas: n, volumes }));
}

export function eksCluster(name: string, overrides: Partial<ClusterSummary> = {}): ClusterSummary {
    return {
        name,
        kind: "EKS",
        region: "us-east-1",
        version: "1.35",
        zones: zones("us-east-1", [2, 2, 2]),
        nodes: "Auto Mode",
        addOns: [
            { name: "monitoring", charts: ["kube-prometheus-stack 88.5.3"] },
            { name: "logging", charts: ["eck-operator 3.5.0", "fluent-bit 0.58.1"] },
            { name: "storage", charts: [] },
        ],
        groups: [
            { name: "network", count: 24, types: [["Subnet", 6], ["Route", 6], ["RouteTable", 4]] },
            { name: "control plane", count: 9, types: [["Role", 2], ["Cluster", 1]] },
            { name: "app", count: 14, types: [["Service", 3], ["Deployment", 1], ["StatefulSet", 1]] },
        ],
        app: {
            name: "shop",
            image: "ghcr.io/example/shop:4.2.0",
            minReplicas: 6,
            maxReplicas: 30,
            door: "Ingress",
            url: `http://k8s-shop-${name}-5f2b7.us-east-1.elb.amazonaws.com`,
            state: { replicas: 3, size: "20Gi", mountPath: "/var/lib/shop" },
        },
        ...overrides,
    };
}

export function gkeCluster(name: string, overrides: Partial<ClusterSummary> = {}): ClusterSummary {
    return eksCluster(name, {
        kind: "GKE",
        region: "europe-west4",
        version: "1.34",
        zones: zones("europe-west4-", [3, 2, 2]),
        nodes: "pool general: 3\u20139 \u00d7 e2-standard-4",
        app: {
            name: "shop",
            image: "ghcr.io/example/shop:4.2.0",
            minReplicas: 7,
            maxReplicas: 24,
            door: "LoadBalancer Service",
            url: "https://203.0.113.40",
            state: { replicas: 3, size: "20Gi", mountPath: "/var/lib/shop" },
        },
        ...overrides,
    });
}

export function failover(overrides: Partial<FailoverSummary> = {}): FailoverSummary {
    return {
        domain: "shop.example.com",
        mode: "active-passive",
        primary: "east",
        records: [
            {
                cluster: "east",
                role: "PRIMARY",
                type: "alias",
                target: "k8s-shop-east-5f2b7.us-east-1.elb.amazonaws.com",
            },
            { cluster: "west", role: "SECONDARY", type: "A", target: "203.0.113.40" },
        ],
        check: "every 10 s, 2 failures in a row, GET https://shop.example.com/readyz",
        ttlSeconds: 30,
        failback: "after 30 min of health",
        ...overrides,
    };
}

const PROD_COST = {
    parts: [
        { name: "east: control plane", monthlyUsd: 73 },
        { name: "east: nodes", monthlyUsd: 1234.5 },
        { name: "west: nodes", monthlyUsd: 611.25 },
    ],
    totalMonthlyUsd: 1918.75,
    unpriced: ["traffic between zones", "2 LoadBalancer hours"],
    basis: "list prices as of 2026-08, 730 hours a month",
};

/** Two clouds, one cluster each, three zones each, failover in the same stack. */
export const PROD: PlanSummary = {
    project: "holdfast",
    stack: "prod",
    resourceCount: 98,
    clouds: [
        { name: "AWS", clusters: [eksCluster("east")] },
        { name: "Google Cloud", clusters: [gkeCluster("west")] },
    ],
    global: [{ name: "failover", count: 6, types: [["Record", 2], ["HealthCheck", 2]] }],
    failover: failover(),
    objectives: [
        { name: "Availability", value: "99.9999 %", basis: "Two clusters that fail independently." },
        { name: "RTO, cluster loss", value: "80 s", basis: "Two checks of 10 s, 30 s to publish, one TTL of 30 s." },
        { name: "Capacity after a zone loss", value: "67 %", basis: "One of three zones may go." },
        { name: "RPO", value: "unbounded", basis: "Volumes stay in their cloud; nothing copies them." },
    ],
    cost: PROD_COST,
    policy: { rules: 142, violations: [] },
    warnings: [
        "west: the state of shop is not copied to another cloud; losing the cluster loses what was written.",
        "east: 6 replicas on 3 zones leave 4 after the loss of one.",
    ],
};

/** One cluster that exists already, zones unknown, no failover. */
export const DEV: PlanSummary = {
    project: "holdfast",
    stack: "dev",
    resourceCount: 11,
    clouds: [
        {
            name: "Existing clusters",
            clusters: [
                eksCluster("local", {
                    kind: "existing",
                    region: "",
                    version: "",
                    zones: [],
                    nodes: "as the cluster has them",
                    addOns: [],
                    groups: [{ name: "app", count: 11, types: [["Service", 2], ["Deployment", 1]] }],
                    app: {
                        name: "hello",
                        image: "nginx:1.29",
                        minReplicas: 2,
                        maxReplicas: 4,
                        door: "LoadBalancer Service",
                        url: "http://(known after apply)",
                    },
                }),
            ],
        },
    ],
    global: [],
    objectives: [{ name: "Availability", value: "not stated", basis: "One cluster whose zones are not named." }],
    cost: { parts: [], totalMonthlyUsd: 0, unpriced: ["1 existing cluster"], basis: "no price list for it" },
    policy: {
        rules: 142,
        violations: [
            {
                rule: "image-pinned",
                level: "mandatory",
                resource: "local-hello-deployment",
                message: "image nginx has no tag; fix: name the version that was tested",
                why: "Without a tag, nodes run whatever was pushed last.",
            },
            {
                rule: "job-ttl",
                level: "advisory",
                resource: "local-hello-migrate",
                message: "ttlSecondsAfterFinished is nothing; fix: set it",
                why: "Finished jobs pile up.",
            },
        ],
    },
    warnings: [],
};

/** Only the records: the clusters belong to other stacks. */
export const GLOBAL: PlanSummary = {
    project: "holdfast",
    stack: "prod-global",
    resourceCount: 6,
    clouds: [],
    global: [{ name: "failover", count: 6, types: [["Record", 2], ["HealthCheck", 2]] }],
    failover: failover(),
    objectives: [{ name: "RTO, cluster loss", value: "80 s", basis: "Two checks of 10 s and one TTL of 30 s." }],
    cost: { parts: [{ name: "health checks", monthlyUsd: 1.5 }], totalMonthlyUsd: 1.5, unpriced: [], basis: "list prices" },
    policy: { rules: 1, violations: [] },
    warnings: [],
};

/** Six clusters on two clouds with weights, long names, many replicas and many zones. */
export const SIX: PlanSummary = {
    ...PROD,
    stack: "prod-wide",
    clouds: [
        {
            name: "AWS",
            clusters: [
                eksCluster("east"),
                eksCluster("a-cluster-with-a-very-long-name-that-nobody-should-choose", {
                    region: "ap-southeast-2",
                    zones: zones("ap-southeast-2", [40, 40, 39], 4),
                    nodes: "pool general: 3\u20139 \u00d7 m7i.large; pool spot: 0\u201330 \u00d7 m7i.2xlarge, spot",
                }),
                eksCluster("central", { region: "eu-central-1", zones: zones("eu-central-1", [1, 1, 1], 0) }),
            ],
        },
        {
            name: "Google Cloud with a display name that is much too long for its frame",
            clusters: [
                gkeCluster("west"),
                gkeCluster("sydney", {
                    region: "australia-southeast1",
                    zones: zones("australia-southeast1-", [2, 2, 2, 1, 1]),
                }),
                gkeCluster("spare", { zones: zones("europe-west4-", [1, 0, 0], 0) }),
            ],
        },
    ],
    failover: failover({
        mode: "active-active",
        records: [
            "east",
            "a-cluster-with-a-very-long-name-that-nobody-should-choose",
            "central",
            "west",
            "sydney",
            "spare",
        ].map((cluster): RecordSummary => ({
            cluster,
            role: cluster === "spare" ? "weight 0" : "weight 100",
            type: cluster.length % 2 === 0 ? "alias" : "A",
            target: `k8s-shop-${cluster}-5f2b7.elb.example.net`,
        })),
    }),
};

/** Fifty clusters on two clouds: not pretty, but drawn, and at once. */
export const FIFTY: PlanSummary = {
    ...PROD,
    stack: "fleet",
    clouds: [
        { name: "AWS", clusters: Array.from({ length: 26 }, (_, i) => eksCluster(`e${i}`)) },
        { name: "Google Cloud", clusters: Array.from({ length: 24 }, (_, i) => gkeCluster(`g${i}`)) },
    ],
    failover: failover({
        records: Array.from({ length: 50 }, (_, i) => ({
            cluster: i < 26 ? `e${i}` : `g${i - 26}`,
            role: i === 0 ? "PRIMARY" : "SECONDARY",
            type: "A",
            target: `203.0.113.${i}`,
        })),
        primary: "e0",
    }),
};

/** Every text is an attempt to leave its place: element, attribute, comment, style and script. */
export const HOSTILE_TEXT = `"'></text></svg></td></title></style><script>document.title='broken out'</script><!--&amp;]]>`;

/** The plan with the hostile text wherever the summary takes free text. */
export const HOSTILE: PlanSummary = hostile(PROD);

export function resource(name: string, overrides: Partial<PlannedResource> = {}): PlannedResource {
    return {
        urn: `urn:pulumi:prod::holdfast::aws:ec2/subnet:Subnet::${name}`,
        type: "aws:ec2/subnet:Subnet",
        name,
        parent: null,
        provider: null,
        custom: true,
        protect: false,
        retainOnDelete: false,
        ignoreChanges: [],
        replaceOnChanges: [],
        deleteBeforeReplace: null,
        dependencies: [],
        propertyDependencies: {},
        inputs: {},
        ...overrides,
    };
}

const NETWORK_URN = "urn:pulumi:prod::holdfast::holdfast:aws:EksCluster$holdfast:aws:Network::east-network";

export const RESOURCES: readonly PlannedResource[] = [
    resource("east-network", {
        urn: NETWORK_URN,
        type: "holdfast:aws:Network",
        parent: "urn:pulumi:prod::holdfast::pulumi:pulumi:Stack::holdfast-prod",
    }),
    resource("east-network-public-us-east-1a", { parent: NETWORK_URN }),
    resource("east-cluster", {
        type: "aws:eks/cluster:Cluster",
        parent: "urn:pulumi:prod::holdfast::holdfast:aws:EksCluster::east",
        protect: true,
    }),
    resource("east-log-group", { type: "aws:cloudwatch/logGroup:LogGroup", retainOnDelete: true }),
];

/** Replaces every string but those of a closed set of words, which the type rules out. */
function hostile<T>(value: T): T {
    const closed = new Set<unknown>(["active-passive", "active-active", "Ingress", "LoadBalancer Service"]);
    const walk = (part: unknown): unknown => {
        if (typeof part === "string") {
            return closed.has(part) ? part : `${part}${HOSTILE_TEXT}`;
        }
        if (Array.isArray(part)) {
            return part.map(walk);
        }
        if (typeof part === "object" && part !== null) {
            return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
        }
        return part;
    };
    // The walk keeps the shape: it maps strings to strings and leaves everything else alone.
    return walk(value) as T;
}
