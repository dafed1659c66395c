import { z } from "zod";

import { type Finding, type Judge, type JudgeOutput, type Manifest, type Verdict, runsPods, unreadable, wholeFile } from "./verdict";
import { versions } from "./versions";

/** Best of kube-score's grades; the others are 1 for critical, 5 for a warning, 7 for almost fine. */
const allFine = 10;

/** Output of `kube-score score --output-format json`: null where it knows none of the objects. */
const outputSchema = z
    .array(
        z.object({
            type_meta: z.object({ apiVersion: z.string(), kind: z.string() }),
            object_meta: z.object({ name: z.string(), namespace: z.string().optional() }),
            checks: z.array(
                z.object({
                    check: z.object({ id: z.string(), name: z.string() }),
                    grade: z.number(),
                    skipped: z.boolean(),
                    comments: z.array(z.object({ path: z.string(), summary: z.string() })).nullable(),
                }),
            ),
        }),
    )
    .nullable();

/** kube-score at a path. An annotation in a manifest can't switch a check off: waivers are in one file. */
export function kubeScore(path: string): Judge {
    const [major, minor] = versions.kubernetes.split(".");
    return {
        name: "kube-score",
        version: versions.kubeScore,
        mustJudge: runsPods,
        command: manifest => [
            path, "score", "--output-format", "json", "--kubernetes-version", `v${major}.${minor}`, "--disable-ignore-checks-annotations", manifest,
        ],
        read: readKubeScore,
    };
}

/** What it prints in place of an output where an object does not fit its type; it then reads on no further. */
const cannotParse = /^Failed to score files: failed to parse files: (.*)/;

/** Reads kube-score's output. What it skips does not apply, such as a budget for a single replica. */
export function readKubeScore({ stdout, stderr }: JudgeOutput, { where, objects }: Manifest): Verdict {
    const mistake = cannotParse.exec(stderr)?.[1];
    if (mistake !== undefined) {
        return { judged: [], findings: [{ judge: "kube-score", where, object: wholeFile(where), rule: unreadable, message: mistake }] };
    }
    const scored = outputSchema.parse(JSON.parse(stdout)) ?? [];
    const verdicts = scored.map(({ type_meta: { apiVersion, kind }, object_meta: { name, namespace }, checks }) => {
        const object = objects.find(
            known => known.apiVersion === apiVersion && known.kind === kind && known.name === name && (known.namespace ?? "") === (namespace ?? ""),
        ) ?? { apiVersion, kind, namespace, name };
        const failed = checks.filter(({ skipped, grade }) => !skipped && grade < allFine);
        const findings = failed.map(({ check, comments }): Finding => {
            const said = (comments ?? []).map(({ path, summary }) => (path === "" ? summary : `${path}: ${summary}`));
            return { judge: "kube-score", where, object, rule: check.id, message: said.length === 0 ? check.name : said.join("; ") };
        });
        return { object, findings };
    });
    // Its own order differs from run to run.
    verdicts.sort((a, b) => objects.indexOf(a.object) - objects.indexOf(b.object));
    return { judged: verdicts.map(({ object }) => object), findings: verdicts.flatMap(({ findings }) => findings) };
}
