import { type Rule } from "../rule";
import { at, hasUnknown, isSet, items } from "../values";
import { deregistrationsOf, ingressesByService } from "./backends";
import { titleOf } from "./podRule";
import { type Container, type PodSpec, podSpecOf, servingTypes } from "./pods";
import { listeners } from "./probes";
import { numberOf } from "./quantities";
import { hasPorts } from "./services";
import { called, namespaceRule, objectRule } from "./workloads";

/** Kubernetes' default (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination). */
const defaultGraceSeconds = 30;

/** The least time between the end of preStop and the kill: to finish what is open, and to exit. */
const leastDrainSeconds = 1;

/** How a replica ends without losing requests. */
export const shutdown: readonly Rule[] = [
    namespaceRule(
        {
            name: "shutdown-prestop",
            level: "mandatory",
            why: "A process that stops as soon as it is told to refuses the requests that load balancers and nodes still send it: 502s on each rollout.",
            ids: [],
            fix: "add lifecycle.preStop with a sleep longer than the load balancer's deregistration",
        },
        namespace =>
            namespace.workloads
                .filter(workload => namespace.serves(workload))
                .flatMap(workload =>
                    listeners(podSpecOf(workload))
                        .filter(container => !isSet(at(container.lifecycle ?? {}, "preStop")) || doesNothing(container))
                        .map(container => ({
                            resource: workload,
                            found: `${called(workload)}: ${titleOf(container)} has ${doesNothing(container) ? `a lifecycle.preStop that does not wait: ${items(container.lifecycle?.preStop?.exec?.command).join(" ")}` : "no lifecycle.preStop"}`,
                        })),
                ),
    ),
    namespaceRule(
        {
            name: "shutdown-outlasts-deregistration",
            level: "mandatory",
            // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#deregistration-delay: no new
            // connections come once draining has begun; the delay is for those that are open.
            why: "New requests come until the load balancer has heard that the replica goes, and those on open connections until draining ends: a replica that stops sooner drops them.",
            ids: [],
            fix: "raise the preStop sleep over the load balancer's deregistration time, or lower that",
        },
        namespace => {
            const ingresses = ingressesByService(namespace);
            return namespace.workloads.flatMap(workload => {
                const slept = listeners(podSpecOf(workload)).flatMap(container => preStopSecondsOf(container) ?? []);
                // A Service whose ports the pods lack sends them nothing, which is a fault of its own.
                const reached = namespace.servicesOf(workload).filter(service => hasPorts(workload, service));
                const times = reached.flatMap(service => deregistrationsOf(namespace, service, ingresses.get(service) ?? []));
                return times
                    .filter(({ seconds }) => slept.some(each => each <= seconds))
                    .map(({ seconds, by }) => ({ resource: workload, found: `${called(workload)} waits ${Math.min(...slept)} s in preStop; ${by} deregisters in ${seconds} s` }));
            });
        },
    ),
    objectRule(
        {
            name: "shutdown-grace",
            level: "mandatory",
            why: "The grace period begins with preStop: when it ends first, the container is killed with requests open.",
            ids: [],
            fix: "set terminationGracePeriodSeconds over preStop plus the time that open requests need",
        },
        servingTypes,
        (_, workload) => {
            const pod = podSpecOf(workload);
            const grace = numberOf(pod.terminationGracePeriodSeconds, defaultGraceSeconds);
            const slept = longestPreStopOf(pod);
            return grace < slept + leastDrainSeconds && `terminationGracePeriodSeconds is ${grace}; preStop takes ${slept} s of it`;
        },
    ),
];

/** Whether a container's preStop is a command that ends at once. */
function doesNothing({ lifecycle }: Container): boolean {
    const command = items(lifecycle?.preStop?.exec?.command).join(" ");
    return /^(\S*sh -c )?((\/usr)?(\/bin\/)?true|:|exit( 0)?|echo\b[^;&|]*)$/.test(command);
}

function longestPreStopOf({ containers }: PodSpec): number {
    return Math.max(0, ...items(containers).map(container => preStopSecondsOf(container) ?? 0));
}

/** How long a container waits before it is told to stop, in seconds; undefined where that can't be seen. */
function preStopSecondsOf({ lifecycle }: Container): number | undefined {
    const { sleep, exec } = lifecycle?.preStop ?? {};
    if (isSet(sleep)) {
        return hasUnknown(sleep) ? undefined : numberOf(sleep.seconds, 0);
    }
    const [, seconds] = /\bsleep\s+(\d+)/.exec(items(exec?.command).join(" ")) ?? [];
    return seconds === undefined ? undefined : Number(seconds);
}
