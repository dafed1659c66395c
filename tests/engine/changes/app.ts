import type { EverydayChange } from "./change";

/** Names of the same resource on both clusters. */
const both = (type: string, end: string): readonly string[] => ["central", "east"].map(cluster => `${type} ${cluster}-shop-${end}`);

const deployments = both("Deployment", "deployment");
const jobs = both("CronJob", "job-report");

/** Whatever reads the app's settings rolls with them. */
const readers = [...jobs, ...deployments, ...both("StatefulSet", "state")];

/** Changes of the app. */
export const appChanges: readonly EverydayChange[] = [
    { does: "another image", from: "prod", edits: { "app.image": "ghcr.io/stefanprodan/podinfo:6.9.3" }, updated: [...jobs, ...deployments] },
    {
        does: "more replicas at least",
        from: "prod",
        edits: { "app.replicas.min": 4, "app.scaling.cpu": 50 },
        updated: both("HorizontalPodAutoscaler", "autoscaler"),
    },
    { does: "more replicas at most", from: "prod", edits: { "app.replicas.max": 15 }, updated: [...both("HorizontalPodAutoscaler", "autoscaler"), ...both("ResourceQuota", "quota")] },
    { does: "another scaling target", from: "prod", edits: { "app.scaling.cpu": 50 }, updated: both("HorizontalPodAutoscaler", "autoscaler") },
    { does: "another value in env", from: "prod", edits: { "app.env.LOG_LEVEL": "debug" }, replaced: both("ConfigMap", "env"), updated: readers },
    { does: "a name more in env", from: "prod", edits: { "app.env.CACHE": "on" }, replaced: both("ConfigMap", "env"), updated: readers },
    { does: "another secret", from: "prod", edits: { "app.secrets.API_TOKEN": "another-token" }, replaced: both("Secret", "secrets"), updated: readers, plan: {} },
    { does: "more memory", from: "prod", edits: { "app.resources.memory": "384Mi" }, updated: [...deployments, ...both("ResourceQuota", "quota")] },
    {
        does: "another readiness path",
        from: "prod",
        edits: { "app.health.ready": "/ready" },
        updated: ["BackendConfig central-shop-entry-backend", ...deployments, "Ingress east-shop-ingress", "Service east-shop-service"],
    },
    { does: "another port", from: "prod", edits: { "app.port": 8080 }, updated: [...deployments, ...both("NetworkPolicy", "allow-clients"), "BackendConfig central-shop-entry-backend", "Service east-shop-service"] },
    { does: "a connection more that the app may open", from: "prod", edits: { "app.network": { egress: [{ cidr: "198.51.100.0/24", ports: [443] }] } }, created: both("NetworkPolicy", "*") },
    { does: "another hour for a job", from: "prod", edits: { "app.jobs.0.schedule": "30 3 * * *" }, updated: jobs },
    { does: "no job any more", from: "prod", edits: { "app.jobs": [] }, deleted: [...jobs, ...both("PriorityClass", "job-priority")], updated: both("ResourceQuota", "quota") },
    { does: "another image for the state", from: "prod", edits: { "app.state.image": "docker.io/library/redis:8.2.2" }, updated: both("StatefulSet", "state") },
    {
        does: "larger volumes",
        from: "prod",
        edits: { "app.state.size": "20Gi" },
        updated: [...both("PersistentVolumeClaim", "volume-*"), ...both("ResourceQuota", "quota")],
    },
    {
        does: "more stateful replicas",
        from: "prod",
        edits: { "app.state.replicas": 5 },
        created: both("PersistentVolumeClaim", "volume-*"),
        updated: [...both("StatefulSet", "state"), ...both("ResourceQuota", "quota")],
    },
    {
        does: "data that goes with the stack, where it was kept",
        from: "prod",
        edits: { "app.state.onDelete": "delete" },
        // A class can't change. It is only the form of new volumes: those that exist are kept as they were made.
        replaced: both("StorageClass", "storage"),
    },
    {
        does: "no state any more, kept",
        from: "prod",
        edits: { "app.state": undefined },
        deleted: [
            ...both("NetworkPolicy", "allow-state"),
            ...both("NetworkPolicy", "allow-to-state"),
            ...both("PodDisruptionBudget", "state-budget"),
            ...both("Service", "state-service"),
            ...both("StatefulSet", "state"),
            ...both("StorageClass", "storage"),
        ],
        updated: both("ResourceQuota", "quota"),
        kept: both("PersistentVolumeClaim", "volume-*"),
    },
    {
        does: "no ingress any more",
        from: "prod",
        edits: { "app.ingress": undefined },
        deleted: [
            "BackendConfig central-shop-entry-backend",
            "Certificate east-shop-entry-certificate",
            "CertificateValidation east-shop-entry-certificate",
            "FrontendConfig central-shop-entry-frontend",
            "GlobalAddress central-shop-entry",
            ...both("Ingress", "ingress"),
            "IngressClass east-shop-entry-class",
            "IngressClassParams east-shop-entry-params",
            "SSLPolicy central-shop-entry",
            ...both("Service", "ingress-service"),
        ],
        kept: ["Record east-shop-entry-certificate-*"],
        // The service is the way in from then on: another address, and no TLS.
        replaced: ["HealthCheck failover-central", "HealthCheck failover-east"],
        updated: ["HealthCheck failover-east-hold", "MetricAlarm failover-east-hold", "Record failover-*"],
    },
];
