import type { V1Pod } from "@kubernetes/client-node";

import { type Api, ApiError, type KubeObject, type Wire, isPassing, kinds } from "../api";
import type { DrillResult, PromiseResult } from "../result";
import type { Refusal, Stage, Subject } from "../stage";
import { contradictions } from "../stage/expected";
import { none } from "./disruption/promises";
import type { ClusterDrill } from "./drill";

/**
 * Every object is taken by the API server, with unknown and repeated fields as errors, and says what config says; applying all of it
 * again changes nothing. Pods are asked about one by one: Pod Security looks at what a Deployment makes, not at the Deployment.
 */
export const admissionDrill: ClusterDrill = {
    name: "admission",
    quick: true,
    lane: "changes",
    scope: "cluster",
    naive: "spared",
    obstacle: () => undefined,
    run: async stage => [await askAgain(stage)],
};

async function askAgain(stage: Stage): Promise<DrillResult> {
    const started = performance.now();
    const { subject, api, app, namespace } = stage;
    const changes = await stage.applyTwice();
    const pods = podsOf(subject.objects);
    const refused = await Promise.all(pods.map(async pod => ({ name: pod.from, said: await refusalOf(api, namespace, pod.spec) })));
    const turnedAway = refused.filter(({ said }) => said !== undefined);
    const privileged = (await Promise.all(pods.map(({ spec }) => refusalOf(api, namespace, privilegedOf(spec))))).map(said => said ?? "it was let in");
    const otherwise = privileged.filter(said => !said.includes(podSecurityWords));
    return {
        ...resultOf(subject, started),
        what: `${subject.objects.length} objects were applied by server-side apply, and then once more; ${pods.length} kinds of pod were tried on their own, as they are and privileged`,
        promises: [
            acceptedPromise(subject.objects.length, 0),
            none("changed by a second apply", changes.map(({ object }) => object)),
            ...(subject.expected === undefined ? [] : [none("objects that say otherwise than config", contradictions(subject.objects, app, subject.expected))]),
            { name: "kinds of pod that Pod Security lets in", promised: `${pods.length} of ${pods.length}`, measured: `${pods.length - turnedAway.length} of ${pods.length}`, kept: turnedAway.length === 0 },
            { name: "the same pods, privileged, are refused for it", promised: "yes", measured: otherwise.join("; ") || "yes", kept: pods.length > 0 && otherwise.length === 0 },
        ],
        notes: [...changes.map(({ object, paths }) => `${object} changed at ${paths.join(", ")}`), ...turnedAway.map(({ name, said }) => `pod of ${name}: ${said}`)],
    };
}

/** The result of a subject that got no stage, since the API server refused some of its objects. */
export function refusedResult(subject: Subject, refusals: readonly Refusal[]): DrillResult {
    return {
        ...resultOf(subject, performance.now()),
        what: `${subject.objects.length} objects were applied by server-side apply`,
        promises: [acceptedPromise(subject.objects.length, refusals.length)],
        notes: refusals.map(({ object, said }) => `${object}: ${said}`),
    };
}

function resultOf({ subject, cluster }: Subject, started: number): Pick<DrillResult, "drill" | "subject" | "cluster" | "seconds" | "series" | "marks"> {
    return { drill: admissionDrill.name, subject, cluster, seconds: (performance.now() - started) / 1000, series: [], marks: [] };
}

function acceptedPromise(objects: number, refused: number): PromiseResult {
    return { name: "objects accepted", promised: `${objects} of ${objects}`, measured: `${objects - refused} of ${objects}`, kept: refused === 0 };
}

/** What Pod Security's admission says of a pod that it turns away (k8s.io/pod-security-admission, admission/response.go). */
const podSecurityWords = "violates PodSecurity";

/** A pod that could take its node over, and is else the same. */
function privilegedOf(spec: PodSpec): PodSpec {
    return { ...spec, containers: spec.containers.map(container => ({ ...container, securityContext: { privileged: true } })) };
}

interface TriedPod {
    /** "Deployment shop". */
    readonly from: string;
    readonly spec: PodSpec;
}

interface Templated {
    readonly template?: { readonly spec?: PodSpec };
    readonly jobTemplate?: { readonly spec?: Templated };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
}

interface PodSpec {
    readonly containers: readonly object[];
    readonly volumes?: readonly unknown[];
}

/** The pods that objects would have made, one for each template. */
export function podsOf(objects: readonly KubeObject[]): readonly TriedPod[] {
    return objects.flatMap(object => {
        const { spec = {} } = object as { readonly spec?: Templated };
        const template = spec.template ?? spec.jobTemplate?.spec?.template;
        if (template?.spec === undefined) {
            return [];
        }
        const { name } = object.metadata;
        // A StatefulSet's controller adds the volumes of its claims.
        const claimed = (spec.volumeClaimTemplates ?? []).map(claim => ({ name: claim.metadata.name, persistentVolumeClaim: { claimName: `${claim.metadata.name}-${name}-0` } }));
        return [{ from: `${object.kind} ${name}`, spec: { ...template.spec, volumes: [...(template.spec.volumes ?? []), ...claimed] } }];
    });
}

/** Why admission refuses a pod; undefined where it lets it in. Nothing is made. */
async function refusalOf(api: Api, namespace: string, spec: PodSpec): Promise<string | undefined> {
    const pod = { metadata: { generateName: "drill-", namespace }, spec } as Wire<V1Pod>;
    try {
        await api.create(kinds.pod, pod, namespace, { dryRun: true });
        return undefined;
    } catch (error) {
        if (!(error instanceof ApiError) || isPassing(error)) {
            throw error;
        }
        return error.message;
    }
}
