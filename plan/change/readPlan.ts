import { z } from "zod";

import type { PlanDocument } from "../document";
import type { PlannedResource } from "../summary";
import { BaseError } from "./baseError";

const urns = z.array(z.string());

/** A row of plan.json, as this or an older version wrote it. */
const row = z.looseObject({
    urn: z.string(),
    type: z.string(),
    name: z.string(),
    parent: z.string().nullable(),
    provider: z.string().nullable(),
    protect: z.boolean(),
    retainOnDelete: z.boolean(),
    dependencies: urns,
    inputs: z.unknown(),
    custom: z.boolean().optional(),
    ignoreChanges: z.array(z.string()).default([]),
    replaceOnChanges: z.array(z.string()).default([]),
    deleteBeforeReplace: z.boolean().nullable().default(null),
    propertyDependencies: z.record(z.string(), urns).optional(),
});

const version = z.looseObject({ formatVersion: z.unknown().optional() });
const schema = z.looseObject({
    formatVersion: z.literal(1),
    summary: z.looseObject({ project: z.string(), stack: z.string() }),
    resources: z.array(row),
});

/** What a comparison needs of an earlier plan. */
export interface EarlierPlan {
    readonly document: PlanDocument;
    /** Written before plan.json had all that a comparison asks for. */
    readonly isOlder: boolean;
}

/**
 * Reads plan.json's text.
 *
 * @param where where it comes from, for messages.
 * @throws BaseError where it is no plan, one of another format, or one of another stack than `expected`.
 */
export function readPlan(text: string, where: string, expected: { readonly project: string; readonly stack: string }): EarlierPlan {
    const content = parseJson(text, where);
    const head = version.safeParse(content);
    if (head.success && head.data.formatVersion !== 1) {
        throw new BaseError(`${where} has format ${String(head.data.formatVersion)}, and this version reads format 1: plan it anew`);
    }
    const { success, data, error } = schema.safeParse(content);
    if (!success) {
        const [issue] = error.issues;
        throw new BaseError(`${where} is no plan.json: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
    }
    const { project, stack } = data.summary;
    if (project !== expected.project || stack !== expected.stack) {
        throw new BaseError(`${where} is the plan of stack ${stack} of ${project}: compare ${expected.stack} of ${expected.project} with a plan of its own`);
    }
    const resources = data.resources.map(
        ({ custom, propertyDependencies = {}, ...rest }): PlannedResource => ({
            ...rest,
            custom: custom ?? (rest.provider !== null || rest.type.startsWith("pulumi:providers:")),
            propertyDependencies,
        }),
    );
    const isOlder = data.resources.some(({ custom, propertyDependencies }) => custom === undefined || propertyDependencies === undefined);
    // What a comparison reads of the rest is the summary's project and stack, which were looked at.
    return { document: { ...(data as unknown as PlanDocument), resources }, isOlder };
}

/** An older plan with the sources of its inputs as a later one has them. */
export function withSourcesOf(earlier: PlanDocument, later: PlanDocument): PlanDocument {
    const sources = new Map(later.resources.map(({ urn, propertyDependencies }) => [urn, propertyDependencies]));
    return { ...earlier, resources: earlier.resources.map(resource => ({ ...resource, propertyDependencies: sources.get(resource.urn) ?? {} })) };
}

function parseJson(text: string, where: string): unknown {
    try {
        return JSON.parse(text);
    } catch (error) {
        throw new BaseError(`${where} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
}
