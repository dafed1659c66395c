import { z } from "zod";

import type { KubeObject } from "../../api";

/** The parts of containers that decide what their images must have; whatever else they have is left alone. */

const port = z.union([z.number(), z.string()]);

const probe = z.object({
    httpGet: z.object({ path: z.string().optional(), port, scheme: z.string().optional() }).optional(),
    tcpSocket: z.object({ port }).optional(),
    exec: z.unknown().optional(),
    grpc: z.unknown().optional(),
});

export type Probe = z.output<typeof probe>;

const container = z.object({
    name: z.string(),
    image: z.string(),
    imagePullPolicy: z.string().optional(),
    command: z.array(z.string()).optional(),
    workingDir: z.string().optional(),
    env: z.array(z.object({ name: z.string(), value: z.string().optional() })).optional(),
    ports: z.array(z.object({ containerPort: z.number(), name: z.string().optional() })).optional(),
    volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).optional(),
    livenessProbe: probe.optional(),
    readinessProbe: probe.optional(),
    startupProbe: probe.optional(),
    restartPolicy: z.string().optional(),
});

export type Container = z.output<typeof container>;

const podSpec = z.object({
    containers: z.array(container),
    initContainers: z.array(container).optional(),
    volumes: z.array(z.object({ name: z.string(), persistentVolumeClaim: z.unknown().optional() })).optional(),
});

const workload = z.object({
    template: z.object({ spec: podSpec }),
    volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })).optional(),
});

const cronJob = z.object({ jobTemplate: z.object({ spec: workload }) });

/** A container of a pod that some object has made. */
export interface Contained {
    /** "Deployment shop/web, container web". */
    readonly where: string;
    readonly container: Container;
    /** What it is for the pod; a task ends by itself. */
    readonly place: "first" | "beside" | "task";
    /** Whether the object is a StatefulSet. */
    readonly stateful: boolean;
    /** Mount paths of its volumes that are claims; those of claim templates come first, in their order. */
    readonly claims: readonly string[];
}

/** All containers that objects have made, init containers among them. Throws where an object is not of its kind's form. */
export function containersOf(objects: readonly KubeObject[]): readonly Contained[] {
    return objects.flatMap(object => {
        const found = podsOf(object);
        return found === undefined ? [] : inPods(object, found);
    });
}

type Workload = z.output<typeof workload>;

/** The pods that an object has made; undefined where it makes none. */
function podsOf({ kind, spec }: KubeObject): Workload | undefined {
    switch (kind) {
        case "Deployment":
        case "StatefulSet":
        case "DaemonSet":
        case "Job":
            return workload.parse(spec);
        case "CronJob":
            return cronJob.parse(spec).jobTemplate.spec;
        case "Pod":
            return { template: { spec: podSpec.parse(spec) } };
        default:
            return undefined;
    }
}

function inPods({ kind, metadata }: KubeObject, { template, volumeClaimTemplates = [] }: Workload): readonly Contained[] {
    const { containers, initContainers = [], volumes = [] } = template.spec;
    const claimed = [...volumeClaimTemplates.map(claim => claim.metadata.name), ...volumes.filter(volume => volume.persistentVolumeClaim !== undefined).map(({ name }) => name)];
    const ends = kind === "Job" || kind === "CronJob";
    const contained = (container: Container, place: Contained["place"]): Contained => ({
        where: `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}, container ${container.name}`,
        container,
        place,
        stateful: kind === "StatefulSet",
        claims: claimed.flatMap(claim => (container.volumeMounts ?? []).filter(({ name }) => name === claim).map(({ mountPath }) => mountPath)),
    });
    return [
        // One that is restarted for ever runs beside the others (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/).
        ...initContainers.map(container => contained(container, container.restartPolicy === "Always" ? "beside" : "task")),
        ...containers.map((container, index) => contained(container, ends ? "task" : index === 0 ? "first" : "beside")),
    ];
}
