import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { WriteError } from "../../plan/write";
import type { DrillReport } from "../result";
import { drillJson } from "./json";
import { renderDrillPage } from "./page";

const names = { json: "drill.json", page: "drill.html" };

/**
 * Writes drill.json and drill.html below `directory`, after those of an earlier run were removed.
 *
 * @throws WriteError where the directory can't be written to.
 */
export function writeDrill(directory: string, report: DrillReport): void {
    const json = drillJson(report);
    const page = renderDrillPage(report);
    clearDrill(directory);
    orWriteError(directory, () => {
        mkdirSync(directory, { recursive: true });
        writeFileSync(join(directory, names.json), json);
        writeFileSync(join(directory, names.page), page);
    });
}

/**
 * Removes what earlier drills wrote below `directory`, and nothing else: before a run begins, so that one that fails leaves
 * no older report to be taken for its own.
 *
 * @throws WriteError where it can't.
 */
export function clearDrill(directory: string): void {
    orWriteError(directory, () => {
        for (const name of Object.values(names)) {
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
