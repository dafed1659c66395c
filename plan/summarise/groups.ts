import type { ClusterConfig, HoldfastConfig } from "../../components/config";
import { addOnsOf } from "../../components/platform";
import { chartType, isMade } from "../made";
import type { RecordedResource } from "../recorder";
import type { AddOnSummary, GroupSummary } from "../summary";
import { revealSecrets } from "../wire";

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

/** Groups resources by cluster, and there by the component that they were registered below. */
export function groupResources(resources: readonly RecordedResource[], config: HoldfastConfig): GroupedResources {
    const byUrn = new Map(resources.map(resource => [resource.urn, resource]));
    const groups = new Map<string, Map<string, RecordedResource[]>>();
    const made = resources.filter(isMade);
    for (const resource of made) {
        const { cluster, group } = placeOf(componentsAbove(resource, byUrn), config);
        const ofCluster = groups.get(cluster) ?? new Map<string, RecordedResource[]>();
        ofCluster.set(group, [...(ofCluster.get(group) ?? []), resource]);
        groups.set(cluster, ofCluster);
    }
    const summaries = (cluster: string): GroupSummary[] =>
        [...(groups.get(cluster) ?? [])].sort(([a], [b]) => Number(a.startsWith(appGroup)) - Number(b.startsWith(appGroup))).map(([name, members]) => ({ name, count: members.length, types: typesOf(members) }));
    return {
        resourceCount: made.length,
        byCluster: new Map(config.clusters.map(({ name }) => [name, summaries(name)])),
        global: summaries(noCluster),
    };
}

/** Begins the name of the app's group, which comes last. */
const appGroup = "app ";

/** Stands for the name of the cluster of what belongs to none. */
const noCluster = "";

/** The components above a resource, outermost first, without the stack. */
function componentsAbove(resource: RecordedResource, byUrn: ReadonlyMap<string, RecordedResource>): RecordedResource[] {
    const parent = resource.parent === null ? undefined : byUrn.get(resource.parent);
    if (parent === undefined) {
        return [];
    }
    return parent.parent === null ? [] : [...componentsAbove(parent, byUrn), parent];
}

/** The app's component is named after cluster and app, a cluster's after the cluster. */
function placeOf([top, next]: RecordedResource[], { app, clusters }: HoldfastConfig): { cluster: string; group: string } {
    if (top === undefined) {
        return { cluster: noCluster, group: "stack" };
    }
    const isApp = top.type === appComponent;
    const isPlatform = top.type === platformComponent;
    const suffix = isApp ? `-${app?.name ?? ""}` : isPlatform ? "-platform" : "";
    const cluster = clusters.find(({ name }) => top.name === `${name}${suffix}`);
    if (cluster === undefined) {
        return { cluster: noCluster, group: top.name };
    }
    if (isPlatform) {
        return { cluster: cluster.name, group: "platform" };
    }
    const group = next === undefined ? controlPlane : next.name.slice(cluster.name.length + 1);
    // What a cluster makes for its app, such as its certificate, is named after both.
    const isOfApp = isApp || (app !== undefined && group.startsWith(`${app.name}-`));
    return { cluster: cluster.name, group: isOfApp ? `${appGroup}${app?.name ?? ""}` : group };
}

/** Type of the component that holds the app of one cluster. */
const appComponent = "holdfast:app:HaApp";

/** Type of the component that holds the add-ons of one cluster. */
const platformComponent = "holdfast:platform:Platform";

/**
 * "aws:ec2/routeTable:RouteTable" and "kubernetes:core/v1:Service" by their last word, a chart by its name and version; counted,
 * most first.
 */
function typesOf(resources: readonly RecordedResource[]): [string, number][] {
    const counts = new Map<string, number>();
    for (const resource of resources) {
        const short = shortTypeOf(resource);
        counts.set(short, (counts.get(short) ?? 0) + 1);
    }
    return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
}

function shortTypeOf(resource: RecordedResource): string {
    return resource.type === chartType ? chartInWords(resource) : (resource.type.split(":").at(-1) ?? resource.type);
}

/** The add-ons of a cluster, with the charts below each. */
export function addOnSummaries(resources: readonly RecordedResource[], { name: cluster }: ClusterConfig, config: HoldfastConfig): AddOnSummary[] {
    const installed = resources.filter(({ type }) => type === chartType);
    return addOnsOf(config).map(({ key }) => {
        const prefix = `${cluster}-${key}`;
        return { name: key, charts: installed.filter(({ name }) => name === prefix || name.startsWith(`${prefix}-`)).map(chartInWords) };
    });
}

/** "kube-prometheus-stack 88.5.3". */
function chartInWords({ wireInputs }: RecordedResource): string {
    const { chart, version } = revealSecrets(wireInputs) as { chart: string; version: string };
    return `${chart.split("/").at(-1) ?? chart} ${version}`;
}
