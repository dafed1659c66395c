import { z } from "zod";

import { type Finding, type Judge, type JudgeOutput, type KubernetesObject, type Manifest, type Verdict, runsPods, unreadable, wholeFile } from "./verdict";
import { versions } from "./versions";

const checkSchema = z.object({
    check_id: z.string(),
    check_name: z.string(),
    /** `<kind>.<namespace>.<name>`; for a pod in a template, the labels follow. */
    resource: z.string(),
    check_result: z.object({ evaluated_keys: z.array(z.string()).nullish(), suppress_comment: z.string().nullish() }),
});

/** Output of `checkov -o json`; without `results` where nothing in the file is a Kubernetes object to it. */
const outputSchema = z.object({
    results: z
        .object({
            passed_checks: z.array(checkSchema),
            failed_checks: z.array(checkSchema),
            skipped_checks: z.array(checkSchema),
            parsing_errors: z.array(z.string()),
        })
        .optional(),
});

/** checkov in a Python environment. Not `--quiet`: the checks that passed tell what it looked into. */
export function checkov(python: string): Judge {
    return {
        name: "checkov",
        version: versions.checkov,
        mustJudge: runsPods,
        command: manifest => [python, "-I", "-m", "checkov.main", "--framework", "kubernetes", "--skip-download", "--compact", "-o", "json", "-f", manifest],
        read: readCheckov,
    };
}

/** Reads checkov's output. A check that an annotation switches off is a finding: waivers are in one file. */
export function readCheckov({ stdout }: JudgeOutput, { where, objects }: Manifest): Verdict {
    const { results } = outputSchema.parse(JSON.parse(stdout));
    if (results === undefined) {
        return { judged: [], findings: [] };
    }
    const { passed_checks: passed, failed_checks: failed, skipped_checks: skipped, parsing_errors: errors } = results;
    const finding = ({ check_id: rule, resource }: z.infer<typeof checkSchema>, message: string): Finding => ({
        judge: "checkov",
        where,
        object: objectOf(resource, objects),
        rule,
        message,
    });
    return {
        judged: [...new Set([...passed, ...failed].map(({ resource }) => objectOf(resource, objects)))],
        findings: [
            ...failed.map(check => {
                const at = check.check_result.evaluated_keys?.join(", ") ?? "";
                return finding(check, `${check.check_name}${at === "" ? "" : ` (${at})`}`);
            }),
            ...skipped.map(check => finding(check, `${check.check_name}: switched off in the manifest (${check.check_result.suppress_comment ?? "no reason"})`)),
            ...errors.map((file): Finding => ({ judge: "checkov", where, object: wholeFile(where), rule: unreadable, message: `checkov can't read ${file}` })),
        ],
    };
}

/** The object that checkov means: itself, or the one whose template has the pod. */
function objectOf(resource: string, objects: readonly KubernetesObject[]): KubernetesObject {
    const of = (kind: string, { namespace = "default", name }: KubernetesObject): string => `${kind}.${namespace}.${name}`;
    const itself = objects.find(object => of(object.kind, object) === resource);
    if (itself !== undefined) {
        return itself;
    }
    // The longest name wins: `shop-state` before `shop`.
    const owners = objects.filter(object => runsPods(object) && `${resource}.`.startsWith(`${of("Pod", object)}.`));
    const [owner] = owners.sort((a, b) => b.name.length - a.name.length);
    if (owner !== undefined) {
        return owner;
    }
    const [kind = "", namespace, ...name] = resource.split(".");
    return { apiVersion: "", kind, namespace, name: name.join(".") };
}
