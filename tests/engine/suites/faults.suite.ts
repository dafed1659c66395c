// `pulumi up` of prod where each call to a cloud fails now and then, run again until it succeeds: nothing is lost or made
// twice. A call that a cloud carries out and whose answer never arrives is the killed update's: see interruption/.
import { deepStrictEqual, ok } from "node:assert/strict";

import type { Interference } from "../cloud/world";
import { audit, canonical, clean } from "../support/audit";
import { stateIn, projectStack, type Scene, setScene } from "../support/scene";
import { told, update } from "../support/told";

/** Share of the calls that fail. */
const share = 0.05;

/** Updates after which one must have succeeded: each goes on where the last one stopped. */
const most = 15;

/** Numbers between 0 and 1 that look like chance and are the same each time (Mulberry32). */
function chance(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

describe("a cloud that fails one call in twenty", function () {
    this.timeout(300_000);
    let scene: Scene;
    let faultless: readonly string[];

    before(async () => {
        const other = await setScene();
        try {
            await update(await projectStack(other, "prod"));
            faultless = canonical(other.world);
        } finally {
            other.close();
        }
        scene = await setScene();
    });

    after(() => {
        scene.close();
    });

    it("is got through by updating again, and ends as if nothing had failed", async () => {
        const next = chance(20_261_121);
        const failed: string[] = [];
        const fail: Interference = ({ urn }, moment) => {
            // Half of the faults come before anything is there, half once it is.
            if ((moment === "begun" || moment === "made") && next() < share / 2) {
                failed.push(`${moment} ${urn}`);
                throw new Error("InternalError: we encountered an internal error, please try again");
            }
        };
        scene.world.interference = fail;
        const stack = await projectStack(scene, "prod");
        let updates = 0;
        let isUp = false;
        while (!isUp && updates < most) {
            updates++;
            isUp = await told(stack.up({ continueOnError: true })).then(
                () => true,
                () => false,
            );
        }
        ok(isUp, `${updates} updates were not enough`);
        ok(failed.length >= 5 && failed.some(fault => fault.startsWith("begun")) && failed.some(fault => fault.startsWith("made")), failed.join());
        scene.world.interference = undefined;
        deepStrictEqual(audit(scene.world, stateIn(scene)), clean);
        deepStrictEqual(canonical(scene.world), faultless);
    });
});
