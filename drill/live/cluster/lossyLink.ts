import { join } from "node:path";

import { z } from "zod";

import type { Child, Children } from "../../process/children";
import { NotYet, until } from "../../process/until";
import { withParent } from "../../process/withParent";
import type { NodeNet } from "./addresses";
import type { Command, Network } from "./network";

/** What a link does to each packet, whichever way it goes. */
export interface LinkFault {
    /** Packets that are lost, in percent. */
    readonly lossPercent: number;
    /** Time that each takes longer, in milliseconds. */
    readonly delayMs: number;
}

/** Programs of Debian's vde2, which makes a bad link without the kernel's help: few kernels of virtual machines have sch_netem. */
export interface LinkPrograms {
    readonly wirefilter: string;
    /** vde_plug2tap. */
    readonly plug: string;
    readonly dpipe: string;
}

/** A bad link between some nodes of a cluster and the rest. */
export interface LossyLink {
    /** The link is as good as any again. */
    end(): Promise<void>;
}

/** What makes a link bad, or why nothing does here. */
export type LossyLinks = { readonly start: (network: Network, nodes: readonly NodeNet[], fault: LinkFault) => Promise<LossyLink> } | { readonly missing: string };

export interface LossyLinkGround {
    readonly programs: LinkPrograms;
    readonly children: Children;
    /** Folder for its log. */
    readonly folder: string;
    readonly signal: AbortSignal;
}

/** Longest wait until packets go through it, in seconds. */
const linkSeconds = 10;

/** What `ip` says of a device. */
const linkSchema = z.array(z.object({ operstate: z.string() }));

/**
 * A command that joins two tap devices by a link that loses and delays. A number holds for both directions, delays are in milliseconds
 * (wirefilter(1), https://manpages.debian.org/bookworm/vde2/wirefilter.1.en.html); "-s -" is what makes vde_plug2tap a part of a pipe
 * (vde_plug2tap(1), https://manpages.debian.org/bookworm/vde2/vde_plug2tap.1.en.html). dpipe makes itself a process group, which the first of a session
 * may not do, and which no signal to ours reaches: so a shell starts it, and each program goes with the one that started it.
 *
 * @param tied makes a command go with whoever started it.
 */
export function pipeCommand({ wirefilter, plug, dpipe }: LinkPrograms, [near, far]: readonly [string, string], { lossPercent, delayMs }: LinkFault, tied = withParent): readonly [command: string, ...args: string[]] {
    const flat = (program: string, ...own: readonly string[]): readonly string[] => {
        const { command, args } = tied(program, own);
        return [command, ...args];
    };
    const parts = [flat(plug, "-s", "-", near), flat(wirefilter, "-l", String(lossPercent), "-d", String(delayMs)), flat(plug, "-s", "-", far)];
    return ["sh", "-c", '"$@"; exit $?', "sh", ...flat(dpipe, ...parts.flatMap((part, index) => (index === 0 ? part : ["=", ...part])))];
}

/**
 * Makes the link between some nodes and the rest of their cluster bad: their cables go to a bridge of their own, and a program carries packets from
 * one bridge to the other. Addresses and connections stay. Resolves when the nodes are behind it.
 */
export async function startLossyLink({ programs, children, folder, signal }: LossyLinkGround, network: Network, nodes: readonly NodeNet[], fault: LinkFault): Promise<LossyLink> {
    const { run } = network;
    const { bridge } = network.net;
    const ownBridge = `${bridge}-zone`;
    const [near, far] = [`${bridge}-near`, `${bridge}-far`] as const;
    const taps = [near, far] as const;
    const [command, ...args] = pipeCommand(programs, taps, fault);
    // What is to be undone, the last first.
    const undo: (() => Promise<unknown>)[] = [];
    const end = async (): Promise<void> => {
        for (const step of undo.splice(0).reverse()) {
            await step();
        }
    };
    try {
        await run("ip", "link", "add", ownBridge, "type", "bridge");
        undo.push(() => run("ip", "link", "del", ownBridge));
        await run("ip", "link", "set", ownBridge, "up");
        for (const tap of taps) {
            await run("ip", "tuntap", "add", "dev", tap, "mode", "tap");
            // What a bridge has learned to be behind a device is forgotten with it.
            undo.push(() => run("ip", "link", "del", tap));
            await run("ip", "link", "set", tap, "up");
        }
        const pipe = await children.start({ name: `${bridge}/lossy link`, command, args, cwd: folder, env: { PATH: process.env["PATH"] }, logFile: join(folder, `${bridge}-link.log`) });
        undo.push(() => pipe.kill());
        await until(`${bridge}: a lossy link`, () => carried(run, taps, pipe), { seconds: linkSeconds, signal });
        // The cluster's end of the link comes last. What a node says to all before its cable is moved would go through the link to the node's own bridge,
        // late, which would look for the node on the link's side from then on.
        await run("ip", "link", "set", far, "master", ownBridge);
        for (const node of nodes) {
            undo.push(() => network.plug(node));
            await network.plug(node, ownBridge);
        }
        await run("ip", "link", "set", near, "master", bridge);
        return { end };
    } catch (error) {
        // Its own fault is the one to tell of.
        await end().catch(() => undefined);
        throw error;
    }
}

/**
 * Whether tap devices can be used. One has a carrier while a program has it open; the kernel reckons with that up to a second later, and a bridge lets nothing
 * through until then (linkwatch_fire_event in net/core/link_watch.c and br_add_if in net/bridge/br_if.c of Linux).
 */
async function carried(run: Command, taps: readonly string[], pipe: Child): Promise<true | NotYet> {
    const links = await Promise.all(taps.map(async tap => linkSchema.parse(JSON.parse(await run("ip", "-json", "link", "show", "dev", tap)))));
    const dead = taps.filter((_, index) => links[index]?.[0]?.operstate !== "UP");
    return dead.length === 0 ? true : new NotYet(`${dead.join(" and ")} without a carrier:\n${pipe.lastWords()}`);
}
