import { amountOf } from "../policy/kubernetes/quantities";
import { podSecurityBaseline } from "../policy/kubernetes/podSecurityBaseline";
import { podSecurityRestricted } from "../policy/kubernetes/podSecurityRestricted";
import type { Rule } from "../policy/rule";
import { type Mapping, isMapping, textOf } from "../policy/values";
import { listAt, mappingAt, numberAt, selects, valueAt } from "./objects";

/** A level of the Pod Security standards, the strictest first. */
export const podSecurityLevels = ["restricted", "baseline", "privileged"] as const;

export type PodSecurityLevel = (typeof podSecurityLevels)[number];

/** What is looked at in a pod. */
export interface PodFacts {
    /** CPU that it requests, in cores. */
    readonly cores: number;
    /** Memory that it requests, in GiB. */
    readonly gib: number;
    /** Whether each container that keeps running requests CPU and memory. */
    readonly requests: boolean;
    /** Whether each of them has a memory limit. */
    readonly memoryLimit: boolean;
    readonly priorityClass: string | undefined;
    /** Keys of node labels that its likes are spread over. */
    readonly spread: readonly string[];
    /** Keys of node labels that it keeps its likes apart by. */
    readonly apart: readonly string[];
    /** What it has of its node: "hostNetwork", "hostPath /var/log (read-only)". */
    readonly host: readonly string[];
    /** The strictest level that lets it in. */
    readonly podSecurity: PodSecurityLevel;
    readonly nonRoot: boolean;
    readonly seccomp: boolean;
    readonly readOnlyRoot: boolean;
}

/** The facts of a pod. */
export function podFactsOf(spec: Mapping, metadata: Mapping): PodFacts {
    const all = [...listAt(spec, "initContainers"), ...listAt(spec, "containers")];
    const running = all.filter(container => isSidecar(container) || !listAt(spec, "initContainers").includes(container));
    const context = mappingAt(spec, "securityContext");
    const labels = mappingAt(metadata, "labels");
    return {
        cores: rounded(requestOf(spec, "cpu")),
        gib: rounded(requestOf(spec, "memory") / 2 ** 30),
        requests: running.every(container => ["cpu", "memory"].every(resource => requested(container, resource) !== undefined)),
        memoryLimit: running.every(container => valueAt(container, "resources", "limits", "memory") !== undefined),
        priorityClass: textOf(spec["priorityClassName"]) || undefined,
        spread: keysOf(listAt(spec, "topologySpreadConstraints"), labels),
        apart: keysOf(antiAffinityTerms(mappingAt(spec, "affinity", "podAntiAffinity")), labels),
        host: unique(hostAccess(spec, all)),
        podSecurity: levelOf(spec, metadata),
        nonRoot: said(context, all, "runAsNonRoot", value => value === true),
        seccomp: said(context, all, "seccompProfile", value => ["RuntimeDefault", "Localhost"].includes(textOf(valueAt(value, "type")))),
        readOnlyRoot: all.every(container => valueAt(container, "securityContext", "readOnlyRootFilesystem") === true),
    };
}

/** Terms, whether the rule is a must or a wish. */
function antiAffinityTerms(antiAffinity: Mapping): readonly Mapping[] {
    const wishes = listAt(antiAffinity, "preferredDuringSchedulingIgnoredDuringExecution").map(term => mappingAt(term, "podAffinityTerm"));
    return [...listAt(antiAffinity, "requiredDuringSchedulingIgnoredDuringExecution"), ...wishes];
}

/** Keys of node labels of the rules that count pods like this one: a rule whose selector picks others, or none, does nothing here. */
function keysOf(rules: readonly Mapping[], labels: Mapping): readonly string[] {
    return unique(rules.filter(({ labelSelector }) => isMapping(labelSelector) && selects(labelSelector, labels)).map(({ topologyKey }) => textOf(topologyKey)));
}

/** Whether a setting is fine for every container, which takes the pod's where it has none. */
function said(pod: Mapping, containers: readonly Mapping[], setting: string, fine: (value: unknown) => boolean): boolean {
    return containers.every(container => fine(valueAt(container, "securityContext", setting) ?? pod[setting]));
}

/** Containers that start before the others and run beside them. */
function isSidecar({ restartPolicy }: Mapping): boolean {
    return restartPolicy === "Always";
}

/**
 * What the scheduler counts: the sum over all containers that run together, or what the start takes where that is
 * more (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers).
 */
function requestOf(spec: Mapping, resource: string): number {
    const amount = (container: Mapping): number => requested(container, resource) ?? 0;
    const init = listAt(spec, "initContainers");
    const sum = (containers: readonly Mapping[]): number => containers.reduce((total, container) => total + amount(container), 0);
    const starts = init.map((container, index) => sum(init.slice(0, index).filter(isSidecar)) + amount(container));
    return Math.max(sum([...init.filter(isSidecar), ...listAt(spec, "containers")]), ...starts);
}

/** A container's request; its limit where it names no request (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/). */
function requested(container: Mapping, resource: string): number | undefined {
    const text = valueAt(container, "resources", "requests", resource) ?? valueAt(container, "resources", "limits", resource);
    return text === undefined || text === null ? undefined : amountOf(text);
}

function hostAccess(spec: Mapping, containers: readonly Mapping[]): readonly string[] {
    const namespaces = ["hostNetwork", "hostPID", "hostIPC"].filter(setting => spec[setting] === true);
    const privileged = containers.some(container => valueAt(container, "securityContext", "privileged") === true) ? ["privileged"] : [];
    const ports = containers.flatMap(container => listAt(container, "ports").map(port => numberAt(port, "hostPort") ?? 0)).filter(port => port !== 0);
    const paths = listAt(spec, "volumes").flatMap(volume => {
        const path = textOf(valueAt(volume, "hostPath", "path"));
        const mounts = containers.flatMap(container => listAt(container, "volumeMounts")).filter(({ name }) => name === volume["name"]);
        return path === "" ? [] : [`hostPath ${path}${mounts.every(({ readOnly }) => readOnly === true) ? " (read-only)" : ""}`];
    });
    // With hostNetwork every port is the node's.
    return [...namespaces, ...privileged, ...(spec["hostNetwork"] === true ? [] : ports.map(port => `hostPort ${port}`)), ...paths];
}

/** Capabilities that the baseline lets a container add: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline. */
const baselineCapabilities: readonly string[] = [
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
];

/** The strictest level that a pod passes, by the policy pack's own rules. What restricted forbids and baseline does in part is told apart here. */
function levelOf(spec: Mapping, metadata: Mapping): PodSecurityLevel {
    const containers = [...listAt(spec, "initContainers"), ...listAt(spec, "containers")];
    const added = containers.flatMap(container => valueAt(container, "securityContext", "capabilities", "add") ?? []);
    const profiles = [spec, ...containers].map(holder => valueAt(holder, "securityContext", "seccompProfile", "type"));
    const beyond = added.some(name => !baselineCapabilities.includes(textOf(name))) || profiles.includes("Unconfined");
    const pod = { urn: "", type: "kubernetes:core/v1:Pod", name: "", parent: undefined, provider: undefined, protect: false, sources: {}, inputs: { metadata, spec } };
    const breaks = (rules: readonly Rule[]): boolean => rules.some(rule => rule.scope === "resource" && rule.faults(pod).length > 0);
    return beyond || breaks(podSecurityBaseline) ? "privileged" : breaks(podSecurityRestricted) ? "baseline" : "restricted";
}

/** To a millionth: sums of decimal fractions have tails. */
function rounded(amount: number): number {
    return Math.round(amount * 1e6) / 1e6;
}

function unique(texts: readonly string[]): readonly string[] {
    return [...new Set(texts)].sort();
}
