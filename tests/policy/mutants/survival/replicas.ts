import { type Mutant, add, both, drop, set } from "../../plant";
import { autoscaler, budget, container, deployment, quota } from "./types";

const hpa = "east-shop-autoscaler";
const app = "east-shop-deployment";

const counts: readonly Mutant[] = [
    { defect: "a Deployment that names no number and has no autoscaler", rule: "workload-replicas", plant: drop(autoscaler, hpa) },
    {
        defect: "two replicas over three zones, without an autoscaler",
        rule: "workload-replicas",
        plant: both(drop(autoscaler, hpa), set(deployment, app, "spec.replicas", 2)),
    },
    { defect: "one replica where no zones are known", rule: "workload-replicas", stack: "hello", plant: drop(autoscaler, "local-hello-autoscaler") },
    { defect: "an autoscaler's minimum under the number of zones", rule: "hpa-minimum", plant: set(autoscaler, hpa, "spec.minReplicas", 2) },
    { defect: "an autoscaler's minimum left out, which is one", rule: "hpa-minimum", plant: set(autoscaler, "central-shop-autoscaler", "spec.minReplicas", undefined) },
    { defect: "an autoscaler's minimum of one where no zones are known", rule: "hpa-two", stack: "dev", plant: set(autoscaler, "local-shop-autoscaler", "spec.minReplicas", 1) },
    { defect: "a number of replicas beside an autoscaler", rule: "hpa-owns-replicas", plant: set(deployment, app, "spec.replicas", 3) },
    {
        defect: "a number of replicas, read back from the cluster, that Pulumi set",
        rule: "hpa-owns-replicas",
        plant: both(
            set(deployment, app, "spec.replicas", 3),
            set(deployment, app, "metadata.managedFields", [{ manager: "pulumi-kubernetes-1", operation: "Apply", fieldsV1: { "f:spec": { "f:replicas": {} } } }]),
        ),
    },
    { defect: "a CPU target that two zones can't carry", rule: "hpa-survives-zone", plant: set(autoscaler, hpa, "spec.metrics[0].resource.target.averageUtilization", 70) },
    { defect: "no metric, which is 80 % of CPU", rule: "hpa-survives-zone", plant: set(autoscaler, hpa, "spec.metrics", []) },
    {
        defect: "a CPU target of an autoscaler of the first version that two zones can't carry",
        rule: "hpa-survives-zone",
        plant: both(
            drop(autoscaler, hpa),
            add([deployment, app], "kubernetes:autoscaling/v1:HorizontalPodAutoscaler", "east-planted", {
                metadata: { name: "shop", namespace: "shop" },
                spec: { minReplicas: 3, maxReplicas: 12, targetCPUUtilizationPercentage: 80, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" } },
            }),
        ),
    },
    {
        defect: "an autoscaler that goes by memory alone",
        rule: "hpa-cpu-metric",
        plant: set(autoscaler, hpa, "spec.metrics", [{ type: "Resource", resource: { name: "memory", target: { type: "Utilization", averageUtilization: 60 } } }]),
    },
    { defect: "an autoscaler whose maximum is its minimum", rule: "hpa-has-room", plant: set(autoscaler, hpa, "spec.maxReplicas", 3) },
];

const pace: readonly Mutant[] = [
    { defect: "an autoscaler of a Deployment that is not there", rule: "hpa-target-exists", plant: set(autoscaler, hpa, "spec.scaleTargetRef.name", "shpo") },
    { defect: "an autoscaler of a StatefulSet that is not there", rule: "hpa-target-exists", plant: set(autoscaler, hpa, "spec.scaleTargetRef.kind", "StatefulSet") },
    {
        defect: "two autoscalers of one Deployment",
        rule: "hpa-single",
        plant: add([autoscaler, hpa], autoscaler, "east-planted", {
            metadata: { name: "planted", namespace: "shop" },
            spec: {
                minReplicas: 3,
                maxReplicas: 12,
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" },
                metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }],
                behavior: { scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] } },
            },
        }),
    },
    {
        defect: "a metric of a container that is not there",
        rule: "hpa-metric-source",
        plant: set(autoscaler, hpa, "spec.metrics", [
            { type: "ContainerResource", containerResource: { container: "sidecar", name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
        ]),
    },
    {
        defect: "a metric that no container has a request of",
        rule: "hpa-metric-source",
        plant: set(autoscaler, hpa, "spec.metrics[1]", { type: "Resource", resource: { name: "hugepages-2Mi", target: { type: "Utilization", averageUtilization: 60 } } }),
    },
    { defect: "a window of half a minute", rule: "hpa-scale-down-window", plant: set(autoscaler, "central-shop-autoscaler", "spec.behavior.scaleDown.stabilizationWindowSeconds", 30) },
    { defect: "scaling down without a window", rule: "hpa-scale-down-window", plant: set(autoscaler, hpa, "spec.behavior.scaleDown.stabilizationWindowSeconds", 0) },
    { defect: "an autoscaler without behaviour, which drops by 100 % in 15 s", rule: "hpa-scale-down-steps", plant: set(autoscaler, "central-shop-autoscaler", "spec.behavior", undefined) },
    { defect: "scaling down by all at once", rule: "hpa-scale-down-steps", plant: set(autoscaler, hpa, "spec.behavior.scaleDown.policies[1].value", 100) },
    { defect: "scaling down without steps", rule: "hpa-scale-down-steps", plant: set(autoscaler, hpa, "spec.behavior.scaleDown.policies", undefined) },
    { defect: "scaling up forbidden", rule: "hpa-scale-up", plant: set(autoscaler, hpa, "spec.behavior.scaleUp.selectPolicy", "Disabled") },
    { defect: "scaling up after ten minutes", rule: "hpa-scale-up-soon", plant: set(autoscaler, hpa, "spec.behavior.scaleUp.stabilizationWindowSeconds", 600) },
    { defect: "scaling down forbidden", rule: "hpa-scales-down", plant: set(autoscaler, hpa, "spec.behavior.scaleDown.selectPolicy", "Disabled") },
    {
        defect: "a maximum of a hundred times the minimum, with a quota for it",
        rule: "hpa-maximum-bounded",
        plant: both(set(autoscaler, hpa, "spec.maxReplicas", 300), set(quota, "east-shop-quota", "spec.hard", { pods: "1000", "requests.cpu": "1k", "requests.memory": "1Ti" })),
    },
    { defect: "a CPU limit of twenty times the request", rule: "container-cpu-burst", plant: set(deployment, app, `${container}.resources.requests.cpu`, "50m") },
];

const drains: readonly Mutant[] = [
    { defect: "no budget for the app", rule: "workload-budget", plant: drop(budget, "east-shop-budget") },
    { defect: "no budget for the state", rule: "workload-budget", plant: drop(budget, "central-shop-state-budget") },
    { defect: "a budget in another namespace", rule: "workload-budget", plant: set(budget, "east-shop-budget", "metadata.namespace", "other") },
    { defect: "a budget for all pods beside the state's own", rule: "workload-one-budget", plant: set(budget, "east-shop-budget", "spec.selector", {}) },
    {
        defect: "two budgets for the app",
        rule: "workload-one-budget",
        plant: add([budget, "east-shop-budget"], budget, "east-planted", {
            metadata: { name: "planted", namespace: "shop" },
            spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchExpressions: [{ key: "app.kubernetes.io/component", operator: "In", values: ["app", "web"] }] } },
        }),
    },
    { defect: "a budget that picks nothing", rule: "budget-selects-pods", plant: set(budget, "east-shop-budget", "spec.selector.matchLabels", { app: "shop" }) },
    { defect: "a budget without a selector, which picks nothing", rule: "budget-selects-pods", plant: set(budget, "east-shop-budget", "spec.selector", undefined) },
    { defect: "a budget that guards unready pods by default", rule: "budget-evicts-unready", plant: set(budget, "east-shop-budget", "spec.unhealthyPodEvictionPolicy", undefined) },
    { defect: "a budget that guards unready pods", rule: "budget-evicts-unready", plant: set(budget, "east-shop-state-budget", "spec.unhealthyPodEvictionPolicy", "IfHealthyBudget") },
    { defect: "a budget that lets none go", rule: "budget-lets-drain", plant: set(budget, "east-shop-budget", "spec.maxUnavailable", 0) },
    { defect: "a budget that lets 0 % go", rule: "budget-lets-drain", stack: "hello", plant: set(budget, "local-hello-budget", "spec.maxUnavailable", "0%") },
    {
        defect: "a budget that keeps as many as the minimum",
        rule: "budget-lets-drain",
        plant: both(set(budget, "east-shop-budget", "spec.maxUnavailable", undefined), set(budget, "east-shop-budget", "spec.minAvailable", 3)),
    },
    {
        defect: "a budget that keeps 67 % of three, which is all",
        rule: "budget-lets-drain",
        plant: both(set(budget, "east-shop-budget", "spec.maxUnavailable", undefined), set(budget, "east-shop-budget", "spec.minAvailable", "67%")),
    },
    { defect: "a budget that lets more go than a lost zone takes", rule: "budget-within-zone-loss", plant: set(budget, "east-shop-budget", "spec.maxUnavailable", 2) },
    { defect: "a budget that lets 50 % of three go, which is two", rule: "budget-within-zone-loss", plant: set(budget, "east-shop-budget", "spec.maxUnavailable", "50%") },
    { defect: "a budget that says nothing", rule: "budget-keeps-serving", plant: set(budget, "east-shop-budget", "spec.maxUnavailable", undefined) },
    { defect: "a budget that lets a majority of the state go", rule: "budget-keeps-serving", plant: set(budget, "central-shop-state-budget", "spec.maxUnavailable", 2) },
    { defect: "a budget that lets both of two replicas go", rule: "budget-keeps-serving", stack: "dev", plant: set(budget, "local-shop-budget", "spec.maxUnavailable", "100%") },
];

export const replicas: readonly Mutant[] = [...counts, ...pace, ...drains];
