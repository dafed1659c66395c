// Installs themselves are tested with the judges', in tests/judges/install.test.ts.
import assert from "node:assert/strict";

import { cacheRoot, timed } from "../../tools/cache";

describe("the cache of what is installed once", () => {
    it("is where the variables say, or in the user's cache", () => {
        assert.equal(cacheRoot({}, "/home/me"), "/home/me/.cache/holdfast");
        assert.equal(cacheRoot({ XDG_CACHE_HOME: "/c", HOLDFAST_CACHE: "" }, "/home/me"), "/c/holdfast");
        assert.equal(cacheRoot({ XDG_CACHE_HOME: "/c", HOLDFAST_CACHE: "/h" }, "/home/me"), "/h");
    });

    it("says before a long step what to expect, and after it how long it took", async () => {
        const said: string[] = [];
        const say = (line: string): number => said.push(line);
        assert.equal(await timed(say, "building x", () => Promise.resolve(7), "2 of 5; about 6 minutes"), 7);
        await assert.rejects(timed(say, "building y", () => Promise.reject(new Error("no"))), /no/);
        assert.deepEqual(said.map(line => line.replace(/[\d.]+ s$/, "0 s")), [
            "building x (2 of 5; about 6 minutes) …",
            "building x: done in 0 s",
            "building y …",
            "building y: failed after 0 s",
        ]);
    });
});
