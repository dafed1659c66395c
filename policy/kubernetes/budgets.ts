import { quorum, survivors } from "../../components/model/capacity";
import { groupBy, isOfType } from "../graph";
import { type Fault, type Rule, shown } from "../rule";
import { differs, hasUnknown, isSet } from "../values";
import { isPlaceholder } from "./placement";
import { servingTypes } from "./pods";
import { exceeds, shareOf } from "./quantities";
import { type Namespace, type Workload, called, namespaceRule, objectRule } from "./workloads";

const budgetType = "kubernetes:policy/v1:PodDisruptionBudget";
type Budget = ReturnType<typeof budgetsIn>[number]["budget"];

/** What drains and upgrades may take away at once. */
export const budgets: readonly Rule[] = [
    namespaceRule(
        {
            name: "workload-budget",
            level: "mandatory",
            why: "Without a budget, a drain or an upgrade may take every replica at once.",
            ids: ["kube-score deployment-has-poddisruptionbudget", "kube-score statefulset-has-poddisruptionbudget"],
            fix: "add a PodDisruptionBudget with maxUnavailable 1 whose selector is the workload's own",
        },
        namespace => {
            // A budget that picks nothing is a fault of its own, and may be meant for this workload.
            if (!namespace.isWhole || namespace.objects(budgetType).some(({ inputs }) => namespace.picked(inputs.spec?.selector).length === 0)) {
                return [];
            }
            const covered = new Set(budgetsIn(namespace).flatMap(({ workloads }) => workloads));
            return namespace.workloads
                .filter(workload => namespace.replicasOf(workload).least > 1 && !covered.has(workload) && !isPlaceholder(namespace, workload))
                .map(workload => ({ resource: workload, found: `${called(workload)} has no PodDisruptionBudget in namespace ${namespace.name}` }));
        },
    ),
    namespaceRule(
        {
            name: "workload-one-budget",
            level: "mandatory",
            // pkg/registry/core/pod/storage/eviction.go: "more than one PodDisruptionBudget, which the eviction subresource does not support".
            why: "Kubernetes refuses to evict a pod that has two budgets, and a drain never ends.",
            ids: [],
            fix: "narrow the selectors so that each workload has one PodDisruptionBudget",
        },
        namespace => {
            const pairs = budgetsIn(namespace).flatMap(({ budget, workloads }) => workloads.map(workload => ({ budget, workload })));
            return [...groupBy(pairs, ({ workload }) => workload)]
                .filter(([, own]) => own.length > 1)
                .map(([workload, own]) => ({ resource: workload, found: `${called(workload)} has ${own.map(({ budget }) => called(budget)).join(" and ")}` }));
        },
    ),
    namespaceRule(
        {
            name: "budget-selects-pods",
            level: "mandatory",
            why: "A budget whose selector picks nothing guards nothing.",
            ids: [],
            fix: "make spec.selector the selector of the workload",
        },
        namespace =>
            namespace.isWhole
                ? namespace
                      .objects(budgetType)
                      .filter(({ inputs }) => namespace.picked(inputs.spec?.selector).length === 0 && !hasUnknown(inputs.spec?.selector))
                      .map(budget => ({ resource: budget, found: `${called(budget)} picks no pods in namespace ${namespace.name} by selector ${shown(budget.inputs.spec?.selector)}` }))
                : [],
    ),
    objectRule(
        {
            name: "budget-evicts-unready",
            level: "mandatory",
            why: "By default pods that are not ready are guarded too: a broken release then stops every node upgrade.",
            ids: [],
            fix: "set unhealthyPodEvictionPolicy to AlwaysAllow",
        },
        budgetType,
        ({ spec }) => differs(spec?.unhealthyPodEvictionPolicy, "AlwaysAllow") && `unhealthyPodEvictionPolicy is ${shown(spec?.unhealthyPodEvictionPolicy)}`,
    ),
    namespaceRule(
        {
            name: "budget-lets-drain",
            level: "mandatory",
            why: "A budget that never lets a pod go stops every drain: nodes can't be upgraded, and an autoscaler can't remove them.",
            ids: [],
            fix: "set maxUnavailable to 1, and leave minAvailable out",
        },
        namespace =>
            budgetFaults(namespace, ({ budget, taken, least }) => {
                return taken <= 0 ? `${saidBy(budget)}, which lets none of ${least} replicas go` : undefined;
            }),
    ),
    namespaceRule(
        {
            name: "budget-keeps-serving",
            level: "mandatory",
            why: "A drain that may take every replica ends the service, and one that may take a majority of the state ends its writes.",
            ids: ["kube-score poddisruptionbudget-has-policy"],
            fix: "set maxUnavailable to 1, and leave minAvailable out",
        },
        namespace => budgetFaults(namespace, guarded => leavesLess(guarded, mustBeLeft(guarded))),
    ),
    namespaceRule(
        {
            name: "budget-within-zone-loss",
            level: "advisory",
            why: "A drain that may take more replicas than the loss of a zone does leaves too few to carry the load.",
            ids: [],
            fix: "set maxUnavailable to 1, or raise the fewest replicas",
        },
        namespace =>
            budgetFaults(namespace, guarded =>
                exceeds(mustBeLeft(guarded), guarded.least - guarded.taken) ? undefined : leavesLess(guarded, survivors(guarded.least, Math.max(1, namespace.zones))),
            ),
    ),
];

/** The budgets of a namespace, each with the workloads whose pods it picks. */
function budgetsIn(namespace: Namespace) {
    return namespace.objects(budgetType).map(budget => ({
        budget,
        workloads: namespace.picked(budget.inputs.spec?.selector).filter((pods): pods is Workload => servingTypes.some(type => type === pods.type)),
    }));
}

/** A budget, a workload that it guards, and what that may come to. */
interface Guarded {
    readonly budget: Budget;
    readonly workload: Workload;
    /** Replicas at the minimum. */
    readonly least: number;
    /** Of these, how many a drain may take. */
    readonly taken: number;
}

/** Faults of budgets that guard one workload of two replicas or more each. */
function budgetFaults(namespace: Namespace, fault: (guarded: Guarded) => string | undefined): readonly Fault[] {
    return budgetsIn(namespace).flatMap(({ budget, workloads }) => {
        const [workload] = workloads;
        const least = workload === undefined ? 0 : namespace.replicasOf(workload).least;
        if (workload === undefined || workloads.length > 1 || least < 2) {
            return [];
        }
        const found = fault({ budget, workload, least, taken: takenBy(budget, least) });
        return found === undefined ? [] : [{ resource: budget, found: `${called(budget)}: ${found}` }];
    });
}

/**
 * How many of some replicas a budget lets go: all where it says nothing. Kubernetes rounds both percentages
 * up (pkg/controller/disruption/disruption.go, getExpectedPodCount).
 */
function takenBy({ inputs }: Budget, replicas: number): number {
    const { minAvailable, maxUnavailable } = inputs.spec ?? {};
    if (isSet(maxUnavailable)) {
        return Math.min(replicas, shareOf(maxUnavailable, replicas, Math.ceil));
    }
    return isSet(minAvailable) ? replicas - shareOf(minAvailable, replicas, Math.ceil) : replicas;
}

/** What a budget says, for a message. */
function saidBy({ inputs }: Budget): string {
    const { minAvailable, maxUnavailable } = inputs.spec ?? {};
    if (isSet(maxUnavailable)) {
        return `maxUnavailable is ${shown(maxUnavailable)}`;
    }
    return isSet(minAvailable) ? `minAvailable is ${shown(minAvailable)}` : "neither maxUnavailable nor minAvailable is said";
}

/** What must be left: a majority where replicas keep data, else one. */
function mustBeLeft({ workload, least }: Guarded): number {
    // Two members have no majority to spare: that they are too few is a fault of its own.
    return isOfType(workload, "kubernetes:apps/v1:StatefulSet") && least > 2 ? quorum(least) : 1;
}

function leavesLess({ budget, workload, least, taken }: Guarded, needed: number): string | undefined {
    return exceeds(needed, least - taken) ? `${saidBy(budget)}, which leaves ${least - taken} of ${least} replicas; ${called(workload)} needs ${needed}` : undefined;
}
