import { type Mutant, add, both, drop, set, setKey } from "../../plant";
import { also, autoscaler, claim, cronJob, deployment, pod, quota, service, statefulSet, storage } from "./types";

const state = "east-shop-state";
const limits = "east-shop-quota";

const volumes: readonly Mutant[] = [
    { defect: "volumes that are made before their pods are placed", rule: "storage-waits-for-pod", plant: set(storage, "east-shop-storage", "volumeBindingMode", "Immediate") },
    { defect: "a binding mode left out, which is Immediate", rule: "storage-waits-for-pod", plant: set(storage, "central-shop-storage", "volumeBindingMode", undefined) },
    {
        defect: "state on emptyDir",
        rule: "state-on-volume",
        plant: both(
            set(statefulSet, state, "spec.volumeClaimTemplates", undefined),
            set(statefulSet, state, `${pod}.volumes`, also({ name: "my-data", emptyDir: { sizeLimit: "10Gi" } })),
            ...[0, 1, 2].map(ordinal => drop(claim, `east-shop-volume-${ordinal}`)),
        ),
    },
    { defect: "volumes that can't grow", rule: "storage-grows", plant: set(storage, "east-shop-storage", "allowVolumeExpansion", undefined) },
    { defect: "disks that go with their claims", rule: "storage-retained", plant: set(storage, "east-shop-storage", "reclaimPolicy", "Delete") },
    { defect: "disks that go with their claims by default", rule: "storage-retained", plant: set(storage, "central-shop-storage", "reclaimPolicy", undefined) },
    { defect: "claims that go with the StatefulSet", rule: "state-claims-retained", plant: set(statefulSet, state, "spec.persistentVolumeClaimRetentionPolicy.whenDeleted", "Delete") },
    { defect: "claims that go when it is scaled down", rule: "state-claims-retained", plant: set(statefulSet, state, "spec.persistentVolumeClaimRetentionPolicy.whenScaled", "Delete") },
    {
        defect: "two stateful replicas, no majority of which survives a zone",
        rule: "state-quorum",
        plant: both(set(statefulSet, state, "spec.replicas", 2), drop(claim, "east-shop-volume-2")),
    },
    {
        defect: "one stateful replica over three zones",
        rule: "state-quorum",
        plant: both(set(statefulSet, state, "spec.replicas", 1), drop(claim, "east-shop-volume-1"), drop(claim, "east-shop-volume-2")),
    },
    { defect: "volumes that several nodes may write", rule: "state-one-writer", plant: set(statefulSet, state, "spec.volumeClaimTemplates[0].spec.accessModes", ["ReadWriteMany"]) },
    { defect: "a replica's claim that several nodes may write", rule: "state-one-writer", plant: set(claim, "central-shop-volume-1", "spec.accessModes", ["ReadWriteMany"]) },
    { defect: "a replica without its claim", rule: "state-claims-match", plant: drop(claim, "east-shop-volume-1") },
    { defect: "a replica's claim of another class", rule: "state-claims-match", plant: set(claim, "east-shop-volume-0", "spec.storageClassName", "gp2") },
    { defect: "claims of a class that is gone", rule: "claim-class-exists", plant: drop(storage, "central-shop-storage") },
    {
        defect: "a Deployment that mounts a volume for one node",
        rule: "deployment-shares-volume",
        plant: set(deployment, "east-shop-deployment", `${pod}.volumes`, also({ name: "data", persistentVolumeClaim: { claimName: "my-data-shop-state-0" } })),
    },
    {
        defect: "a claim that no pod mounts, with a quota for it",
        rule: "claim-used",
        plant: both(
            add([claim, "east-shop-volume-0"], claim, "east-planted", {
                metadata: { name: "planted", namespace: "shop" },
                spec: { accessModes: ["ReadWriteOnce"], storageClassName: "shop-state", resources: { requests: { storage: "10Gi" } } },
            }),
            setKey(quota, limits, "spec.hard", "persistentvolumeclaims", "4"),
            setKey(quota, limits, "spec.hard", "requests.storage", "40Gi"),
        ),
    },
];

const room: readonly Mutant[] = [
    { defect: "a quota without room for a lost zone's replacements", rule: "quota-fits-peak", plant: setKey(quota, limits, "spec.hard", "pods", "18") },
    { defect: "a quota of too little CPU", rule: "quota-fits-peak", plant: setKey(quota, limits, "spec.hard", "requests.cpu", "5400m") },
    { defect: "a quota of too little memory", rule: "quota-fits-peak", plant: setKey(quota, limits, "spec.hard", "requests.memory", "5Gi") },
    { defect: "a quota of too low a CPU limit", rule: "quota-fits-peak", plant: setKey(quota, limits, "spec.hard", "limits.cpu", "21") },
    { defect: "an autoscaler's maximum that the quota has no room for", rule: "quota-fits-peak", plant: set(autoscaler, "central-shop-autoscaler", "spec.maxReplicas", 20) },
    { defect: "a surge that the quota has no room for", rule: "quota-fits-peak", plant: set(deployment, "east-shop-deployment", "spec.strategy.rollingUpdate.maxSurge", "100%") },
    {
        defect: "jobs that the quota has no room for",
        rule: "quota-fits-peak",
        stack: "full",
        plant: set(cronJob, "east-shop-job-report", "spec.jobTemplate.spec.parallelism", 10),
    },
    {
        defect: "a quota of too little CPU where no zones are known",
        rule: "quota-fits-peak",
        stack: "dev",
        plant: setKey(quota, "local-shop-quota", "spec.hard", "requests.cpu", "0.29"),
    },
    { defect: "a quota without room for a replica's volume", rule: "quota-fits-volumes", plant: setKey(quota, limits, "spec.hard", "persistentvolumeclaims", "2") },
    { defect: "volumes that outgrew the quota", rule: "quota-fits-volumes", plant: set(claim, "east-shop-volume-0", "spec.resources.requests.storage", "20Gi") },
    { defect: "a quota without a load balancer", rule: "quota-fits-load-balancers", plant: setKey(quota, limits, "spec.hard", "services.loadbalancers", "0") },
    {
        defect: "two load balancers for one port, with a quota for them",
        rule: "load-balancer-once",
        plant: both(
            add([service, "central-shop-service"], service, "central-planted", {
                metadata: { name: "planted", namespace: "shop" },
                spec: {
                    type: "LoadBalancer",
                    loadBalancerClass: "networking.gke.io/l4-regional-external",
                    externalTrafficPolicy: "Local",
                    selector: { "app.kubernetes.io/component": "app", "app.kubernetes.io/name": "shop" },
                    ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
                },
            }),
            setKey(quota, "central-shop-quota", "spec.hard", "services.loadbalancers", "2"),
        ),
    },
];

export const data: readonly Mutant[] = [...volumes, ...room];
