import type { Raw } from "./checks";
import { type KubernetesObject, mappingAt, selects, valueAt } from "./objects";
import { type PlacedWorkload, registeredObjects } from "./placed";
import { roleOf } from "./requests";
import type { PlannedVariant } from "./variants";
import { workloadsOf } from "./workloads";

/** Where objects that the program registers say which pods they are for. */
const selectorPaths: Readonly<Record<string, readonly string[]>> = {
    NetworkPolicy: ["spec", "podSelector"],
    PodDisruptionBudget: ["spec", "selector"],
    PodMonitor: ["spec", "selector"],
};

/**
 * Objects that the program registers for a chart's pods and that pick none: a policy or budget that holds for nothing.
 * A Service's selector is plain labels.
 */
export function selectorConcerns(planned: PlannedVariant, placed: readonly PlacedWorkload[]): readonly Raw[] {
    const objects = registeredObjects(planned);
    const namespaces = new Set(placed.map(({ namespace }) => namespace));
    const own = objects.flatMap(object => workloadsOf([object], "").map(({ labels }) => ({ namespace: object.namespace, labels })));
    const pods = [...placed.map(({ namespace, workload }) => ({ namespace, labels: workload.labels })), ...own];
    return objects
        .filter(({ namespace }) => namespaces.has(namespace))
        .flatMap(object => {
            const selector = selectorOf(object);
            const within = monitoredNamespaces(object);
            const picks = selector === undefined || pods.some(({ namespace, labels }) => within(namespace) && selects(selector, labels));
            return picks ? [] : [{ check: "selectors" as const, role: roleOf(object.name), subject: `${object.kind} ${object.name}`, message: `picks no pod of namespace ${object.namespace}` }];
        });
}

/** The object's own namespace, unless it is a monitor, which can name others. */
function monitoredNamespaces({ namespace, body }: KubernetesObject): (namespace: string) => boolean {
    const { any, matchNames } = mappingAt(body, "spec", "namespaceSelector");
    return other => any === true || (Array.isArray(matchNames) ? matchNames.includes(other) : other === namespace);
}

function selectorOf({ kind, body }: KubernetesObject): unknown {
    const path = selectorPaths[kind];
    if (kind === "Service") {
        const matchLabels = mappingAt(body, "spec", "selector");
        return Object.keys(matchLabels).length === 0 ? undefined : { matchLabels };
    }
    return path === undefined ? undefined : (valueAt(body, ...path) ?? {});
}
