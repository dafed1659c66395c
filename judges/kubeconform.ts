import { join } from "node:path";

import { z } from "zod";

import { schemaTemplate } from "./schemas";
import { type Finding, type Judge, type JudgeOutput, type KubernetesObject, type Manifest, type Verdict, noSchema, unreadable } from "./verdict";
import { versions } from "./versions";

/** Output of `kubeconform -output json -verbose`. */
const outputSchema = z.object({
    resources: z.array(
        z.object({
            kind: z.string(),
            name: z.string(),
            version: z.string(),
            /** Empty for a document that is. */
            status: z.enum(["statusValid", "statusInvalid", "statusError", "statusSkipped", ""]),
            msg: z.string(),
        }),
    ),
});

/** kubeconform at a path, with the schemas in a folder and no others. */
export function kubeconform(path: string, schemas: string): Judge {
    return {
        name: "kubeconform",
        version: versions.kubeconform,
        mustJudge: () => true,
        command: manifest => [path, "-strict", "-output", "json", "-verbose", "-schema-location", join(schemas, schemaTemplate), manifest],
        read: readKubeconform,
    };
}

/** Reads kubeconform's output. It names no namespace, so an object is found by type and name. */
export function readKubeconform({ stdout }: JudgeOutput, { where, objects }: Manifest): Verdict {
    const judged: KubernetesObject[] = [];
    const findings: Finding[] = [];
    for (const { kind, name, version, status, msg } of outputSchema.parse(JSON.parse(stdout)).resources) {
        const object = objects.find(known => known.apiVersion === version && known.kind === kind && known.name === name) ?? { apiVersion: version, kind, name };
        const finding = (rule: string, message: string): Finding => ({ judge: "kubeconform", where, object, rule, message });
        switch (status) {
            case "":
                break;
            case "statusValid":
                judged.push(object);
                break;
            case "statusInvalid":
                judged.push(object);
                findings.push(...violations(msg).map(violation => finding("schema", violation)));
                break;
            case "statusSkipped":
                findings.push(finding("skipped", "kubeconform skipped it"));
                break;
            case "statusError":
                findings.push(
                    msg.startsWith("could not find schema for") ? finding(noSchema, `no schema of ${version} ${kind}: not judged`) : finding(unreadable, msg),
                );
                break;
        }
    }
    return { judged, findings };
}

/**
 * The violations in a message, each with its path. kubeconform's own list of them holds the outermost
 * only, which says no more than "validation failed" for anything further in.
 */
function violations(message: string): string[] {
    const each = message.split(/\s+- at '/).slice(1).map(part => part.replace("':", ":").trim());
    const telling = each.filter(part => !part.endsWith(": validation failed"));
    return telling.length === 0 ? [message] : telling;
}
