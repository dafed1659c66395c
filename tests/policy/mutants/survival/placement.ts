import { type Mutant, set } from "../../plant";
import { appLabels, container, deployment, pod, priority, statefulSet, without } from "./types";

const app = "east-shop-deployment";
const state = "east-shop-state";
const overZones = `${pod}.topologySpreadConstraints[0]`;
const overHosts = `${pod}.topologySpreadConstraints[1]`;
const zone = "topology.kubernetes.io/zone";

const apart: readonly Mutant[] = [
    { defect: "no spread over zones", rule: "spread-over-zones", plant: set(deployment, app, `${pod}.topologySpreadConstraints`, without(0)) },
    { defect: "a spread over zones that is only preferred", rule: "spread-over-zones", plant: set(deployment, "central-shop-deployment", `${overZones}.whenUnsatisfiable`, "ScheduleAnyway") },
    { defect: "stateful replicas without a spread over zones", rule: "spread-over-zones", plant: set(statefulSet, state, `${overZones}.topologyKey`, "topology.kubernetes.io/region") },
    { defect: "a skew of two over zones", rule: "spread-even", plant: set(deployment, app, `${overZones}.maxSkew`, 2) },
    { defect: "a skew of the state that fits into one zone", rule: "spread-even", plant: set(statefulSet, state, `${overZones}.maxSkew`, 3) },
    { defect: "a spread that counts lost nodes", rule: "spread-recovers", plant: set(deployment, app, `${overZones}.nodeTaintsPolicy`, undefined) },
    { defect: "a spread that waits for the lost zone", rule: "spread-recovers", plant: set(deployment, "central-shop-deployment", `${overZones}.minDomains`, 3) },
    { defect: "volumes that may all end up in one zone", rule: "spread-volumes", plant: set(statefulSet, state, `${overZones}.minDomains`, undefined) },
    { defect: "volumes that may end up in two zones", rule: "spread-volumes", plant: set(statefulSet, state, `${overZones}.minDomains`, 2) },
    { defect: "no spread over nodes", rule: "spread-over-hosts", plant: set(deployment, app, `${pod}.topologySpreadConstraints`, without(1)) },
    { defect: "stateful replicas without a spread over nodes", rule: "spread-over-hosts", plant: set(statefulSet, state, `${pod}.topologySpreadConstraints`, without(1)) },
    {
        defect: "twelve replicas, of which each zone may have one",
        rule: "spread-fits-zones",
        plant: set(deployment, app, `${pod}.affinity`, { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: zone, labelSelector: { matchLabels: appLabels } }] } }),
    },
    { defect: "a spread that counts other pods", rule: "spread-counts-own-pods", plant: set(deployment, app, `${overZones}.labelSelector.matchLabels`, { app: "shop" }) },
    { defect: "a spread that counts no pods", rule: "spread-counts-own-pods", plant: set(statefulSet, state, `${overHosts}.labelSelector`, undefined) },
    { defect: "a spread that counts the pods of the last version", rule: "spread-counts-rollout", plant: set(deployment, app, `${overZones}.matchLabelKeys`, undefined) },
];

const nodes: readonly Mutant[] = [
    { defect: "pods that stay on an unreachable node for five minutes by default", rule: "pod-leaves-dead-node", plant: set(deployment, app, `${pod}.tolerations`, without(1)) },
    { defect: "pods that stay on a silent node for five minutes", rule: "pod-leaves-dead-node", plant: set(deployment, app, `${pod}.tolerations[0].tolerationSeconds`, 300) },
    { defect: "pods that tolerate everything for ever", rule: "pod-leaves-dead-node", plant: set(deployment, app, `${pod}.tolerations`, [{ operator: "Exists" }]) },
    { defect: "pods tied to one zone", rule: "pod-not-tied", plant: set(deployment, app, `${pod}.nodeSelector`, { [zone]: "us-east-1a" }) },
    { defect: "pods tied to one node of a cluster of unknown zones", rule: "pod-moves", stack: "dev", plant: set(deployment, "local-shop-deployment", `${pod}.nodeSelector`, { "kubernetes.io/hostname": "node-1" }) },
    { defect: "stateful pods tied to one node", rule: "pod-not-tied", plant: set(statefulSet, state, `${pod}.nodeName`, "node-1") },
    {
        defect: "pods tied to one zone by affinity",
        rule: "pod-not-tied",
        plant: set(deployment, app, `${pod}.affinity`, {
            nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: zone, operator: "In", values: ["us-east-1a"] }] }] } },
        }),
    },
    { defect: "replicas without a priority", rule: "pod-priority", plant: set(deployment, app, `${pod}.priorityClassName`, undefined) },
    { defect: "a priority class that is not there", rule: "pod-priority-exists", plant: set(statefulSet, state, `${pod}.priorityClassName`, "high") },
    { defect: "a priority class that is everybody's", rule: "priority-for-named", plant: set(priority, "east-shop-priority", "globalDefault", true) },
    { defect: "a memory limit over the request", rule: "container-memory-burst", plant: set(deployment, app, `${container}.resources.requests.memory`, "128Mi") },
];

export const placement: readonly Mutant[] = [...apart, ...nodes];
