import { type Mutant, add, both, set } from "../../plant";
import { also, config, container, cronJob, deployment, job, pod, priority } from "./types";

const migrate = "east-shop-job-migrate";
const report = "east-shop-job-report";
const template = "spec.jobTemplate.spec";

const work: readonly Mutant[] = [
    { defect: "a job that is always restarted", rule: "job-restart-policy", plant: set(job, migrate, `${pod}.restartPolicy`, undefined) },
    { defect: "a scheduled job that is always restarted", rule: "job-restart-policy", plant: set(cronJob, report, `${template}.template.spec.restartPolicy`, "Always") },
    { defect: "a job without a deadline", rule: "job-deadline", plant: set(job, migrate, "spec.activeDeadlineSeconds", undefined) },
    { defect: "a scheduled job without a deadline", rule: "job-deadline", plant: set(cronJob, report, `${template}.activeDeadlineSeconds`, undefined) },
    { defect: "a job that leaves retries to Kubernetes", rule: "job-retries", plant: set(job, migrate, "spec.backoffLimit", undefined) },
    { defect: "a job of a hundred retries", rule: "job-retries", plant: set(cronJob, report, `${template}.backoffLimit`, 100) },
    { defect: "a job that deletes itself", rule: "job-not-swept", plant: set(job, migrate, "spec.ttlSecondsAfterFinished", 3600) },
    { defect: "runs at the same time by default", rule: "schedule-one-at-a-time", plant: set(cronJob, report, "spec.concurrencyPolicy", undefined) },
    { defect: "a late run that starts whenever it can", rule: "schedule-start-deadline", plant: set(cronJob, report, "spec.startingDeadlineSeconds", undefined) },
    { defect: "a deadline that the controller misses", rule: "schedule-start-deadline", plant: set(cronJob, report, "spec.startingDeadlineSeconds", 5) },
    { defect: "jobs over the app's priority", rule: "job-yields", plant: set(priority, "east-shop-job-priority", "value", 2_000_000) },
    { defect: "jobs of the app's priority", rule: "job-yields", plant: set(priority, "central-shop-job-priority", "value", 1_000_000) },
    { defect: "a schedule that is suspended", rule: "schedule-runs", plant: set(cronJob, report, "spec.suspend", true) },
    { defect: "hundreds of finished runs", rule: "schedule-history", plant: set(cronJob, report, "spec.successfulJobsHistoryLimit", 500) },
].map(mutant => ({ ...mutant, stack: "full" }));

const extra = { metadata: { name: "extra", namespace: "shop" }, data: { COLOUR: "green" } };

const settings: readonly Mutant[] = [
    { defect: "a ConfigMap that is not there", rule: "pod-names-exist", stack: "full", plant: set(deployment, "east-shop-deployment", `${container}.envFrom[0].configMapRef.name`, "settings") },
    {
        defect: "a mounted ConfigMap that is not there",
        rule: "pod-names-exist",
        stack: "full",
        plant: set(cronJob, report, `${template}.template.spec.volumes[1].configMap.name`, "files"),
    },
    { defect: "a mount without a volume", rule: "mount-has-volume", plant: set(deployment, "east-shop-deployment", `${pod}.volumes[0].name`, "scratch") },
    { defect: "a mount of the state without a claim's template", rule: "mount-has-volume", plant: set("kubernetes:apps/v1:StatefulSet", "east-shop-state", `${container}.volumeMounts`, also({ name: "logs", mountPath: "/logs" })) },
    { defect: "a service account that is not there", rule: "pod-names-exist", plant: set(deployment, "east-shop-deployment", `${pod}.serviceAccountName`, "web") },
    {
        defect: "a claim that is not there",
        rule: "pod-names-exist",
        plant: set(deployment, "east-shop-deployment", `${pod}.volumes`, also({ name: "data", persistentVolumeClaim: { claimName: "data" } })),
    },
    { defect: "a Secret that is not there", rule: "pod-secrets-exist", stack: "full", plant: set(deployment, "east-shop-deployment", `${container}.envFrom[1].secretRef.name`, "token") },
    { defect: "a Secret for the registry that is not there", rule: "pod-secrets-exist", plant: set(deployment, "east-shop-deployment", `${pod}.imagePullSecrets`, [{ name: "registry" }]) },
    {
        defect: "an environment from a ConfigMap that keeps its name",
        rule: "config-rolls-pods",
        plant: both(
            add([deployment, "east-shop-deployment"], config, "east-planted", extra),
            set(deployment, "east-shop-deployment", `${container}.envFrom`, also({ configMapRef: { name: "extra" } })),
        ),
    },
    {
        defect: "a variable from a ConfigMap that keeps its name",
        rule: "config-rolls-pods",
        plant: both(
            add([deployment, "central-shop-deployment"], config, "central-planted", extra),
            set(deployment, "central-shop-deployment", `${container}.env`, [{ name: "COLOUR", valueFrom: { configMapKeyRef: { name: "extra", key: "COLOUR" } } }]),
        ),
    },
];

export const jobs: readonly Mutant[] = [...work, ...settings];
