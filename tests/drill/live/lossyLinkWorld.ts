// A node behind a lossy link, in namespaces of its own, for a test to look at. Argument: a folder. Prints what three connections to each node took, in milliseconds, -1 for one that did not come up.
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";

import { clusterNet, nodeNet } from "../../../drill/live/cluster/addresses";
import { type LinkFault, startLossyLink } from "../../../drill/live/cluster/lossyLink";
import { Network, commands, inNamespace } from "../../../drill/live/cluster/network";
import { Children } from "../../../drill/process/children";
import { NotYet, until } from "../../../drill/process/until";
import { executor } from "../../../tools/execute";

const [folder = ""] = process.argv.slice(2);
const port = 8080;
/** Longest wait for a connection, in milliseconds: a lost packet is sent again after a second (RFC 6298). */
const patienceMs = 900;

/** What connections to the node that never is behind the link took, and to the one that is. */
interface Seen {
    readonly good: readonly number[];
    readonly bad: readonly number[];
}

/** Milliseconds until a connection came up; -1 where none did. */
async function knock(host: string): Promise<number> {
    const from = performance.now();
    const socket = connect({ host, port });
    try {
        await once(socket, "connect", { signal: AbortSignal.timeout(patienceMs) });
        return performance.now() - from;
    } catch {
        return -1;
    } finally {
        socket.destroy();
    }
}

async function main(): Promise<void> {
    const { signal } = new AbortController();
    const run = commands(executor(signal), folder);
    await run("mount", "-t", "tmpfs", "none", "/run");
    mkdirSync("/run/netns");
    await run("ip", "link", "set", "lo", "up");
    const network = new Network(run, clusterNet(0));
    await network.begin();
    const nodes = [nodeNet(0, 0), nodeNet(0, 1)] as const;
    const [good, bad] = nodes;
    const children = new Children(`${folder}/children`, error => {
        throw error;
    });
    await network.join(good, []);
    await network.join(bad, [good]);
    for (const node of nodes) {
        const answer = `require("node:net").createServer(socket => socket.end()).listen(${port})`;
        const args = inNamespace(node, process.execPath, ["-e", answer]);
        await children.start({ name: node.cable, command: "nsenter", args, cwd: folder, env: {}, logFile: `${folder}/${node.cable}.log` });
        await until(node.cable, async () => ((await knock(node.address)) >= 0 ? true : new NotYet("nobody listens")), { seconds: 10, signal });
    }
    const thrice = async (host: string): Promise<readonly number[]> => [await knock(host), await knock(host), await knock(host)];
    const both = async (): Promise<Seen> => ({ good: await thrice(good.address), bad: await thrice(bad.address) });
    const ground = { programs: { wirefilter: "wirefilter", plug: "vde_plug2tap", dpipe: "dpipe" }, children, folder, signal };
    const behind = async (fault: LinkFault): Promise<Seen> => {
        const link = await startLossyLink(ground, network, [bad], fault);
        const seen = await both();
        await link.end();
        return seen;
    };
    const links = async (): Promise<string> => run("ip", "-brief", "link");
    const [before, linksBefore] = [await both(), await links()];
    const slow = await behind({ lossPercent: 0, delayMs: 50 });
    const between = await both();
    const dead = await behind({ lossPercent: 100, delayMs: 0 });
    const programs = async (): Promise<string> => (await run("ps", "-eo", "comm")).split("\n").filter(name => ["dpipe", "wirefilter", "vde_plug2tap"].includes(name)).join(" ");
    await until("its programs are gone", async () => ((await programs()) === "" ? true : new NotYet(await programs())), { seconds: 5, signal });
    const [after, linksAfter] = [await both(), await links()];
    process.stdout.write(`${JSON.stringify({ before, slow, between, dead, after, left: linksAfter === linksBefore ? "nothing" : linksAfter })}\n`);
    await children.killAll();
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
});
