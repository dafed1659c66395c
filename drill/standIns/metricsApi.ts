/** What metrics.k8s.io/v1beta1 says, and how it is asked (https://github.com/kubernetes/metrics/blob/v0.36.3/pkg/apis/metrics/v1beta1/types.go). */
export const metricsGroup = { group: "metrics.k8s.io", version: "v1beta1" } as const;

const apiVersion = `${metricsGroup.group}/${metricsGroup.version}`;

/** What a pod or node uses. */
export interface Usage {
    readonly cpuCores: number;
    readonly memoryMiB: number;
}

export interface PodUsage {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly containers: readonly (Usage & { readonly name: string })[];
}

export interface NodeUsage extends Usage {
    readonly name: string;
}

/** What was measured at a moment. */
export interface Scrape {
    readonly at: Date;
    /** Seconds before that moment that were measured. */
    readonly windowSeconds: number;
    readonly pods: readonly PodUsage[];
    readonly nodes: readonly NodeUsage[];
}

/** A question, taken apart. */
export type Question =
    | { readonly about: "group" | "resources" }
    | { readonly about: "nodes"; readonly name: string | undefined }
    | { readonly about: "pods"; readonly namespace: string | undefined; readonly name: string | undefined; readonly labels: string | undefined };

/** The question of a request's path; undefined for one that this API does not have. */
export function questionOf(path: string): Question | undefined {
    const { pathname, searchParams } = new URL(path, "https://metrics.invalid");
    const words = pathname.split("/").filter(word => word !== "").map(decodeURIComponent);
    const [root, group, version, ...rest] = words;
    if (root !== "apis" || group !== metricsGroup.group) {
        return undefined;
    }
    if (version === undefined) {
        return { about: "group" };
    }
    if (version !== metricsGroup.version) {
        return undefined;
    }
    const labels = searchParams.get("labelSelector") ?? undefined;
    const [first, second, third, fourth, ...more] = rest;
    if (first === undefined) {
        return { about: "resources" };
    }
    if (first === "nodes" && third === undefined) {
        return { about: "nodes", name: second };
    }
    if (first === "pods" && second === undefined) {
        return { about: "pods", namespace: undefined, name: undefined, labels };
    }
    if (first === "namespaces" && third === "pods" && more.length === 0) {
        return { about: "pods", namespace: second, name: fourth, labels };
    }
    return undefined;
}

/** The API's own description, which the API server asks for to see whether it is there. */
export function describeGroup(): object {
    const version = { groupVersion: apiVersion, version: metricsGroup.version };
    return { kind: "APIGroup", apiVersion: "v1", name: metricsGroup.group, versions: [version], preferredVersion: version };
}

export function describeResources(): object {
    const resource = (name: string, kind: string, namespaced: boolean): object => ({ name, singularName: "", namespaced, kind, verbs: ["get", "list"] });
    return { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersion, resources: [resource("nodes", "NodeMetrics", false), resource("pods", "PodMetrics", true)] };
}

export function podMetrics({ name, namespace, labels, containers }: PodUsage, scrape: Scrape): object {
    return {
        kind: "PodMetrics",
        apiVersion,
        metadata: { name, namespace, labels, creationTimestamp: scrape.at.toISOString() },
        ...times(scrape),
        containers: containers.map(container => ({ name: container.name, usage: quantities(container) })),
    };
}

export function nodeMetrics(node: NodeUsage, scrape: Scrape): object {
    return { kind: "NodeMetrics", apiVersion, metadata: { name: node.name, creationTimestamp: scrape.at.toISOString() }, ...times(scrape), usage: quantities(node) };
}

export function listOf(kind: "PodMetricsList" | "NodeMetricsList", items: readonly object[]): object {
    return { kind, apiVersion, metadata: {}, items };
}

/** Times have whole seconds on the wire (metav1.Time is RFC 3339 without a fraction). */
function times({ at, windowSeconds }: Scrape): object {
    return { timestamp: at.toISOString().replace(/\.\d+Z$/, "Z"), window: `${windowSeconds}s` };
}

function quantities({ cpuCores, memoryMiB }: Usage): object {
    return { cpu: `${Math.round(cpuCores * 1e9)}n`, memory: `${Math.round(memoryMiB * 1024)}Ki` };
}

/** What the API says to what it does not do. */
export function refusal(code: number, message: string): object {
    return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code };
}
