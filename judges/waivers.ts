import { parse } from "yaml";
import { z } from "zod";

import { type Finding, type KubernetesObject, judgeNames } from "./verdict";

const text = z.string().trim().min(1);

const targetSchema = z
    .strictObject({
        /** Only this version of the API, for kinds that others have too. */
        apiVersion: text.optional(),
        kind: text,
        /** Name of the object; `*` stands for anything. */
        name: text,
        /** A fact about the object without which there is no waiver: some value at `path` is `has`. `[]` goes through a list. */
        while: z.strictObject({ path: text, has: z.union([z.string(), z.number(), z.boolean()]) }).readonly().optional(),
    })
    .readonly();

const waiverSchema = z
    .strictObject({
        judge: z.enum(judgeNames),
        /** The judge's own name of the rule. */
        rule: text,
        on: z.array(targetSchema).min(1).readonly(),
        /** Why the finding stands, in a sentence or two. */
        reason: text,
        /** Where that is said: addresses, and files of this project. */
        sources: z.array(text).min(1).readonly(),
    })
    .readonly();

export type Waiver = z.infer<typeof waiverSchema>;

type Target = z.infer<typeof targetSchema>;

/** The file of waivers has mistakes: the message lists them. */
export class WaiversError extends Error {}

/** Reads a file of waivers. Throws a WaiversError that lists every mistake. */
export function parseWaivers(yaml: string, file: string): readonly Waiver[] {
    let content: unknown;
    try {
        content = parse(yaml) as unknown;
    } catch (error) {
        throw new WaiversError(`${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`);
    }
    const parsed = z.array(waiverSchema).safeParse(content ?? []);
    const problems = parsed.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
    if (parsed.data === undefined) {
        throw new WaiversError(`${file} has mistakes:\n${problems.map(problem => `  ${problem}`).join("\n")}`);
    }
    return parsed.data;
}

/** Findings, sorted by whether a waiver covers them. */
export interface Judgement {
    readonly open: readonly Finding[];
    readonly waived: readonly { readonly finding: Finding; readonly waiver: Waiver }[];
}

/** Sorts findings by waiver. */
export function waive(findings: readonly Finding[], waivers: readonly Waiver[]): Judgement {
    const open: Finding[] = [];
    const waived: { finding: Finding; waiver: Waiver }[] = [];
    for (const finding of findings) {
        const waiver = waivers.find(({ judge, rule, on }) => judge === finding.judge && rule === finding.rule && on.some(target => covers(target, finding.object)));
        if (waiver === undefined) {
            open.push(finding);
        } else {
            waived.push({ finding, waiver });
        }
    }
    return { open, waived };
}

/** A finding for each target of a waiver that covers nothing any more: it must go, or it will hide the next fault. */
export function staleWaivers(findings: readonly Finding[], waivers: readonly Waiver[], file: string): Finding[] {
    return waivers.flatMap(({ judge, rule, on }) =>
        on
            .filter(target => !findings.some(finding => finding.judge === judge && finding.rule === rule && covers(target, finding.object)))
            .map(({ apiVersion = "", kind, name }): Finding => ({
                judge,
                where: file,
                object: { apiVersion, kind, name },
                rule,
                message: "stale waiver: it covers no finding any more; take it out",
            })),
    );
}

function covers(target: Target, { apiVersion, kind, name, body }: KubernetesObject): boolean {
    return (
        kind === target.kind &&
        (target.apiVersion === undefined || target.apiVersion === apiVersion) &&
        matches(target.name, name) &&
        (target.while === undefined || valuesAt(body, target.while.path.split(".")).includes(target.while.has))
    );
}

/** Whether a name fits a pattern in which `*` stands for any characters. */
function matches(pattern: string, name: string): boolean {
    const literals = pattern.split("*").map(part => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
    return new RegExp(`^${literals.join(".*")}$`).test(name);
}

/** The values at a path; a step such as `containers[]` goes through a list. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
    if (step === undefined) {
        return [value];
    }
    const key = step.replace(/\[\]$/, "");
    const next = typeof value === "object" && value !== null && key in value ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
    const each: unknown[] = step === key ? [next] : Array.isArray(next) ? next : [];
    return each.flatMap(one => valuesAt(one, rest));
}
