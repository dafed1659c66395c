// The plan diff, which needs no engine, against the table of changes that the real engine is held to as well: both say the
// same of each. Parts of charts are in no plan.
import { deepStrictEqual, ok } from "node:assert/strict";

import { compare } from "../../../plan/change/compare";
import { type Action, type PlanDiff, losses } from "../../../plan/change/diff";
import { type PlanDocument, planDocument } from "../../../plan/document";
import { planStack } from "../../../plan/run";
import { summarise } from "../../../plan/summarise";
import { projectDirectory } from "../../support/plan";
import { everydayChanges } from "../changes";
import { holdAgainst } from "../changes/matching";
import { type BaseName, bases, baseWith } from "../support/bases";
import { type Operations, shortName } from "../support/operations";
import type { StackConfig } from "../support/workspace";

/** A plan, and by which other names its resources would be known. */
interface Planned {
    readonly document: PlanDocument;
    readonly aliases: ReadonlyMap<string, readonly string[]>;
}

async function plannedFrom(config: StackConfig): Promise<Planned> {
    const planned = await planStack(projectDirectory, { project: "holdfast", stack: "prod", config });
    const aliases = new Map(planned.recording.resources.map(({ urn, aliases: others }) => [urn, others]));
    return { document: planDocument(planned, summarise(planned)), aliases };
}

function saidOf({ changes }: PlanDiff): Operations {
    const of = (action: Action): readonly string[] =>
        changes
            .filter(change => change.action === action && !change.type.startsWith("kubernetes:helm.sh/v4:") && !(action === "delete" && change.kept))
            .map(({ urn }) => shortName(urn))
            .sort();
    return { created: of("create"), updated: of("update"), replaced: of("replace"), deleted: of("delete") };
}

describe("the plan diff", function () {
    this.timeout(60_000);
    const before: Partial<Record<BaseName, Promise<Planned>>> = {};

    for (const change of everydayChanges) {
        it(`${change.from}: ${change.does}`, async () => {
            const { from, edits, because } = change;
            const base = await (before[from] ??= plannedFrom(bases[from]));
            const { document, aliases } = await plannedFrom(baseWith(from, edits));
            const diff = compare(base.document, document, { aliases });
            if (change.refused === undefined) {
                holdAgainst(saidOf(diff), change.plan ?? change);
            }
            // What is lost is lost on purpose, and what is refused is said to be.
            deepStrictEqual({ loses: losses(diff).length > 0 }, { loses: because !== undefined });
            ok(change.refused === undefined || change.refusedBy === "cloud" || diff.changes.some(({ refused }) => refused));
        });
    }
});
