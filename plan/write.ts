import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { PlanDocument } from "./document";
import { manifestsOf } from "./manifests";
import { renderPage } from "./page";
import type { PlannedStack } from "./run";

/**
 * Writes plan.json, plan.html and each cluster's manifests below `directory`. What an earlier plan
 * left there is replaced: a cluster that is gone leaves no manifest behind.
 *
 * @throws WriteError where the directory can't be written to.
 */
export function writePlan(directory: string, planned: PlannedStack, document: PlanDocument): void {
    try {
        writeFiles(directory, planned, document);
    } catch (error) {
        throw new WriteError(`the plan can't be written to ${directory}: ${error instanceof Error ? error.message : String(error)}`);
    }
}

/** The plan's files could not be written: the message says where and why. */
export class WriteError extends Error {}

function writeFiles(directory: string, { config, recording }: PlannedStack, document: PlanDocument): void {
    const manifests = join(directory, "manifests");
    rmSync(manifests, { recursive: true, force: true });
    mkdirSync(manifests, { recursive: true });
    writeFileSync(join(directory, "plan.json"), planJson(document));
    writeFileSync(join(directory, "plan.html"), renderPage(document.summary, document.resources));
    for (const { name } of config.clusters) {
        writeFileSync(join(manifests, `${name}.yaml`), manifestsOf(name, recording.resources));
    }
}

/** plan.json's text. */
export function planJson(document: PlanDocument): string {
    return `${JSON.stringify(document, null, 2)}\n`;
}
