import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type CustomResourceFacts, merged } from "./customResources";
import type { ChartFacts } from "./facts";
import type { Look } from "./look";
import { chartsOf } from "./requests";
import type { PlannedVariant } from "./variants";

/** Facts as files: one for each chart and each way it is rendered in, and one for all custom resources. */
export interface Kept {
    /** By the file's name without its ending. */
    readonly charts: ReadonlyMap<string, ChartFacts>;
    readonly customResources: readonly CustomResourceFacts[];
}

/** Where facts are kept. */
export const keptFolder = join(__dirname, "..", "tests", "platform", "rendered");

const customResourcesFile = "custom-resources";

/** Reads the facts in a folder. They are this program's own, so they are taken for what they were. */
export function readKept(folder = keptFolder): Kept {
    const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith(".json")).map(name => name.slice(0, -".json".length)) : [];
    const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as unknown;
    return {
        charts: new Map(names.filter(name => name !== customResourcesFile).map(name => [name, read(name) as ChartFacts])),
        customResources: names.includes(customResourcesFile) ? (read(customResourcesFile) as readonly CustomResourceFacts[]) : [],
    };
}

/** Writes facts into a folder, and removes those that are no more. */
export function writeKept({ charts, customResources }: Kept, folder = keptFolder): void {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [name, facts] of [...charts, [customResourcesFile, customResources] as const]) {
        writeFileSync(join(folder, `${name}.json`), `${asText(facts)}\n`);
    }
}

/** What is to be kept now. Of a chart that was not looked at, what there was. */
export function keptNow(planned: readonly PlannedVariant[], looks: readonly Look[], customResources: Kept["customResources"], before: Kept): Kept {
    const wanted = planned.flatMap(variant => chartsOf(variant).map(({ digest, role }) => ({ digest, role, on: variant.variant.key })));
    const charts = wanted.filter((use, index) => wanted.findIndex(({ digest }) => digest === use.digest) === index).flatMap(({ digest, role, on: first }): readonly [string, ChartFacts][] => {
        const facts = looks.find(look => look.facts.digest === digest)?.facts ?? [...before.charts.values()].find(kept => kept.digest === digest);
        const alone = wanted.every(use => use.role !== role || use.digest === digest);
        const on = wanted.filter(use => use.digest === digest).map(use => use.on);
        return facts === undefined ? [] : [[alone ? role : `${role}.${first}`, { ...facts, on }]];
    });
    return { charts: new Map(charts), customResources: merged(customResources) };
}

/** Files whose content would change, with how. */
export function changesOf(before: Kept, after: Kept): readonly string[] {
    const texts = ({ charts, customResources }: Kept): ReadonlyMap<string, string> =>
        new Map([...[...charts].map(([name, facts]): [string, string] => [name, asText(facts)]), [customResourcesFile, asText(customResources)]]);
    const [old, young] = [texts(before), texts(after)];
    return [...new Set([...old.keys(), ...young.keys()])].sort().flatMap(name => {
        const [was, is] = [old.get(name), young.get(name)];
        return was === is ? [] : [`${name}: ${was === undefined ? "new" : is === undefined ? "gone" : firstDifference(was, is)}`];
    });
}

function firstDifference(was: string, is: string): string {
    const [old, young] = [was.split("\n"), is.split("\n")];
    const line = young.findIndex((text, index) => text !== old[index]);
    return `${(old[line] ?? "nothing").trim()} is now ${(young[line] ?? "nothing").trim()}`;
}

/** Columns that a value may take on one line. */
const width = 150;

/** JSON in which whatever fits on a line is on one. */
export function asText(value: unknown, indent = ""): string {
    if (typeof value !== "object" || value === null) {
        return JSON.stringify(value);
    }
    const deeper = `${indent}  `;
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    const parts = Array.isArray(value)
        ? value.map(item => asText(item, deeper))
        : Object.entries(value).flatMap(([key, item]: [string, unknown]) => (item === undefined ? [] : [`${JSON.stringify(key)}: ${asText(item, deeper)}`]));
    const flat = `${open}${parts.join(", ")}${close}`;
    return parts.some(part => part.includes("\n")) || indent.length + flat.length > width ? `${open}\n${parts.map(part => `${deeper}${part}`).join(",\n")}\n${indent}${close}` : flat;
}
