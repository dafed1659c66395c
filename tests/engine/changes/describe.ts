import { deepStrictEqual, match } from "node:assert/strict";

import type { Stack } from "@pulumi/pulumi/automation";

import type { Thing } from "../cloud/world";
import { audit, canonical } from "../support/audit";
import { type BaseName, bases, baseWith } from "../support/bases";
import { operations, shortName } from "../support/operations";
import { type Scene, stateIn, projectStack, setScene } from "../support/scene";
import { told, update } from "../support/told";
import type { EverydayChange } from "./change";
import { folded, holdAgainst } from "./matching";

/** Lets the engine make each of some changes of one base, each from the same state. */
export function describeChanges(changes: readonly EverydayChange[]): void {
    const base: BaseName = changes[0]?.from ?? "prod";
    describe(`changes of ${base}`, function () {
        this.timeout(240_000);
        let scene: Scene;
        let stack: Stack;
        let state: string;
        let things: readonly Thing[];

        before(async () => {
            scene = await setScene();
            stack = await projectStack(scene, "prod", bases[base]);
            await update(stack);
            state = scene.workspace.state("prod");
            things = scene.world.snapshot();
        });

        after(() => {
            scene.close();
        });

        for (const change of changes) {
            it(`${change.does}: ${change.refused === undefined ? "as the table says" : "refused"}`, async () => {
                scene.world.restore(things);
                scene.workspace.restoreState("prod", state);
                scene.workspace.configure("prod", baseWith(base, change.edits));
                if (change.refused === undefined) {
                    await update(stack);
                    holdAgainst(withoutCharts(operations(scene.world)), change);
                    const { orphans, ...rest } = audit(scene.world, stateIn(scene));
                    deepStrictEqual(rest, { duplicates: [], missing: [], pending: [] });
                    // What is the stack's no more and is still there, is kept on purpose.
                    const left = orphans.map(orphan => shortName(orphan.split(" ")[0] ?? "")).sort();
                    deepStrictEqual(folded(left, change.kept ?? []), [...(change.kept ?? [])].sort());
                } else {
                    const before = canonical(scene.world);
                    const said = await told(change.refusedBy === "cloud" ? stack.up().then(() => undefined) : stack.preview().then(() => undefined)).then(
                        () => "nothing",
                        (error: unknown) => String(error),
                    );
                    match(said, change.refused);
                    deepStrictEqual(canonical(scene.world), before);
                }
            });
        }
    });
}

/** What was done, but for the parts of charts, which a plan does not show. */
function withoutCharts(done: ReturnType<typeof operations>): ReturnType<typeof operations> {
    const own = (names: readonly string[]): readonly string[] => names.filter(name => !name.includes(":"));
    return { created: own(done.created), updated: own(done.updated), replaced: own(done.replaced), deleted: own(done.deleted) };
}
