import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { WriteError } from "../../plan/write";
import type { DrillReport } from "../result";
import { drillJson } from "./json";
import { renderDrillPage } from "./page";

/** A report's files, by its kind: that of the live drills lies beside that of the drills on fake nodes. */
export interface ReportNames {
    readonly json: string;
    readonly page: string;
}

/** What a report's files are called: live.json and live.html, or drill.json and drill.html. */
export function reportNames({ live }: Pick<DrillReport, "live">): ReportNames {
    const stem = live === true ? "live" : "drill";
    return { json: `${stem}.json`, page: `${stem}.html` };
}

/**
 * Writes a report's JSON and its page below `directory`, after those of an earlier run of its kind were removed.
 *
 * @throws WriteError where the directory can't be written to.
 */
export function writeReport(directory: string, report: DrillReport): void {
    const json = drillJson(report);
    const page = renderDrillPage(report);
    const names = reportNames(report);
    clearReport(directory, report);
    orWriteError(directory, () => {
        mkdirSync(directory, { recursive: true });
        writeFileSync(join(directory, names.json), json);
        writeFileSync(join(directory, names.page), page);
    });
}

/**
 * Removes what earlier drills of a kind wrote below `directory`, and nothing else: before a run begins, so that one that
 * fails leaves no older report to be taken for its own.
 *
 * @throws WriteError where it can't.
 */
export function clearReport(directory: string, kind: Pick<DrillReport, "live">): void {
    orWriteError(directory, () => {
        const { json, page } = reportNames(kind);
        for (const name of [json, page]) {
            rmSync(join(directory, name), { force: true });
        }
    });
}

function orWriteError(directory: string, work: () => void): void {
    try {
        work();
    } catch (error) {
        throw new WriteError(`the drills' report can't be written to ${directory}: ${error instanceof Error ? error.message : String(error)}`);
    }
}
