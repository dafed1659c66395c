import { join, relative } from "node:path";

import type { Say } from "../tools/cache";
import { renderDrillText } from "./report/text";
import { reportNames } from "./report/write";
import type { DrillReport } from "./result";

/** What the user asked for can't be done: the message says why. */
export class UsageError extends Error {}

/** What the user said of a run of drills. */
export interface Wishes {
    /** Stack to drill. */
    readonly stack: string;
    readonly full: boolean;
    /** Names of drills, with hyphens and commas; undefined for those of the set. */
    readonly only?: string | undefined;
    /** How often the live drills are done, one time after the other, in words. @default once */
    readonly repeat?: string | undefined;
    /** Whether the naive stack is drilled too. */
    readonly naive: boolean;
    /** Folder for reports. */
    readonly out: string;
}

/** What a user may choose. */
export interface Choosable {
    /** In words; on the command line with hyphens for spaces, in either case. */
    readonly name: string;
    /** Whether the quick set has it. */
    readonly quick: boolean;
}

const defaultWidth = 120;
const narrowest = 80;

/** Tells the user what happens, with the seconds since a moment, where it does not mix with the report. @param startedAt as Date.now has it. */
export function sayer(startedAt: number): Say {
    return line => process.stderr.write(`${((Date.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}\n`);
}

/** The drills' names, a line each. */
export function listOf(drills: readonly Choosable[]): string {
    return drills.map(drill => `${idOf(drill)}${drill.quick ? "" : " (full set)"}\n`).join("");
}

/**
 * The drills that the user wants.
 *
 * @throws UsageError where one is named that there is not.
 */
export function choose<Drill extends Choosable>(drills: readonly Drill[], { only, full }: Pick<Wishes, "only" | "full">): readonly Drill[] {
    if (only === undefined) {
        return drills.filter(({ quick }) => quick || full);
    }
    const asked = only.toLowerCase().split(",");
    const unknown = asked.filter(name => !drills.some(drill => idOf(drill) === name));
    if (unknown.length > 0) {
        throw new UsageError(`there is no drill ${unknown.join(", ")}; there are ${drills.map(idOf).join(", ")}`);
    }
    return drills.filter(drill => asked.includes(idOf(drill)));
}

/**
 * Drills as often as the user wants them.
 *
 * @throws UsageError where that is no number of times.
 */
export function repeated<Drill extends Choosable>(drills: readonly Drill[], { repeat = "1" }: Pick<Wishes, "repeat">): readonly Drill[] {
    if (!/^[1-9]\d?$/.test(repeat)) {
        throw new UsageError(`--repeat ${repeat} is no number of times from 1 to 99`);
    }
    return Array.from({ length: Number(repeat) }, () => drills).flat();
}

function idOf({ name }: Choosable): string {
    return name.toLowerCase().replaceAll(" ", "-");
}

/** Prints a report, and where its files are. */
export function show(report: DrillReport, directory: string): void {
    const { isTTY, columns } = process.stdout;
    process.stdout.write(renderDrillText(report, { color: isTTY && process.env["NO_COLOR"] === undefined, width: isTTY ? Math.max(narrowest, columns) : defaultWidth }));
    const { page, json } = reportNames(report);
    process.stdout.write(`\nWrote ${join(relative(process.cwd(), directory), page)} and ${json}.\n`);
}
