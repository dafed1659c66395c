import { z } from "zod";

import type { KubeObject } from "../api";

/** The parts of Kubernetes objects that a stage reads; whatever else they have is left alone. */

const labels = z.record(z.string(), z.string());

const quantity = z.union([z.string(), z.number()]).transform(String);

const intOrPercent = z.union([z.number(), z.string()]);

/** Times of a probe, with Kubernetes' defaults (https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes). */
const probe = z.object({
    initialDelaySeconds: z.number().default(0),
    periodSeconds: z.number().default(10),
    timeoutSeconds: z.number().default(1),
    failureThreshold: z.number().default(3),
    successThreshold: z.number().default(1),
    /** In place of the pod's, where this probe is why a container ends. */
    terminationGracePeriodSeconds: z.number().optional(),
});

export type Probe = z.output<typeof probe>;

const container = z.object({
    name: z.string(),
    image: z.string(),
    livenessProbe: probe.optional(),
    readinessProbe: probe.optional(),
    startupProbe: probe.optional(),
    ports: z.array(z.object({ name: z.string().optional(), containerPort: z.number() })).optional(),
    resources: z.object({ requests: z.record(z.string(), quantity).optional(), limits: z.record(z.string(), quantity).optional() }).optional(),
    lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }).optional() }).optional() }).optional(),
});

export type Container = z.output<typeof container>;

const podTemplate = z.object({
    metadata: z.object({ labels: labels.optional(), annotations: labels.optional() }).optional(),
    spec: z.object({
        containers: z.array(container),
        nodeSelector: labels.optional(),
        terminationGracePeriodSeconds: z.number().optional(),
        tolerations: z.array(z.object({ key: z.string().optional(), tolerationSeconds: z.number().optional() })).optional(),
    }),
});

export type PodTemplate = z.output<typeof podTemplate>;

const metadata = z.object({ name: z.string(), namespace: z.string().optional() });

const scalingRules = z.object({
    stabilizationWindowSeconds: z.number().optional(),
    policies: z.array(z.object({ type: z.string(), value: z.number(), periodSeconds: z.number() })).optional(),
});

export type ScalingRules = z.output<typeof scalingRules>;

const selector = z.object({ matchLabels: labels.optional() });

const claimSpec = z.object({ storageClassName: z.string().optional() });

/** Objects by kind. */
const schemas = {
    Deployment: z.object({
        metadata,
        spec: z.object({
            replicas: z.number().optional(),
            selector,
            strategy: z.object({ type: z.string().optional(), rollingUpdate: z.object({ maxSurge: intOrPercent.optional(), maxUnavailable: intOrPercent.optional() }).optional() }).optional(),
            minReadySeconds: z.number().optional(),
            progressDeadlineSeconds: z.number().optional(),
            template: podTemplate,
        }),
    }),
    StatefulSet: z.object({
        metadata,
        spec: z.object({
            replicas: z.number().optional(),
            selector,
            template: podTemplate,
            volumeClaimTemplates: z.array(z.object({ metadata, spec: claimSpec })).optional(),
        }),
    }),
    Job: z.object({ metadata, spec: z.object({ template: podTemplate }) }),
    CronJob: z.object({ metadata, spec: z.object({ jobTemplate: z.object({ spec: z.object({ template: podTemplate }) }) }) }),
    Service: z.object({
        metadata,
        spec: z.object({ type: z.string().optional(), clusterIP: z.string().optional(), selector: labels.optional(), ports: z.array(z.object({ port: z.number() })).optional() }),
    }),
    HorizontalPodAutoscaler: z.object({
        metadata,
        spec: z.object({
            scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
            minReplicas: z.number().optional(),
            maxReplicas: z.number(),
            metrics: z
                .array(z.object({ resource: z.object({ name: z.string(), target: z.object({ averageUtilization: z.number().optional() }) }).optional() }))
                .optional(),
            behavior: z.object({ scaleUp: scalingRules.optional(), scaleDown: scalingRules.optional() }).optional(),
        }),
    }),
    Namespace: z.object({ metadata: metadata.extend({ labels: labels.optional() }) }),
    PodDisruptionBudget: z.object({ metadata, spec: z.object({ selector, maxUnavailable: intOrPercent.optional(), minAvailable: intOrPercent.optional() }) }),
    PersistentVolumeClaim: z.object({ metadata, spec: claimSpec }),
    StorageClass: z.object({
        metadata,
        allowedTopologies: z.array(z.object({ matchLabelExpressions: z.array(z.object({ key: z.string(), values: z.array(z.string()) })).optional() })).optional(),
    }),
    Ingress: z.object({ metadata, spec: z.object({ ingressClassName: z.string().optional() }) }),
    IngressClass: z.object({ metadata }),
} as const;

type Schemas = typeof schemas;

/** The objects of a kind. Throws where one is not of the kind's form. */
export function objectsOf<Name extends keyof Schemas>(objects: readonly KubeObject[], kind: Name): readonly z.output<Schemas[Name]>[] {
    // The compiler can't follow from the name to the schema's output.
    const schema = schemas[kind] as unknown as z.ZodType<z.output<Schemas[Name]>>;
    return objects.filter(object => object.kind === kind).map(object => schema.parse(object));
}
