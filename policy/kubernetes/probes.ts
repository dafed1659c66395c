import { type Fault, type Rule, type RuleText, shown } from "../rule";
import { at, hasUnknown, isSaid, isSet, isUnknown, items } from "../values";
import { knownContainers, titleOf } from "./podRule";
import { type Container, type PodSpec, podSpecOf, servingTypes } from "./pods";
import { failureSecondsOf, startupSecondsOf } from "./probeTimes";
import { type Namespace, type Workload, called, namespaceRule, objectRule } from "./workloads";

/** Longer than this, clients see errors of a replica that can't serve. */
const mostUnreadySeconds = 30;

/** What Kubernetes asks containers, and what it makes of the answers. */
export const probes: readonly Rule[] = [
    namespaceRule(
        {
            name: "probe-readiness",
            level: "mandatory",
            why: "Without a readiness probe, requests go to replicas that have not started, or can't serve.",
            ids: ["CKV_K8S_9", "kube-score pod-probes"],
            fix: "add a readinessProbe that answers for what a request needs",
        },
        namespace => servedContainers(namespace, ({ readinessProbe }) => !isSet(readinessProbe) && "has no readinessProbe"),
    ),
    namespaceRule(
        {
            name: "probe-liveness",
            level: "advisory",
            why: "Without a liveness probe, a process that hangs is never restarted.",
            ids: ["CKV_K8S_8", "kube-score pod-probes"],
            fix: "add a livenessProbe that answers for the process alone, and for nothing that it depends on",
        },
        namespace => servedContainers(namespace, ({ livenessProbe }) => !isSet(livenessProbe) && "has no livenessProbe"),
    ),
    containerRule(
        {
            name: "probe-startup",
            level: "advisory",
            why: "Without a startup probe, the liveness probe kills a container that starts slowly, over and over.",
            ids: [],
            fix: "add a startupProbe whose failureThreshold times periodSeconds covers the slowest start, at least as long as the livenessProbe's",
        },
        container => {
            const { livenessProbe, startupProbe } = container;
            if (!isSet(livenessProbe) || hasUnknown([livenessProbe, startupProbe]) || startupSecondsOf(container) >= failureSecondsOf(livenessProbe)) {
                return false;
            }
            return isSet(startupProbe)
                ? `startupProbe allows ${startupSecondsOf(container)} s, less than the ${failureSecondsOf(livenessProbe)} s of livenessProbe`
                : "it has a livenessProbe and no startupProbe";
        },
    ),
    containerRule(
        {
            name: "probes-differ",
            level: "advisory",
            why: "Where liveness asks what readiness asks, whatever keeps a replica from serving also restarts it, and all of them at once.",
            ids: ["kube-score pod-probes-identical"],
            fix: "let livenessProbe ask a path that answers while the process works",
        },
        ({ livenessProbe, readinessProbe }) =>
            isSet(livenessProbe?.httpGet) &&
            isSet(readinessProbe?.httpGet) &&
            livenessProbe.httpGet.path === readinessProbe.httpGet.path &&
            livenessProbe.httpGet.port === readinessProbe.httpGet.port &&
            `livenessProbe and readinessProbe both ask ${shown(livenessProbe.httpGet.path)}`,
    ),
    containerRule(
        {
            name: "probe-port-exists",
            level: "mandatory",
            why: "A probe or hook that names a port that its container does not have always fails: the container is restarted for ever, or never ready.",
            ids: [],
            fix: "name a port of the container, or give its number",
        },
        container => {
            const names = items(container.ports).map(({ name }) => name);
            const missing = portsAsked(container).filter(port => typeof port === "string" && !/^\d+$/.test(port) && !isUnknown(port) && !names.includes(port));
            return missing.length > 0 && !hasUnknown(container.ports) && `a probe or hook asks port ${missing.map(shown).join(", ")}; its ports are ${names.length === 0 ? "none" : names.map(shown).join(", ")}`;
        },
    ),
    objectRule(
        {
            name: "probe-port-declared",
            level: "advisory",
            why: "A probe of a port that nothing listens on always fails; a number that no container names is mostly a slip.",
            ids: [],
            fix: "ask one of the containers' ports, or add the port to the container that listens on it",
        },
        servingTypes,
        (_, resource) => {
            // Containers of a pod share its address. Where they name no port at all, any may be right.
            const containers = knownContainers(podSpecOf(resource));
            const ports = containers.flatMap(container => items(container.ports).map(({ containerPort }) => containerPort));
            return ports.length === 0 || hasUnknown(containers.map(container => container.ports))
                ? []
                : containers.flatMap(container =>
                      ownPortsAsked(container)
                          .filter(port => (typeof port === "number" || /^\d+$/.test(String(port))) && !ports.includes(Number(port)))
                          .map(port => `${titleOf(container)}: a probe or hook asks port ${shown(port)}; the containers name ${ports.map(shown).join(", ")}`),
                  );
        },
    ),
    containerRule(
        {
            name: "probe-readiness-quick",
            level: "advisory",
            why: "Until the readiness probe has failed often enough, a replica that can't serve gets its share of requests.",
            ids: [],
            fix: `lower periodSeconds or failureThreshold of readinessProbe, to ${mostUnreadySeconds} s together or less`,
        },
        ({ readinessProbe }) =>
            isSet(readinessProbe) &&
            failureSecondsOf(readinessProbe) > mostUnreadySeconds &&
            `it takes ${failureSecondsOf(readinessProbe)} s to be called not ready`,
    ),
    containerRule(
        {
            name: "probe-liveness-patient",
            level: "advisory",
            why: "A liveness probe that gives up sooner than the readiness probe restarts what only needed a pause from requests.",
            ids: [],
            fix: "raise periodSeconds or failureThreshold of livenessProbe over readinessProbe's",
        },
        ({ livenessProbe, readinessProbe }) =>
            isSet(livenessProbe) &&
            isSet(readinessProbe) &&
            failureSecondsOf(livenessProbe) < failureSecondsOf(readinessProbe) &&
            `it is restarted after ${failureSecondsOf(livenessProbe)} s, and not ready after ${failureSecondsOf(readinessProbe)} s`,
    ),
];

/** A rule for each container of a Deployment or StatefulSet, those that run before the others included. */
function containerRule(text: RuleText, fault: (container: Container) => string | false): Rule {
    return objectRule(text, servingTypes, (_, resource) =>
        knownContainers(podSpecOf(resource)).flatMap(container => {
            const found = fault(container);
            return found === false ? [] : [`${titleOf(container)}: ${found}`];
        }),
    );
}

/** Faults of the containers that Services send to. */
function servedContainers(namespace: Namespace, fault: (container: Container) => string | false): readonly Fault[] {
    return namespace.workloads
        .filter(workload => namespace.servicesOf(workload).length > 0)
        .flatMap(workload =>
            listeners(podSpecOf(workload)).flatMap(container => {
                const found = fault(container);
                return found === false ? [] : [{ resource: workload, found: `${called(workload)}: ${titleOf(container)} ${found}` }];
            }),
        );
}

/** The containers of a pod that listen: those that name a port, or all where none does. */
export function listeners({ containers }: PodSpec): readonly Container[] {
    const listening = items(containers).filter(({ ports }) => items(ports).length > 0);
    return listening.length > 0 ? listening : items(containers);
}

/** Paths that a workload's readiness probes ask for. */
export function readyPathsOf(workload: Workload): readonly string[] {
    // Kubernetes asks for / where no path is said (pkg/apis/core/v1/defaults.go).
    return listeners(podSpecOf(workload)).flatMap(({ readinessProbe }) => (isSet(readinessProbe?.httpGet) ? [at(readinessProbe.httpGet, "path") ?? "/"] : []));
}

/** Ports that a container's probes and hooks ask. */
function portsAsked(container: Container): readonly unknown[] {
    return actionsOf(container).flatMap(action => [action?.httpGet?.port, action?.tcpSocket?.port]).filter(isSet);
}

/** Those of them that are asked of the pod itself; that others are asked is a fault of its own. */
function ownPortsAsked(container: Container): readonly unknown[] {
    return actionsOf(container)
        .flatMap(action => [action?.httpGet, action?.tcpSocket])
        .flatMap(asked => (isSaid(asked?.host) ? [] : [asked?.port]))
        .filter(isSet);
}

function actionsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container) {
    return [livenessProbe, readinessProbe, startupProbe, lifecycle?.preStop, lifecycle?.postStart];
}
