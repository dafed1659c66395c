import { createHash } from "node:crypto";

import { type ClusterConfig, kindOf } from "../components/cluster";
import { addOns } from "../components/platform";
import type { RecordedResource } from "../plan/recorder";
import { revealSecrets } from "../plan/wire";
import { versions } from "../judges/versions";
import { type PlannedVariant, clusterName } from "./variants";

/** A chart that a plan installs on a cluster. */
export interface ChartRequest {
    /** Key of the add-on that it is of; undefined for what a kind of cluster needs by itself. */
    readonly addOn: string | undefined;
    /** The release's name without the cluster's: "monitoring", "mesh-istiod". */
    readonly role: string;
    /** By whom: rendered by Pulumi object by object, or left to Helm, which runs hooks. */
    readonly by: "Chart" | "Release";
    readonly release: string;
    readonly chart: string;
    readonly version: string;
    /** Undefined where `chart` is an OCI reference. */
    readonly repo: string | undefined;
    readonly namespace: string;
    readonly values: Readonly<Record<string, unknown>>;
    /** Kubernetes version that it is rendered for. */
    readonly kubeVersion: string;
    /** Of all that decides what is rendered. */
    readonly digest: string;
}

interface ChartInputs {
    readonly name?: string;
    readonly chart: string;
    readonly version: string;
    readonly namespace: string;
    readonly repositoryOpts?: { readonly repo?: string };
    readonly values?: Readonly<Record<string, unknown>>;
}

const types: Readonly<Record<string, ChartRequest["by"]>> = { "kubernetes:helm.sh/v4:Chart": "Chart", "kubernetes:helm.sh/v3:Release": "Release" };

/** The cluster of a variant that is looked at: the first. */
export function clusterOf({ plan: { config } }: PlannedVariant): ClusterConfig {
    const found = config.clusters.find(({ name }) => name === clusterName);
    if (found === undefined) {
        throw new Error(`the plan has no cluster ${clusterName}`);
    }
    return found;
}

/** What a plan registers through the variant's cluster's own providers. */
export function resourcesOn({ plan: { recording } }: PlannedVariant): readonly RecordedResource[] {
    const providers = recording.resources.filter(({ type, name }) => type === "pulumi:providers:kubernetes" && name.startsWith(`${clusterName}-`)).map(({ urn }) => urn);
    return recording.resources.filter(({ provider }) => provider !== null && providers.includes(provider));
}

/** Every chart on the variant's cluster, in the order of registration. */
export function chartsOf(planned: PlannedVariant): readonly ChartRequest[] {
    const clusterConfig = clusterOf(planned);
    const kubeVersion = `${kindOf(clusterConfig).describe(clusterConfig).version ?? minorOf(versions.kubernetes)}.0`;
    return resourcesOn(planned).flatMap(resource => {
        const by = types[resource.type];
        return by === undefined ? [] : [requestOf(resource, by, kubeVersion)];
    });
}

function requestOf({ name, wireInputs }: RecordedResource, by: ChartRequest["by"], kubeVersion: string): ChartRequest {
    const { chart, version, namespace, repositoryOpts, values = {}, name: release = name } = revealSecrets(wireInputs) as ChartInputs;
    const rendered = { release, chart, version, repo: repositoryOpts?.repo, namespace, values, kubeVersion };
    return { ...rendered, by, role: roleOf(name), addOn: addOnOf(name), digest: digestOf(rendered) };
}

/** A name without its cluster's. */
export function roleOf(name: string): string {
    return name.startsWith(`${clusterName}-`) ? name.slice(clusterName.length + 1) : name;
}

/** The add-on that made something, by its name; undefined for none. */
export function addOnOf(name: string): string | undefined {
    return addOns.map(({ key }) => key).find(key => `${name}-`.startsWith(`${clusterName}-${key}-`));
}

function minorOf(version: string): string {
    return version.split(".").slice(0, 2).join(".");
}

/** A short digest of a value; the order of keys has no say. */
export function digestOf(value: unknown): string {
    return createHash("sha256").update(JSON.stringify(sorted(value))).digest("hex").slice(0, 16);
}

function sorted(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(sorted);
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]: [string, unknown]) => [key, sorted(item)]))
        : value;
}
