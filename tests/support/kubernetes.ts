/** What the tests of the app's objects share: types, configs, and questions about a plan. */
import { isDeepStrictEqual } from "node:util";

import type * as k8s from "@pulumi/kubernetes";

import { idOf, type RecordedResource } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import { all, clusterConfigs, inputsOf, minimalApp, planConfig, poolNodes, type RawConfig } from "./plan";

export type PodTemplate = k8s.types.output.core.v1.PodTemplateSpec;
export type Container = k8s.types.output.core.v1.Container;

/** An object with a spec, as the program asked for it. */
export interface Manifest<Spec> {
    readonly metadata: k8s.types.output.meta.v1.ObjectMeta;
    readonly spec: Spec;
}

/** Pulumi types of the app's objects. */
export const types = {
    namespace: "kubernetes:core/v1:Namespace",
    quota: "kubernetes:core/v1:ResourceQuota",
    limits: "kubernetes:core/v1:LimitRange",
    account: "kubernetes:core/v1:ServiceAccount",
    priority: "kubernetes:scheduling.k8s.io/v1:PriorityClass",
    configMap: "kubernetes:core/v1:ConfigMap",
    secret: "kubernetes:core/v1:Secret",
    deployment: "kubernetes:apps/v1:Deployment",
    statefulSet: "kubernetes:apps/v1:StatefulSet",
    autoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    budget: "kubernetes:policy/v1:PodDisruptionBudget",
    service: "kubernetes:core/v1:Service",
    ingress: "kubernetes:networking.k8s.io/v1:Ingress",
    networkPolicy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    claim: "kubernetes:core/v1:PersistentVolumeClaim",
    storageClass: "kubernetes:storage.k8s.io/v1:StorageClass",
    job: "kubernetes:batch/v1:Job",
    cronJob: "kubernetes:batch/v1:CronJob",
} as const;

/** Every kind of cluster, in every way it can be had. */
export const everyKind: readonly { readonly label: string; readonly cluster: RawConfig; readonly zones: number }[] = [
    { label: "EKS Auto Mode", cluster: clusterConfigs.eks, zones: 3 },
    { label: "EKS node pools", cluster: { ...clusterConfigs.eks, nodes: poolNodes.eks }, zones: 3 },
    { label: "GKE Autopilot", cluster: clusterConfigs.gke, zones: 3 },
    { label: "GKE node pools", cluster: { ...clusterConfigs.gke, nodes: poolNodes.gke }, zones: 3 },
    { label: "existing, one zone", cluster: clusterConfigs.existing, zones: 0 },
    { label: "existing, three zones", cluster: { ...clusterConfigs.existing, zones: ["rack-a", "rack-b", "rack-c"] }, zones: 3 },
];

/** An existing cluster that names three zones. */
export const zonedCluster = { ...clusterConfigs.existing, zones: ["rack-a", "rack-b", "rack-c"] };

/** An app with every part there is. */
export const fullApp = {
    ...minimalApp,
    port: 9898,
    env: { CURRENCY: "EUR" },
    secrets: { API_TOKEN: "canary" },
    files: { mountPath: "/etc/shop", data: { "shop.conf": "currency = EUR\n" } },
    state: { image: "docker.io/library/redis:8.2.1", port: 6379 },
    ingress: { host: "shop.example.com", tls: { zone: "example.com" } },
    jobs: [
        { name: "migrate", command: ["./migrate", "--all"] },
        { name: "report", command: ["./report"], schedule: "30 3 * * *" },
    ],
    network: { egress: [{ cidr: "198.51.100.0/24", ports: [443, 5432] }] },
} as const;

/** Plans an app on one cluster; by default on an existing one without zones. */
export function planApp(app: RawConfig, cluster: RawConfig = clusterConfigs.existing): Promise<PlannedStack> {
    return planConfig({ clusters: [cluster], app });
}

/** The one resource of a type. Throws where there are none or several. */
export function only(plan: PlannedStack, type: string): RecordedResource {
    const found = all(plan, type);
    const [first] = found;
    if (first === undefined || found.length !== 1) {
        throw new Error(`${found.length} resources of type ${type}`);
    }
    return first;
}

/** The one object of a type, with its spec. */
export function onlyManifest<Spec>(plan: PlannedStack, type: string): Manifest<Spec> {
    return inputsOf<Manifest<Spec>>(only(plan, type));
}

/** The first of a list that must have one. */
export function first<T>(items: readonly T[]): T {
    const [item] = items;
    if (item === undefined) {
        throw new Error("the list is empty");
    }
    return item;
}


/** An object that makes pods. */
export interface PodOwner {
    readonly resource: RecordedResource;
    /** Value of the component label: "app", "state" or "job-<name>". */
    readonly part: string;
    readonly template: PodTemplate;
    readonly container: Container;
}

const templateTypes: readonly string[] = [types.deployment, types.statefulSet, types.job, types.cronJob];

/** All that makes pods, with the pods' template. */
export function podOwners({ recording }: PlannedStack): PodOwner[] {
    return recording.resources
        .filter(({ type }) => templateTypes.includes(type))
        .map(resource => {
            const template = templateOf(resource);
            return {
                resource,
                template,
                part: template.metadata.labels["app.kubernetes.io/component"] ?? "",
                container: first(template.spec.containers),
            };
        });
}

function templateOf(resource: RecordedResource): PodTemplate {
    if (resource.type === types.cronJob) {
        return inputsOf<Manifest<k8s.types.output.batch.v1.CronJobSpec>>(resource).spec.jobTemplate.spec.template;
    }
    return inputsOf<Manifest<{ readonly template: PodTemplate }>>(resource).spec.template;
}

/** The pods of one part. Throws where there are none or several. */
export function ownerOf(plan: PlannedStack, part: string): PodOwner {
    const found = podOwners(plan).filter(owner => owner.part === part);
    if (found.length !== 1) {
        throw new Error(`${found.length} objects make pods of part ${part}`);
    }
    return first(found);
}

/** Parts whose pods a label selector selects; an empty selector selects all. */
export function selectedParts(plan: PlannedStack, matchLabels: Readonly<Record<string, string>>): string[] {
    return podOwners(plan)
        .filter(({ template }) => Object.entries(matchLabels).every(([key, value]) => template.metadata.labels[key] === value))
        .map(({ part }) => part)
        .sort();
}

/** A Kubernetes quantity as a number: cores, bytes or a count. */
export function quantity(text: string): number {
    const match = /^(\d+)(m|Ki|Mi|Gi|Ti)?$/.exec(text);
    if (match === null) {
        throw new Error(`${text} is no quantity that this test knows`);
    }
    const units: Readonly<Record<string, number>> = { m: 1e-3, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
    return Number(match[1]) * (units[match[2] ?? ""] ?? 1);
}

/** What differs between two plans, by URN. */
export interface Difference {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
}

/** Compares what two plans ask the engine for: inputs, and the options that decide about a resource's life. */
export function difference(before: PlannedStack, after: PlannedStack): Difference {
    const old = byUrn(before);
    const young = byUrn(after);
    return {
        added: [...young.keys()].filter(urn => !old.has(urn)).sort(),
        removed: [...old.keys()].filter(urn => !young.has(urn)).sort(),
        changed: [...young].filter(([urn, resource]) => old.has(urn) && !same(old.get(urn), resource)).map(([urn]) => urn).sort(),
    };
}

function byUrn({ recording }: PlannedStack): Map<string, RecordedResource> {
    return new Map(recording.resources.map(resource => [resource.urn, resource]));
}

function same(before: RecordedResource | undefined, after: RecordedResource): boolean {
    return (
        before !== undefined &&
        isDeepStrictEqual(before.wireInputs, after.wireInputs) &&
        before.protect === after.protect &&
        before.retainOnDelete === after.retainOnDelete &&
        before.provider === after.provider &&
        before.parent === after.parent
    );
}

/** `type name` of a URN, without its stack, project and parents. */
export function shortUrn(urn: string): string {
    const [, , type = "", name = ""] = urn.split("::");
    return `${type.split("$").at(-1) ?? type} ${name}`;
}

/** A Route 53 record as the program asked for it. */
export interface DnsRecord {
    readonly name: string;
    readonly type: string;
    readonly zoneId: string;
    readonly setIdentifier?: string;
    readonly healthCheckId?: string;
    readonly aliases?: readonly { readonly name: string; readonly zoneId: string; readonly evaluateTargetHealth: boolean }[];
    readonly records?: readonly string[];
    readonly ttl?: number;
    readonly failoverRoutingPolicies?: readonly { readonly type: string }[];
    readonly weightedRoutingPolicies?: readonly { readonly weight: number }[];
}

/** A Route 53 health check as the program asked for it. */
export interface HealthCheck {
    readonly type: string;
    readonly fqdn?: string;
    readonly port?: number;
    readonly resourcePath?: string;
    readonly requestInterval?: number;
    readonly failureThreshold?: number;
    readonly enableSni?: boolean;
    readonly disabled?: boolean;
    readonly invertHealthcheck?: boolean;
    readonly childHealthchecks?: readonly string[];
    readonly childHealthThreshold?: number;
    readonly cloudwatchAlarmName?: string;
    readonly cloudwatchAlarmRegion?: string;
    readonly insufficientDataHealthStatus?: string;
}

/** The records of the failover's own making: answers, and each cluster's own name. */
export function dnsRecords(plan: PlannedStack): DnsRecord[] {
    return all(plan, "aws:route53/record:Record")
        .filter(({ parent }) => parent?.includes("holdfast:failover:Failover") === true)
        .map(record => inputsOf<DnsRecord>(record));
}

/** The records that answer for the domain, by the cluster that they point at. */
export function answersOf(plan: PlannedStack): Map<string, DnsRecord> {
    const domain = plan.config.failover?.domain;
    const records = dnsRecords(plan);
    const own = new Map(records.filter(({ name }) => name !== domain).map(record => [targetOf(record), record.name.split(".")[0] ?? ""]));
    return new Map(records.filter(({ name }) => name === domain).map(record => [own.get(targetOf(record)) ?? "", record]));
}

/** What a record points at: an alias's name, or an address. */
export function targetOf({ aliases = [], records = [] }: DnsRecord): string {
    return [...aliases.map(({ name }) => name), ...records].join();
}

/** The health check with an id. Throws where there is none. */
export function healthCheck(plan: PlannedStack, id: string | undefined): HealthCheck {
    const found = all(plan, "aws:route53/healthCheck:HealthCheck").filter(({ name }) => idOf(name) === id);
    return inputsOf<HealthCheck>(first(found));
}

/** The checks that ask a cluster, below the one that a record goes by. */
export function endpointChecks(plan: PlannedStack, id: string | undefined): HealthCheck[] {
    const check = healthCheck(plan, id);
    const below = (check.childHealthchecks ?? []).flatMap(child => endpointChecks(plan, child));
    return [...(check.fqdn !== undefined && check.disabled !== true ? [check] : []), ...below];
}

/** Two clusters of different clouds behind one name. */
export const twoClouds = {
    clusters: [clusterConfigs.eks, clusterConfigs.gke],
    app: { ...minimalApp, ingress: { host: "shop.example.com" } },
    failover: { domain: "shop.example.com", zone: "example.com", primary: "east" },
} as const;

/** Clusters of other stacks behind one name. */
export const twoMembers = {
    failover: {
        domain: "shop.example.com",
        zone: "example.com",
        primary: "east",
        members: [
            { name: "east", stack: "acme/holdfast/elsewhere-east" },
            { name: "central", stack: "acme/holdfast/elsewhere-central" },
        ],
    },
} as const;
