// What this can't prove: that requests get through. The drill with real containers is for that.
import assert from "node:assert/strict";

import { pipeCommand } from "../../../drill/live/cluster/lossyLink";
import { failsSeldom, heldUp, linkDrill, mostFailures } from "../../../drill/live/drills/link";
import { watchGivenUp } from "../../../drill/live/drills/nodes";
import type { LiveSite } from "../../../drill/live/site";
import type { OpenDoor } from "../../../drill/live/wayIn";

const outcomes = (failed: number, sent: number) => Array.from({ length: sent }, (_, n) => ({ at: n / 10, took: 0.1, ok: n >= failed }));

describe("a lossy link", () => {
    const programs = { wirefilter: "/w", plug: "/p", dpipe: "/d" };

    it("is one pipe of two devices with the filter between them", () => {
        const tied = (command: string, args: readonly string[]) => ({ command: "tie", args: [command, ...args] });
        const [, , , , ...pipe] = pipeCommand(programs, ["hf0-near", "hf0-far"], { lossPercent: 5, delayMs: 200 }, tied);
        assert.equal(pipe.join(" "), "tie /d tie /p -s - hf0-near = tie /w -l 5 -d 200 = tie /p -s - hf0-far");
    });

    it("is left out on one zone, and where the programs for it are missing", () => {
        const zones = (...names: string[]): LiveSite => ({ zones: names }) as unknown as LiveSite;
        const start = (): never => assert.fail("nothing is started");
        assert.equal(linkDrill.obstacle(zones("a"), { lossyLinks: { start } }), "the cluster has one zone");
        assert.deepEqual(linkDrill.obstacle(zones("a", "b"), { lossyLinks: { missing: "wirefilter is missing: apt-get install vde2" } }), { lacking: "wirefilter is missing: apt-get install vde2" });
        assert.equal(linkDrill.obstacle(zones("a", "b"), { lossyLinks: { start } }), undefined);
    });

    it("may make one request of a hundred fail, and not more", () => {
        const judged = (failed: number, sent: number, badAt = 0, goodAt = Infinity) => failsSeldom({ door: undefined, outcomes: outcomes(failed, sent) }, { badAt, goodAt }, 1);
        assert.deepEqual(judged(1, 100), { name: "failed requests by the app's name, of 100", promised: "1 at most", measured: "1 (1 of 100)", kept: true });
        assert.deepEqual([judged(2, 100).measured, judged(2, 100).kept], ["2 (2 of 100)", false]);
        assert.equal(judged(3, 1000).measured, "0.3 (3 of 1000)");
        // Those before the link was bad do not count.
        assert.deepEqual([judged(5, 100, 0.5).measured, judged(5, 100, 0.5).kept], ["0 (0 of 95)", true]);
        assert.deepEqual([judged(0, 0).measured, judged(0, 0).kept], ["none was sent", false]);
    });
});

describe("a link that is bad", () => {
    const client = (...took: readonly number[]) => ({ outcomes: took.map((seconds, n) => ({ at: n, took: seconds, ok: true })) });
    const judged = (...clients: readonly ReturnType<typeof client>[]) => heldUp(clients, { badAt: 1, goodAt: 4 });

    it("is told by requests that it held up: else nothing could have failed by it", () => {
        assert.deepEqual(judged(client(0.4, 0.1, 0.4, 0.1), client(1, 0.1, 0.1)), { name: "requests that take 0.4 s or longer", promised: "some", measured: "1 of 5", kept: true });
        // Those before and after were held up by something else.
        assert.deepEqual([judged(client(2, 0.1, 0.39, 0.1, 2)).measured, judged(client(2, 0.1, 0.39, 0.1, 2)).kept], ["0 of 3", false]);
        assert.equal(judged().kept, false);
    });
});

describe("requests over a lossy link", () => {
    const by = (targets: "pods" | "nodes", localNodes: boolean): number => mostFailures({ door: { targets, localNodes } as unknown as OpenDoor });

    it("may fail more often where nodes hand them on, so that they can cross it twice", () => {
        assert.deepEqual([by("pods", false), by("nodes", true), by("nodes", false)], [1, 1, 5]);
        assert.equal(mostFailures({ door: undefined }), 1);
    });
});

describe("nodes that are given up", () => {
    type Seen = (nodes: readonly object[]) => void;
    const node = (name: string, ready: string, ...taints: readonly string[]): object => ({ metadata: { name }, spec: { taints: taints.map(key => ({ key })) }, status: { conditions: [{ type: "Ready", status: ready }] } });

    it("are noted once and for all, by their condition or their taint", async () => {
        let see: Seen = () => assert.fail("nobody looks at nodes");
        const watch = ({ seen }: { readonly seen: Seen }): Promise<undefined> => {
            see = seen;
            return Promise.resolve(undefined);
        };
        const givenUp = await watchGivenUp({ watch } as unknown as Parameters<typeof watchGivenUp>[0]);
        see([node("a", "True"), node("b", "True", "node.kubernetes.io/unschedulable"), node("c", "True")]);
        assert.deepEqual(givenUp(), []);
        see([node("a", "True"), node("b", "Unknown"), node("c", "True")]);
        see([node("a", "True", "node.kubernetes.io/unreachable"), node("b", "True"), node("c", "True")]);
        see([node("a", "True"), node("b", "True"), node("c", "True")]);
        assert.deepEqual(givenUp(), ["a", "b"]);
    });
});
