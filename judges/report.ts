import { columns } from "../plan/columns";
import { count, wrap } from "../plan/words";
import { exitCodes } from "../tools/command";
import { type Finding, type Judge, type KubernetesObject, type Manifest, inWords, noSchema } from "./verdict";
import type { Judgement, Waiver } from "./waivers";

/** What was judged, and how it came out. */
export interface Report {
    readonly judges: readonly Pick<Judge, "name" | "version">[];
    readonly manifests: readonly Manifest[];
    /** Objects that each judge looked into, by the judge's name. */
    readonly judged: ReadonlyMap<string, readonly KubernetesObject[]>;
    readonly judgement: Judgement;
    readonly kubernetes: string;
    readonly seconds: number;
}

/** Columns that sentences are wrapped at. */
const width = 118;

/** The exit code that findings stand for. */
export function exitCodeOf({ open }: Judgement): number {
    return open.length === 0 ? exitCodes.fine : exitCodes.wrong;
}

/** A judge ran, but crashed or said nothing that can be read: the message says what, and what to do. */
export class NoVerdict extends Error {}

/** The report for a terminal. */
export function renderReport(report: Report): string {
    const { judgement, manifests, kubernetes, seconds } = report;
    const unknown = unknownTypes([...judgement.open, ...judgement.waived.map(({ finding }) => finding)]);
    const objects = manifests.reduce((sum, manifest) => sum + manifest.objects.length, 0);
    const lines = [
        ...tableLines(report, objects),
        ...section("No schema, not judged by kubeconform", unknown),
        ...section(count(judgement.open.length, "finding"), judgement.open.length === 0 ? [] : findingLines(judgement.open)),
        ...section("Waivers", waiverLines(judgement)),
        "",
        `${count(judgement.open.length, "finding")}, ${judgement.waived.length} waived: ${count(objects, "object")} in ${count(manifests.length, "manifest")} ` +
            `(${manifests.map(({ where }) => where).join(", ")}), Kubernetes ${kubernetes}, ${seconds.toFixed(1)} s`,
    ];
    return `${lines.join("\n")}\n`;
}

function section(heading: string, lines: readonly string[]): string[] {
    return lines.length === 0 ? [] : ["", heading, ...lines.map(line => `  ${line}`)];
}

function tableLines({ judges, judged, judgement }: Report, objects: number): string[] {
    const rows = judges.map(({ name, version }) => [
        name,
        version,
        `${judged.get(name)?.length ?? 0} of ${objects}`,
        String(judgement.open.filter(({ judge }) => judge === name).length),
        String(judgement.waived.filter(({ finding }) => finding.judge === name).length),
    ]);
    return columns([["judge", "version", "objects judged", "findings", "waived"], ...rows]);
}

/** Types that kubeconform has no schema of, each with the objects that are of it. */
function unknownTypes(findings: readonly Finding[]): string[] {
    const types = new Map<string, string[]>();
    for (const { object, where } of findings.filter(({ rule }) => rule === noSchema)) {
        const type = `${object.apiVersion} ${object.kind}`;
        types.set(type, [...(types.get(type) ?? []), `${object.namespace === undefined ? "" : `${object.namespace}/`}${object.name} in ${where}`]);
    }
    return columns([...types].map(([type, where]) => [type, where.join(", ")]));
}

function findingLines(findings: readonly Finding[]): string[] {
    const heads = columns(findings.map(({ where, object, judge, rule }) => [where, inWords(object), `${judge} ${rule}`]));
    return findings.flatMap(({ message }, index) => [heads[index] ?? "", ...wrapped(message)]);
}

function waiverLines({ waived }: Judgement): string[] {
    const counts = new Map<Waiver, number>();
    for (const { waiver } of waived) {
        counts.set(waiver, (counts.get(waiver) ?? 0) + 1);
    }
    const heads = columns(
        [...counts].map(([{ judge, rule, on }, times]) => [`${times} ×`, judge, rule, on.map(({ kind, name }) => `${kind} ${name}`).join(", ")]),
    );
    return [...counts.keys()].flatMap(({ reason }, index) => [heads[index] ?? "", ...wrapped(reason)]);
}

/** A sentence below its heading, broken at spaces so that no line is too long unless a word is. */
function wrapped(text: string): string[] {
    const indent = "    ";
    return wrap(text.replace(/\s+/g, " "), width - indent.length).map(line => `${indent}${line}`);
}
