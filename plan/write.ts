import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { PlanDocument } from "./document";
import { manifestsOf } from "./manifests";
import { objectsByCluster } from "./objects";
import { renderPage } from "./page";
import type { PlannedStack } from "./run";

/**
 * Writes plan.json, plan.html and each cluster's manifests below `directory`, which was cleared before.
 *
 * @throws WriteError where the directory can't be written to.
 */
export function writePlan(directory: string, planned: PlannedStack, document: PlanDocument): void {
    try {
        writeFiles(directory, planned, document);
    } catch (error) {
        throw cannotWrite(directory, error);
    }
}

/** The plan's files could not be written: the message says where and why. */
export class WriteError extends Error {}

const names = { json: "plan.json", page: "plan.html", manifests: "manifests" };

/** Removes what an earlier plan wrote below `directory`, and nothing else. Throws a WriteError where it can't. */
export function clearPlan(directory: string): void {
    try {
        for (const name of Object.values(names)) {
            rmSync(join(directory, name), { recursive: true, force: true });
        }
    } catch (error) {
        throw cannotWrite(directory, error);
    }
}

function cannotWrite(directory: string, error: unknown): WriteError {
    return new WriteError(`the plan can't be written to ${directory}: ${error instanceof Error ? error.message : String(error)}`);
}

function writeFiles(directory: string, { config, recording }: PlannedStack, document: PlanDocument): void {
    const manifests = join(directory, names.manifests);
    mkdirSync(manifests, { recursive: true });
    writeFileSync(join(directory, names.json), planJson(document));
    writeFileSync(join(directory, names.page), renderPage(document.summary, document.resources));
    const objects = objectsByCluster(recording.resources);
    for (const { name } of config.clusters) {
        writeFileSync(join(manifests, `${name}.yaml`), manifestsOf(objects.get(name) ?? []));
    }
}

/** plan.json's text. */
export function planJson(document: PlanDocument): string {
    return `${JSON.stringify(document, null, 2)}\n`;
}
