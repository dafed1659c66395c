import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { parse } from "yaml";

import { workflowFiles } from "../../workflows/files";
import { projectDirectory } from "../support/plan";

/** One step of a job. */
export interface Step {
    readonly name?: string;
    readonly id?: string;
    readonly if?: string;
    readonly uses?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly run?: string;
    readonly env?: Readonly<Record<string, string>>;
}

/** One job of a workflow. */
export interface Job {
    readonly if?: string;
    readonly needs?: string | readonly string[];
    readonly uses?: string;
    readonly with?: Readonly<Record<string, string>>;
    readonly permissions?: Readonly<Record<string, string>>;
    readonly environment?: string;
    readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean; readonly queue?: string };
    readonly "timeout-minutes"?: number | string;
    readonly strategy?: { readonly "fail-fast": boolean; readonly matrix: { readonly stack: string | readonly string[]; readonly exclude?: readonly { readonly stack: string }[] } };
    readonly env?: Readonly<Record<string, string>>;
    readonly steps?: readonly Step[];
}

/** A workflow and its text: comments are read too. */
export interface Workflow {
    readonly file: string;
    readonly text: string;
    readonly on: Readonly<Record<string, { readonly types?: readonly string[]; readonly inputs?: Readonly<Record<string, { readonly options?: readonly string[] }>> } | null>>;
    readonly permissions?: Readonly<Record<string, string>>;
    readonly concurrency?: unknown;
    readonly jobs: Readonly<Record<string, Job>>;
}

/** A workflow as its text says it. */
export function workflowOf(file: string, text: string): Workflow {
    return { ...(parse(text) as Omit<Workflow, "file" | "text">), file, text };
}

/** The project's workflows. */
export function readWorkflows(): readonly Workflow[] {
    return workflowFiles(projectDirectory).map(path => workflowOf(basename(path), readFileSync(join(projectDirectory, path), "utf8")));
}

/** Every job, by "<file> <job>". */
export function jobsOf(workflows: readonly Workflow[]): readonly { readonly place: string; readonly workflow: Workflow; readonly job: Job }[] {
    return workflows.flatMap(workflow => Object.entries(workflow.jobs).map(([name, job]) => ({ place: `${workflow.file} ${name}`, workflow, job })));
}

/** Every step, by the place of its job. */
export function stepsOf(workflows: readonly Workflow[]): readonly { readonly place: string; readonly step: Step }[] {
    return jobsOf(workflows).flatMap(({ place, job }) => (job.steps ?? []).map(step => ({ place, step })));
}

/** The workflow that alone reaches clouds. */
export const keyed = "stack.yml";

/** Whether a job calls {@link keyed}. */
export function callsKeyed({ uses }: Job): boolean {
    return uses === `./.github/workflows/${keyed}`;
}
