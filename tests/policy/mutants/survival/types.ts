/** Types and paths that the planted defects speak of. */

export const autoscaler = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
export const budget = "kubernetes:policy/v1:PodDisruptionBudget";
export const claim = "kubernetes:core/v1:PersistentVolumeClaim";
export const config = "kubernetes:core/v1:ConfigMap";
export const cronJob = "kubernetes:batch/v1:CronJob";
export const deployment = "kubernetes:apps/v1:Deployment";
export const ingress = "kubernetes:networking.k8s.io/v1:Ingress";
export const job = "kubernetes:batch/v1:Job";
export const priority = "kubernetes:scheduling.k8s.io/v1:PriorityClass";
export const quota = "kubernetes:core/v1:ResourceQuota";
export const service = "kubernetes:core/v1:Service";
export const statefulSet = "kubernetes:apps/v1:StatefulSet";
export const storage = "kubernetes:storage.k8s.io/v1:StorageClass";

/** Where a workload says what its pods are. */
export const pod = "spec.template.spec";
/** Its only container. */
export const container = `${pod}.containers[0]`;

/** Labels of the app's pods. */
export const appLabels = { "app.kubernetes.io/component": "app", "app.kubernetes.io/name": "shop" };

/** One item more in a list. */
export const also =
    (item: unknown) =>
    (list: readonly unknown[] | undefined): readonly unknown[] => [...(list ?? []), item];

/** One item of a list less. */
export const without =
    (place: number) =>
    (list: readonly unknown[]): readonly unknown[] =>
        list.filter((_, index) => index !== place);
