// `pulumi up` of prod, killed at points spread over its course, and the recovery that README's "When an update was
// interrupted" describes. Engine, CLI and state are real and really killed; what an emulated cloud has begun it ends at once.
import { deepStrictEqual, ok } from "node:assert/strict";

import { recover } from "../../../recover/recover";
import type { Moment } from "../cloud/world";
import { audit, canonical, clean } from "../support/audit";
import { killedUpdate } from "../support/killed";
import { stateIn, projectStack, type Scene, setScene } from "../support/scene";
import { update } from "../support/told";

/** The emulated index of tags does not lag, and nothing is still being made once the clouds are at rest. */
const patience = { pauseMs: 100, longestMs: 10_000, listedMs: 0 };

/** Points at which an update is killed. */
const points = 20;

const moments: readonly Moment[] = ["begun", "made", "answering"];

/** Files that share the points: mocha runs files beside each other. */
const files = 3;

/** Every third point, from the given one on. */
export function describeKills(first: 1 | 2 | 3): void {
    describe(`an update that was killed, point ${first} and every third one after`, function () {
        this.timeout(240_000);
        let uninterrupted: readonly string[];
        let calls: number;

        before(async () => {
            const scene = await setScene();
            try {
                const stack = await projectStack(scene, "prod");
                await update(stack);
                uninterrupted = canonical(scene.world);
                calls = scene.world.calls.length;
            } finally {
                scene.close();
            }
        });

        for (let point: number = first; point <= points; point += files) {
            // Each file meets each moment.
            const moment = moments[Math.floor(point / files) % moments.length] ?? "begun";
            it(`is recovered from point ${point} of ${points}, with a resource ${moment}`, async () => {
                // A third of the points with the files beside states, which a kill may cut short.
                const scene = await setScene(first === 1);
                try {
                    await killAndRecover(scene, Math.round((point * calls) / (points + 1)), moment);
                    deepStrictEqual(canonical(scene.world), uninterrupted);
                } finally {
                    scene.close();
                }
            });
        }
    });
}

async function killAndRecover(scene: Scene, call: number, moment: Moment): Promise<void> {
    const { world, workspace } = scene;
    const stack = await projectStack(scene, "prod");
    ok(await killedUpdate(workspace, "prod", world, { call, moment }), "the update ended before it was killed");
    const args = { stack: "prod", directory: workspace.folder, env: workspace.env, patience };
    const { written, findings } = await recover(args);
    if (!written) {
        // What it can't tell, the user looks up: a health check without a tag may be there or not.
        const unsolved = findings.filter(finding => finding.fate === "unsolved").map(({ operation }) => operation.resource.urn);
        ok(unsolved.length > 0 && unsolved.every(urn => urn.includes("aws:route53/healthCheck:HealthCheck")), unsolved.join());
        const given = Object.fromEntries(unsolved.map(urn => [urn, world.all().find(thing => thing.urn === urn)?.id ?? null]));
        ok((await recover({ ...args, given })).written);
    }
    await update(stack);
    deepStrictEqual(audit(world, stateIn(scene)), clean);
}
