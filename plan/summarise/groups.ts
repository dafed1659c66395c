import type { HoldfastConfig } from "../../components/config";
import type { RecordedResource } from "../recorder";
import type { GroupSummary } from "../summary";

/** Resources by what they belong to. */
export interface GroupedResources {
    /** Without the stack, component resources and providers, which are no things of a cloud. */
    readonly resourceCount: number;
    readonly byCluster: ReadonlyMap<string, readonly GroupSummary[]>;
    /** Groups that belong to no cluster. */
    readonly global: readonly GroupSummary[];
}

/** What stands directly below a cluster's component. */
const controlPlane = "control plane";

/** Whether a resource is something that is made, rather than a bracket around others or a way to reach them. */
export function isMade({ custom, type }: RecordedResource): boolean {
    return custom && !type.startsWith("pulumi:");
}

/** Groups resources by cluster, and there by the component that they were registered below. */
export function groupResources(resources: readonly RecordedResource[], { clusters }: HoldfastConfig): GroupedResources {
    const byUrn = new Map(resources.map(resource => [resource.urn, resource]));
    const names = clusters.map(({ name }) => name);
    const groups = new Map<string, Map<string, RecordedResource[]>>();
    const made = resources.filter(isMade);
    for (const resource of made) {
        const { cluster, group } = placeOf(pathTo(resource, byUrn), names);
        const ofCluster = groups.get(cluster) ?? new Map<string, RecordedResource[]>();
        ofCluster.set(group, [...(ofCluster.get(group) ?? []), resource]);
        groups.set(cluster, ofCluster);
    }
    const summaries = (cluster: string): GroupSummary[] =>
        [...(groups.get(cluster) ?? [])].map(([name, members]) => ({ name, count: members.length, types: typesOf(members) }));
    return {
        resourceCount: made.length,
        byCluster: new Map(names.map(name => [name, summaries(name)])),
        global: summaries(""),
    };
}

/** The components above a resource, outermost first, without the stack. */
function pathTo(resource: RecordedResource, byUrn: ReadonlyMap<string, RecordedResource>): string[] {
    const parent = resource.parent === null ? undefined : byUrn.get(resource.parent);
    return parent === undefined || parent.parent === null ? [] : [...pathTo(parent, byUrn), parent.name];
}

/** A cluster's component bears its name; what stands below it or beside it has that as a prefix. */
function placeOf([top, next]: string[], clusters: readonly string[]): { cluster: string; group: string } {
    if (top === undefined) {
        return { cluster: "", group: "stack" };
    }
    if (clusters.includes(top)) {
        return { cluster: top, group: next === undefined ? controlPlane : next.slice(top.length + 1) };
    }
    // The longest name that fits: of clusters "east" and "east-1", "east-1-shop" is the second's.
    const [cluster] = clusters.filter(name => top.startsWith(`${name}-`)).sort((a, b) => b.length - a.length);
    return cluster === undefined ? { cluster: "", group: top } : { cluster, group: `app ${top.slice(cluster.length + 1)}` };
}

/** "aws:ec2/routeTable:RouteTable" and "kubernetes:core/v1:Service" by their last word, counted, most first. */
function typesOf(resources: readonly RecordedResource[]): [string, number][] {
    const counts = new Map<string, number>();
    for (const { type } of resources) {
        const short = type.split(":").at(-1) ?? type;
        counts.set(short, (counts.get(short) ?? 0) + 1);
    }
    return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
}
