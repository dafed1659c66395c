import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { PlanDiff } from "./change/diff";
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

const names = { json: "plan.json", page: "plan.html", manifests: "manifests", diff: "diff.json" };

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

/** Writes diff.json below `directory`. Throws a WriteError where it can't. */
export function writeDiff(directory: string, diff: PlanDiff): void {
    try {
        writeFileSync(join(directory, names.diff), asJson(diff));
    } catch (error) {
        throw cannotWrite(directory, error);
    }
}

/** Adds text to the end of a file, such as the summary of a job. Throws a WriteError where it can't. */
export function appendText(file: string, text: string): void {
    try {
        appendFileSync(file, text);
    } catch (error) {
        throw cannotWrite(file, error);
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
    return asJson(document);
}

function asJson(content: unknown): string {
    return `${JSON.stringify(content, null, 2)}\n`;
}
