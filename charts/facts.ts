import type { KubernetesObject } from "./objects";
import type { ChartRequest } from "./requests";
import { type Workload, claimsOf, workloadsOf } from "./workloads";

/** What is kept of a chart as it is rendered with certain values: the file's content. */
export interface ChartFacts {
    readonly chart: string;
    readonly version: string;
    /** Keys of the variants that install it so. */
    readonly on: readonly string[];
    /** Of all that decides what is rendered. */
    readonly digest: string;
    readonly release: string;
    readonly namespace: string;
    readonly workloads: readonly Workload[];
    /** Sizes of claims that stand by themselves, in GiB. */
    readonly volumesGib: readonly number[];
    /** All other objects: how many of a kind. */
    readonly objects: Readonly<Record<string, number>>;
    /** Objects that only a hook would make: Pulumi makes none. */
    readonly hooks: readonly string[];
    /** What does not fit Kubernetes' own API, a field that there is not above all. */
    readonly misfits: readonly string[];
    /** Paths of values that the chart does not know. */
    readonly unknownValues: readonly string[];
    /** Whether it renders the same each time. */
    readonly repeatable: boolean;
    /** Which versions of Kubernetes it says it is for. */
    readonly kubeVersions: string | undefined;
}

/** What more than the rendered objects a chart's facts need. */
export type Findings = Pick<ChartFacts, "misfits" | "unknownValues" | "repeatable" | "kubeVersions">;

const hook = "helm.sh/hook";

/** The facts of what a chart renders, before it is known which clusters get it so. */
export function factsOf(request: ChartRequest, objects: readonly KubernetesObject[], definitions: number, findings: Findings): ChartFacts {
    const made = objects.filter(({ annotations }) => annotations[hook] === undefined);
    const workloads = workloadsOf(made, request.namespace);
    const others = made.filter(({ kind, name }) => !workloads.some(workload => workload.kind === kind && `${workload.name} `.startsWith(`${name} `)));
    return {
        chart: request.chart,
        version: request.version,
        on: [],
        digest: request.digest,
        release: request.release,
        namespace: request.namespace,
        workloads,
        volumesGib: claimsOf(made),
        objects: countsOf([...others.map(({ kind }) => kind), ...Array.from({ length: definitions }, () => "CustomResourceDefinition")]),
        hooks: objects.filter(({ annotations }) => annotations[hook] !== undefined).map(({ kind, name, annotations }) => `${kind} ${name} (${String(annotations[hook])})`),
        ...findings,
    };
}

/** How often each text is there, by name. */
function countsOf(texts: readonly string[]): Readonly<Record<string, number>> {
    const names = [...new Set(texts)].sort();
    return Object.fromEntries(names.map(name => [name, texts.filter(text => text === name).length]));
}
