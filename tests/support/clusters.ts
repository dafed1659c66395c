import { getMonitor } from "@pulumi/pulumi/runtime/settings";

import main = require("../../index");

import { type Cluster, type ClusterConfig, createCluster } from "../../components/cluster";
import { type HoldfastConfig, parseConfig } from "../../components/config";
import { programConfig } from "../../components/config/load";
import { cloudAnswers } from "../../plan/mocks";
import { type RecordedResource, type Recording, record } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import { engineConfig } from "../../plan/stackFile";
import { revealSecrets } from "../../plan/wire";
import { type RawConfig, clusterConfigs, inputsOf, minimalApp, poolNodes } from "./plan";

/** A kind of cluster with a way that its nodes come about: what the contract is held against. */
export interface Mode {
    readonly title: string;
    /** Its entry in `holdfast:clusters`. */
    readonly config: RawConfig & { readonly name: string; readonly kind: "eks" | "gke" | "existing" };
    /** Type token of the cluster's component. */
    readonly component: string;
}

const rackZones = ["rack-a", "rack-b", "rack-c"];

/** Every kind and mode there is. */
export const modes: readonly Mode[] = [
    { title: "eks, auto", config: clusterConfigs.eks, component: "holdfast:aws:EksCluster" },
    { title: "eks, pools", config: { ...clusterConfigs.eks, nodes: poolNodes.eks }, component: "holdfast:aws:EksCluster" },
    { title: "gke, auto", config: clusterConfigs.gke, component: "holdfast:gcp:GkeCluster" },
    { title: "gke, pools", config: { ...clusterConfigs.gke, nodes: poolNodes.gke }, component: "holdfast:gcp:GkeCluster" },
    { title: "existing, without zones", config: clusterConfigs.existing, component: "holdfast:existing:ExistingCluster" },
    {
        title: "existing, with zones",
        config: { ...clusterConfigs.existing, zones: rackZones },
        component: "holdfast:existing:ExistingCluster",
    },
];

/** An app with every part that a cluster has a say in: volumes, and an Ingress with TLS. */
export const fullApp = {
    ...minimalApp,
    port: 9898,
    state: { image: "docker.io/library/redis:8.2.1", port: 6379, replicas: 3, size: "10Gi" },
    ingress: { host: "shop.example.com", tls: { zone: "example.com", issuer: "letsencrypt-dns" } },
} as const;

export const stackType = "pulumi:pulumi:Stack";

/** The last part of a URN; undefined for no URN. */
export function nameOf(urn: string | null): string | undefined {
    return urn?.split("::")[3];
}

/** Which of a cluster's providers makes a type: the end of the provider's name. */
export function providerSuffix(type: string): string {
    return type.split(":")[0] ?? "";
}

/** "type name" of a resource: what a golden list holds. */
export function label({ type, name }: RecordedResource): string {
    return `${type} ${name}`;
}

/** Labels in order, so that lists compare whatever the order of registration. */
export function labels(resources: readonly RecordedResource[]): string[] {
    return resources.map(label).sort();
}

/** The input at a dotted path, secrets in the clear; undefined where there is none. */
export function setting(resource: RecordedResource, path: string): unknown {
    return path.split(".").reduce<unknown>(
        (value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined),
        inputsOf(resource),
    );
}

/** A resource's parents up to the stack, nearest first. */
export function ancestors(plan: Pick<PlannedStack, "recording">, resource: RecordedResource): RecordedResource[] {
    const parent = plan.recording.resources.find(({ urn }) => urn === resource.parent);
    return parent === undefined ? [] : [parent, ...ancestors(plan, parent)];
}

/** All resources below a component, at any depth. */
export function below(plan: Pick<PlannedStack, "recording">, component: RecordedResource): RecordedResource[] {
    return plan.recording.resources.filter(resource => ancestors(plan, resource).includes(component));
}

/** Resources that a provider makes: neither components, nor providers, nor the stack. */
export function made({ recording }: Pick<PlannedStack, "recording">): RecordedResource[] {
    return recording.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
}

/** Everything that must exist before a resource: by data, by `dependsOn` or by its provider, at any remove. */
export function waitsFor({ recording }: Pick<PlannedStack, "recording">, resource: RecordedResource): ReadonlySet<string> {
    const byUrn = new Map(recording.resources.map(one => [one.urn, one]));
    const seen = new Set<string>();
    const visit = (one: RecordedResource): void => {
        for (const urn of [...one.dependencies, ...(one.provider === null ? [] : [one.provider])]) {
            const next = byUrn.get(urn);
            if (next !== undefined && !seen.has(label(next))) {
                seen.add(label(next));
                visit(next);
            }
        }
    };
    visit(resource);
    return seen;
}

/** How two plans differ. */
export interface PlanChange {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    /** "type name: path" for each input, parent, provider or option that is not the same. */
    readonly changed: readonly string[];
}

/** What changes for each resource from one plan to another, matched by URN as the engine does. */
export function changes(before: PlannedStack, after: PlannedStack): PlanChange {
    const old = new Map(before.recording.resources.map(resource => [resource.urn, resource]));
    const now = new Map(after.recording.resources.map(resource => [resource.urn, resource]));
    return {
        added: labels([...now.values()].filter(({ urn }) => !old.has(urn))),
        removed: labels([...old.values()].filter(({ urn }) => !now.has(urn))),
        changed: [...now.values()]
            .flatMap(resource => {
                const earlier = old.get(resource.urn);
                return earlier === undefined
                    ? []
                    : differences(comparable(earlier), comparable(resource), []).map(path => `${label(resource)}: ${path}`);
            })
            .sort(),
    };
}

function comparable({ wireInputs, parent, provider, protect, retainOnDelete, ignoreChanges }: RecordedResource): unknown {
    return { inputs: revealSecrets(wireInputs), parent, provider, protect, retainOnDelete, ignoreChanges };
}

/** Paths at which two values differ; a list differs as a whole. */
function differences(a: unknown, b: unknown, path: readonly string[]): string[] {
    if (isMapping(a) && isMapping(b)) {
        return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap(key => differences(a[key], b[key], [...path, key]));
    }
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [path.join(".")];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a program asks others for. */
export interface Lookups {
    /** Tokens of the provider functions that it calls. */
    readonly calls: readonly string[];
    /** Types of the resources that it reads rather than makes. */
    readonly reads: readonly string[];
}

/** Runs the program and records what it looks up. */
export async function lookupsOf(sections: RawConfig): Promise<Lookups> {
    const { stage, config } = staged(sections);
    const answers = cloudAnswers({ clusters: config.clusters, stackOutputs: () => memberStack });
    const calls: string[] = [];
    const reads: string[] = [];
    await record(
        () => {
            spyOnReads(reads);
            return main();
        },
        stage,
        {
            ...answers,
            call: (token, args) => {
                calls.push(token);
                return answers.call(token, args);
            },
        },
    );
    return { calls, reads };
}

/** Outputs of any stack that the program refers to. */
const memberStack = {
    endpoints: { far: { url: "https://far.shop.example.com/", address: "192.0.2.7", aliasZoneId: null, scheme: "https", routedByHost: true } },
};

/** Makes the one cluster of a config by itself and hands it to `use` while the program runs. */
export async function withCluster(cluster: RawConfig, use: (made: Cluster, config: ClusterConfig) => Promise<void>): Promise<Recording> {
    const { stage, config } = staged({ clusters: [cluster] });
    return record(
        async () => {
            for (const one of config.clusters) {
                await use(createCluster(one), one);
            }
        },
        stage,
        cloudAnswers({ clusters: config.clusters, stackOutputs: () => undefined }),
    );
}

function staged(sections: RawConfig): { stage: { project: string; stack: string; config: Record<string, string> }; config: HoldfastConfig } {
    const qualified = Object.fromEntries(Object.entries(sections).map(([key, value]) => [`holdfast:${key}`, value]));
    const stage = { project: "holdfast", stack: "test", config: engineConfig(qualified) };
    return { stage, config: parseConfig(programConfig(stage.config)) };
}

/** Has the monitor of the running program note the type of each resource that it is asked to read. */
function spyOnReads(reads: string[]): void {
    const monitor = getMonitor();
    if (monitor === undefined) {
        throw new Error("no program runs");
    }
    const original = monitor.readResource.bind(monitor) as (...args: readonly unknown[]) => unknown;
    const readResource = (request: { getType(): string }, ...rest: readonly unknown[]): unknown => {
        reads.push(request.getType());
        return original(request, ...rest);
    };
    Object.assign(monitor, { readResource });
}
