// What this can't prove: that Route 53 moves a name so. Its moves are made up here; what it goes by has tests of its own.
import assert from "node:assert/strict";

import { NameWatch } from "../../../drill/live/drills/nameWatch";
import type { Names } from "../../../drill/live/names";
import type { PromiseResult } from "../../../drill/result";

/** A name that has led to some clusters after others, and goes on to move. */
class MadeUpName {
    readonly #moves: (readonly string[])[];

    constructor(...moves: readonly (readonly string[])[]) {
        this.#moves = [...moves];
    }

    leadTo(...clusters: readonly string[]): void {
        this.#moves.push(clusters);
    }

    get names(): Pick<Names, "route53" | "domain"> {
        const moves = this.#moves;
        const route53 = {
            rotation: () => moves.at(-1) ?? [],
            get rotations() {
                return moves.map((clusters, at) => ({ at, clusters }));
            },
        };
        return { domain: "shop.example.com", route53: route53 as unknown as NonNullable<Names["route53"]> };
    }
}

/** What is promised of a name that led to some clusters at first, after some moves. */
function judged(cluster: string, before: readonly (readonly string[])[], moves: readonly (readonly string[])[]): readonly PromiseResult[] {
    const name = new MadeUpName(...before);
    const watch = new NameWatch(name.names);
    for (const clusters of moves) {
        name.leadTo(...clusters);
    }
    return watch.staysPromises({ name: cluster });
}

describe("where the app's name leads", () => {
    const promise = { name: "shop.example.com leads to", promised: "east" };

    it("must not change by what befalls a cluster that it leads to", () => {
        assert.deepEqual(judged("east", [["east"]], []), [{ ...promise, measured: "east", kept: true }]);
        assert.deepEqual(judged("east", [["east"]], [["central"]]), [{ ...promise, measured: "east, then central", kept: false }]);
    });

    it("has changed though it leads back again in the end", () => {
        assert.deepEqual(judged("east", [["east"]], [["central"], ["east"]]), [{ ...promise, measured: "east, then central, then east", kept: false }]);
    });

    it("is watched from a moment on: what was before is of another drill", () => {
        assert.deepEqual(judged("east", [["east"], ["central"], ["east"]], []), [{ ...promise, measured: "east", kept: true }]);
        assert.deepEqual(judged("east", [["central"], ["east"]], [["central"]]), [{ ...promise, measured: "east, then central", kept: false }]);
    });

    it("may be several clusters, of which none may drop out", () => {
        const several = { ...promise, promised: "east and central" };
        assert.deepEqual(judged("central", [["east", "central"]], []), [{ ...several, measured: "east and central", kept: true }]);
        assert.deepEqual(judged("central", [["east", "central"]], [["east"]]), [{ ...several, measured: "east and central, then east", kept: false }]);
    });

    it("is no promise of a cluster that it does not lead to, wherever it led before", () => {
        assert.deepEqual(judged("central", [["east"]], [["central"]]), []);
        assert.deepEqual(judged("central", [["central"], ["east"]], []), []);
    });

    it("is no promise of a stack without such a name", () => {
        assert.deepEqual(new NameWatch({ domain: undefined, route53: undefined }).staysPromises({ name: "east" }), []);
    });
});
