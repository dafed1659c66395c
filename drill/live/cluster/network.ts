import { type Execute, lastLines } from "../../../tools/execute";
import { type ClusterNet, type NodeNet, prefixLength } from "./addresses";

/** Runs a command of the system to its end. Throws with what it said where it fails. */
export type Command = (command: string, ...args: readonly string[]) => Promise<string>;

/** Commands of the system under a run's signal. */
export function commands(execute: Execute, folder: string): Command {
    return async (command, ...args) => {
        const outcome = await execute({ command, args, cwd: folder, env: process.env });
        if (outcome.code !== 0) {
            throw new Error(`${command} ${args.join(" ")} ended with ${outcome.code ?? "a signal"}:\n${lastLines(outcome)}`);
        }
        return outcome.stdout;
    };
}

/** Arguments of nsenter that run a program in a network namespace. Unlike `ip netns exec` it leaves the mounts alone, /sys/fs/cgroup among them. */
export function inNamespace({ namespace }: Pick<NodeNet, "namespace">, command: string, args: readonly string[]): readonly string[] {
    return [`--net=/run/netns/${namespace}`, "--", command, ...args];
}

/**
 * A hardware address of our own for an address. Left to itself, a bridge has the lowest of those of its cables, and another one whenever cables come
 * and go (br_stp_recalculate_bridge_id in net/bridge/br_stp_if.c of Linux): nodes would not find the world until they asked for it again.
 */
function hardwareAddressOf(address: string): string {
    return ["02", "00", ...address.split(".").map(part => Number(part).toString(16).padStart(2, "0"))].join(":");
}

/**
 * Arguments of ip that make an address known for good. Else whoever sends to a node whose cable is pulled asks for it after a while, gets no answer, and
 * is told "no route to host" after three seconds (https://man7.org/linux/man-pages/man7/arp.7.html); a cloud's network says nothing.
 */
function neighbour(address: string, device: string): readonly string[] {
    return ["neigh", "replace", address, "lladdr", hardwareAddressOf(address), "nud", "permanent", "dev", device];
}

/** The network between the zones of a cluster: a bridge that each node has a cable to. */
export class Network {
    constructor(
        readonly run: Command,
        readonly net: ClusterNet,
    ) {}

    async begin(): Promise<void> {
        const { bridge, gateway } = this.net;
        await this.run("ip", "link", "add", bridge, "address", hardwareAddressOf(gateway), "type", "bridge");
        await this.run("ip", "addr", "add", `${gateway}/${prefixLength}`, "dev", bridge);
        await this.run("ip", "link", "set", bridge, "up");
    }

    /** Makes a node's network namespace, its cable, and the ways to its pods: from the world and from the nodes that there are, and back. */
    async join(node: NodeNet, others: readonly NodeNet[]): Promise<void> {
        const { namespace, cable, address, pods } = node;
        const { bridge, gateway } = this.net;
        await this.run("ip", "netns", "add", namespace);
        await this.run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "address", hardwareAddressOf(address), "netns", namespace);
        await this.run("ip", "link", "set", cable, "master", bridge, "up");
        await this.within(node, "ip", "link", "set", "lo", "up");
        await this.within(node, "ip", "addr", "add", `${address}/${prefixLength}`, "dev", "eth0");
        await this.within(node, "ip", "link", "set", "eth0", "up");
        await this.within(node, "ip", "route", "add", "default", "via", gateway);
        await this.within(node, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        await this.run("ip", "route", "add", pods, "via", address);
        await this.run("ip", ...neighbour(address, bridge));
        await this.within(node, "ip", ...neighbour(gateway, "eth0"));
        for (const other of others) {
            await this.within(other, "ip", "route", "add", pods, "via", address);
            await this.within(other, "ip", ...neighbour(address, "eth0"));
            await this.within(node, "ip", "route", "add", other.pods, "via", other.address);
            await this.within(node, "ip", ...neighbour(other.address, "eth0"));
        }
    }

    /** Runs a command in a node's network. */
    within(node: NodeNet, command: string, ...args: readonly string[]): Promise<string> {
        return this.run("nsenter", ...inNamespace(node, command, args));
    }

    /** Puts a node's cable on another bridge, or back on the cluster's own. What the bridges knew of it is forgotten; connections go on. */
    async plug({ cable }: NodeNet, bridge: string = this.net.bridge): Promise<void> {
        await this.run("ip", "link", "set", cable, "master", bridge);
    }

    /** Pulls a node's cable: whatever is sent to it or by it is lost. */
    async cut({ cable }: NodeNet): Promise<void> {
        await this.run("ip", "link", "set", cable, "down");
    }

    async mend({ cable }: NodeNet): Promise<void> {
        await this.run("ip", "link", "set", cable, "up");
    }
}
