// What this can't prove: that a link loses and delays what goes over it. lossyLink.suite.ts is for that.
import assert from "node:assert/strict";

import { clusterNet, nodeNet } from "../../../drill/live/cluster/addresses";
import { startLossyLink } from "../../../drill/live/cluster/lossyLink";
import { Network } from "../../../drill/live/cluster/network";
import type { Children } from "../../../drill/process/children";

describe("a lossy link that can't be made", () => {
    const node = nodeNet(0, 1);
    const programs = { wirefilter: "wirefilter", plug: "vde_plug2tap", dpipe: "dpipe" };

    /** Makes one where a command fails. Returns what was done, in order. */
    async function failing(fails: RegExp): Promise<readonly string[]> {
        const done: string[] = [];
        const run = (...line: readonly string[]): Promise<string> => {
            const text = line.join(" ");
            if (fails.test(text)) {
                return Promise.reject(new Error(`no: ${text}`));
            }
            if (!text.includes("-json")) {
                done.push(text);
            }
            return Promise.resolve(JSON.stringify([{ operstate: "UP" }]));
        };
        const pipe = { kill: () => Promise.resolve(void done.push("the pipe ends")), lastWords: () => "" };
        const children = { start: () => Promise.resolve(pipe) } as unknown as Children;
        const made = startLossyLink({ programs, children, folder: "/run", signal: new AbortController().signal }, new Network(run, clusterNet(0)), [node], { lossPercent: 5, delayMs: 200 });
        await assert.rejects(made, /^Error: no: /);
        return done;
    }

    const undone = ["the pipe ends", "ip link del hf0-far", "ip link del hf0-near", "ip link del hf0-zone"];

    it("leaves a node where it was, and nothing of its own", async () => {
        const late = await failing(/set hf0-near master/);
        assert.deepEqual(late.slice(-6), [`ip link set ${node.cable} master hf0-zone`, `ip link set ${node.cable} master hf0`, ...undone]);
        const midway = await failing(/set hf0-far master/);
        assert.deepEqual(midway.slice(-4), undone);
        assert.ok(!midway.some(line => line.includes(node.cable)));
        assert.deepEqual((await failing(/tuntap add dev hf0-far/)).slice(-2), ["ip link del hf0-near", "ip link del hf0-zone"]);
    });
});
