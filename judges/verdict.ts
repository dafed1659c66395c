/** The public judges. */
export const judgeNames = ["kube-score", "kubeconform", "checkov"] as const;

export type JudgeName = (typeof judgeNames)[number];

/** A Kubernetes object's identity, and what else its manifest says of it. */
export interface KubernetesObject {
    readonly apiVersion: string;
    readonly kind: string;
    /** Undefined where the manifest names none. */
    readonly namespace?: string | undefined;
    readonly name: string;
    readonly body?: unknown;
}

/** One cluster's objects in a file. */
export interface Manifest {
    /** What a reader knows it by: `prod/east`. */
    readonly where: string;
    readonly path: string;
    readonly objects: readonly KubernetesObject[];
}

/** Something that a judge holds against an object. */
export interface Finding {
    readonly judge: JudgeName;
    /** The manifest's `where`. */
    readonly where: string;
    readonly object: KubernetesObject;
    /** The judge's own name for what it looked for. */
    readonly rule: string;
    readonly message: string;
}

/** What a judge said of one manifest. */
export interface Verdict {
    /** Objects that it looked into. */
    readonly judged: readonly KubernetesObject[];
    readonly findings: readonly Finding[];
}

/** A judge: how it is called, and how its answer is read. */
export interface Judge {
    readonly name: JudgeName;
    readonly version: string;
    /** Whether it must look into such an object; where it does not, that is a finding. */
    readonly mustJudge: (object: KubernetesObject) => boolean;
    readonly command: (path: string) => readonly [command: string, ...args: string[]];
    /** Throws where the output is not what this version of the judge prints. */
    readonly read: (output: JudgeOutput, manifest: Manifest) => Verdict;
}

/** What a judge printed. */
export interface JudgeOutput {
    readonly stdout: string;
    readonly stderr: string;
}

/** Rule of a finding that the judge passed over an object in silence. */
export const notJudged = "not-judged";

/** Rule of a finding that the judge can't read what it is given. */
export const unreadable = "unreadable";

/** Rule of a finding that kubeconform knows no schema of a type. */
export const noSchema = "no-schema";

const fileKind = "File";

/** What stands for an object where a judge can't read a file at all. */
export function wholeFile(where: string): KubernetesObject {
    return { apiVersion: "", kind: fileKind, name: where };
}

const podKinds = ["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"];

/** Whether an object runs containers, which is what most rules are about. */
export function runsPods({ kind }: KubernetesObject): boolean {
    return podKinds.includes(kind);
}

/** Findings for the objects that a judge had to look into and did not: silence must not pass for praise. */
export function unjudged({ name, mustJudge }: Judge, { where, objects }: Manifest, { judged, findings }: Verdict): Finding[] {
    const seen = new Set([...judged, ...findings.map(({ object }) => object)]);
    if (findings.some(({ rule, object }) => rule === unreadable && object.kind === fileKind)) {
        return [];
    }
    return objects
        .filter(object => mustJudge(object) && !seen.has(object))
        .map(object => ({ judge: name, where, object, rule: notJudged, message: "the judge said nothing of it" }));
}

/** An object in words: `Deployment shop/shop`. */
export function inWords({ kind, namespace, name }: KubernetesObject): string {
    return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}
