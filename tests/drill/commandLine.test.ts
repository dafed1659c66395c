import assert from "node:assert/strict";

import { UsageError, choose, listOf, repeated } from "../../drill/commandLine";

const zoneLoss = { name: "zone loss", quick: true };
const noise = { name: "load noise", quick: false };
const drain = { name: "drain", quick: true };
const drills = [zoneLoss, noise, drain];

describe("the drills that a user wants", () => {
    it("are the quick set, the full one, or those that are named, in their own order", () => {
        assert.deepEqual(choose(drills, { full: false }), [zoneLoss, drain]);
        assert.deepEqual(choose(drills, { full: true }), drills);
        assert.deepEqual(choose(drills, { full: false, only: "drain,load-noise" }), [noise, drain]);
    });

    it("are named in either case", () => {
        const lost = { name: "API server down", quick: false };
        assert.equal(listOf([lost]), "api-server-down (full set)\n");
        assert.deepEqual(["api-server-down", "API-server-down"].map(only => choose([lost, drain], { full: false, only })), [[lost], [lost]]);
    });

    it("are refused where one is not known, with those that there are", () => {
        assert.throws(() => choose(drills, { full: true, only: "drain,zone loss,fire" }), new UsageError("there is no drill zone loss, fire; there are zone-loss, load-noise, drain"));
    });

    it("are listed by the names that the command line takes", () => {
        assert.equal(listOf(drills), "zone-loss\nload-noise (full set)\ndrain\n");
    });

    it("are done as often as they are asked for, all of them before any again", () => {
        assert.deepEqual(repeated([zoneLoss, drain], {}), [zoneLoss, drain]);
        assert.deepEqual(repeated([zoneLoss, drain], { repeat: "3" }), [zoneLoss, drain, zoneLoss, drain, zoneLoss, drain]);
    });

    it("are not repeated a number of times that is none", () => {
        for (const repeat of ["0", "-1", "1.5", "three", "", "100", "1 "]) {
            assert.throws(() => repeated(drills, { repeat }), new UsageError(`--repeat ${repeat} is no number of times from 1 to 99`));
        }
    });
});
