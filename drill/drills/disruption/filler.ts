import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { z } from "zod";

import { amountOf } from "../../../policy/kubernetes/quantities";
import { type Api, type KubeObject, NotYet, type Wire, kinds } from "../../api";
import type { Stage } from "../../stage";
import { type Subjected, deploymentManifest } from "./manifest";

/** Pods that take all room on all nodes. */
export interface Filler {
    /** How many there were. */
    readonly pods: number;
    /** Their priority, in words. */
    readonly priority: string;
    /** Longest time that one has to end, in seconds. */
    readonly graceSeconds: number;
    /** How many are left. */
    left(): Promise<number>;
    remove(): Promise<void>;
}

const namespace = "drill-filler";

/** Pods that share a node's room. */
const podsOnNode = 2;

/** Kubernetes' default, which jobs have too. */
const graceSeconds = 30;

/** Longest wait for the pods to run or to go, in seconds. */
const fillSeconds = 120;

/**
 * Fills every node with pods that matter less than the app: those of the stack's own lower class where it has one, as its jobs
 * do, else without a class, as most pods of others are.
 */
export async function fillNodes(stage: Stage): Promise<Filler> {
    const { api } = stage;
    const className = lowerClass(stage);
    const [nodes, pods] = await Promise.all([api.list(kinds.node), api.list(kinds.pod)]);
    const filler = nodes.flatMap(node => fillerFor(node, pods, className));
    await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const account = { kind: kinds.serviceAccount, name: "default", namespace };
    await api.until("filler's service account", async () => ((await api.get(account)) === undefined ? new NotYet("there is none") : true), { seconds: fillSeconds });
    await Promise.all(filler.map(pod => api.apply(pod)));
    await untilCount(api, "filler runs", filler.length, ({ status }) => status?.phase === "Running");
    return {
        pods: filler.length,
        priority: className === undefined ? "without a priority class" : `of priority class ${className}`,
        graceSeconds,
        left: async () => (await api.list(kinds.pod, { namespace })).filter(({ metadata }) => metadata?.deletionTimestamp === undefined).length,
        remove: async () => {
            await Promise.all((await api.list(kinds.pod, { namespace })).map(({ metadata }) => api.delete({ kind: kinds.pod, name: metadata?.name ?? "", namespace }, { graceSeconds: 0 })));
            await untilCount(api, "filler goes", 0, () => true);
            await api.delete({ kind: kinds.namespace, name: namespace });
        },
    };
}

async function untilCount(api: Api, what: string, count: number, counts: (pod: Wire<V1Pod>) => boolean): Promise<void> {
    await api.until(
        what,
        async () => {
            const found = (await api.list(kinds.pod, { namespace })).filter(counts).length;
            return found === count ? true : new NotYet(`${found} of ${count}`);
        },
        { seconds: fillSeconds, everyMs: 250 },
    );
}

const classSchema = z.object({ metadata: z.object({ name: z.string() }), value: z.number() });

/** Name of the greatest priority class among the objects that is under that of the app's replicas; undefined where none is. */
export function lowerClass(stage: Subjected): string | undefined {
    const classes = stage.subject.objects.filter(({ kind }) => kind === "PriorityClass").map(object => classSchema.parse(object));
    const own = classes.find(({ metadata }) => metadata.name === deploymentManifest(stage).spec.template.spec?.priorityClassName);
    const lower = classes.filter(({ value }) => own !== undefined && value < own.value).sort((a, b) => b.value - a.value);
    return lower[0]?.metadata.name;
}

/** Pods that together request what is left of a node's CPU. */
export function fillerFor(node: Wire<V1Node>, pods: readonly Wire<V1Pod>[], priorityClassName: string | undefined): readonly KubeObject[] {
    const name = node.metadata?.name ?? "";
    const requested = pods
        .filter(({ spec, status }) => spec?.nodeName === name && status?.phase !== "Succeeded" && status?.phase !== "Failed")
        .flatMap(({ spec }) => spec?.containers ?? [])
        .reduce((sum, { resources }) => sum + amountOf(resources?.requests?.["cpu"] ?? "0"), 0);
    const millicores = Math.floor(Math.round((amountOf(node.status?.allocatable?.["cpu"] ?? "0") - requested) * 1000) / podsOnNode);
    return Array.from({ length: millicores > 0 ? podsOnNode : 0 }, (_, index) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `${name}-${index + 1}`, namespace },
        spec: {
            nodeSelector: { "kubernetes.io/hostname": name },
            terminationGracePeriodSeconds: graceSeconds,
            ...(priorityClassName === undefined ? {} : { priorityClassName }),
            containers: [{ name: "filler", image: "registry.k8s.io/pause:3.10.1", resources: { requests: { cpu: `${millicores}m` } } }],
        },
    }));
}
