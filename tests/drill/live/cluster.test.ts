// What this can't prove: that packets go where addresses and routes say. Drills with real nodes are for that.
import assert from "node:assert/strict";

import { clusterNet, doorAddress, mostClusters, mostNodes, nodeNet } from "../../../drill/live/cluster/addresses";
import { identitiesOf, labelsOf } from "../../../drill/live/cluster";
import { type Command, Network, commands, inNamespace } from "../../../drill/live/cluster/network";
import { LiveNode } from "../../../drill/live/cluster/node";
import type { NodeGround } from "../../../drill/live/cluster/ground";
import type { Component } from "../../../drill/controlPlane";
import { apiServerFlags } from "../../../drill/controlPlane/flags";

const upTo = (count: number): readonly number[] => [...Array(count).keys()];

/** An address as a number. */
function numberOf(address: string): number {
    return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** First and last address of a network such as 10.200.0.0/24. */
function rangeOf(network: string): readonly [first: number, last: number] {
    const [address = "", prefix = "32"] = network.split("/");
    const first = numberOf(address);
    const size = 2 ** (32 - Number(prefix));
    assert.equal(first % size, 0, `${network} does not begin where its prefix says`);
    return [first, first + size - 1];
}

/** Networks that have an address in common, as pairs. */
function overlaps(networks: readonly string[]): readonly string[] {
    const ordered = networks.map(network => ({ network, range: rangeOf(network) })).sort((one, other) => one.range[0] - other.range[0]);
    return ordered.slice(1).flatMap(({ network, range }, index) => {
        const before = ordered[index];
        return before !== undefined && before.range[1] >= range[0] ? [`${before.network} and ${network}`] : [];
    });
}

describe("a world's addresses", () => {
    const clusters = upTo(mostClusters);
    const nodes = upTo(mostNodes);

    it("are each in one network, whatever the cluster, the node, the pod or the load balancer", () => {
        const flags = apiServerFlags({ address: "", port: 0 }, "", { files: {} } as unknown as Parameters<typeof apiServerFlags>[2]);
        const services = flags.flatMap(flag => /^--service-cluster-ip-range=(.*)$/.exec(flag)?.[1] ?? []);
        assert.equal(services.length, 1);
        const bridges = clusters.map(cluster => clusterNet(cluster).gateway.replace(/\.1$/, ".0/24"));
        const pods = clusters.flatMap(cluster => nodes.map(node => nodeNet(cluster, node).pods));
        const doors = clusters.flatMap(cluster => upTo(6).flatMap(door => upTo(6).map(zone => doorAddress(cluster, door, zone))));
        assert.deepEqual(overlaps([...services, ...bridges, ...pods, ...doors, "127.0.0.0/8"]), []);
    });

    it("are such that a cluster's pods are known by one range, and its nodes by the bridge's network", () => {
        for (const cluster of clusters) {
            const { pods, gateway } = clusterNet(cluster);
            const [first, last] = rangeOf(pods);
            const own = nodes.map(node => nodeNet(cluster, node));
            assert.ok(own.every(net => rangeOf(net.pods)[0] >= first && rangeOf(net.pods)[1] <= last));
            const [lowest, highest] = rangeOf(gateway.replace(/\.1$/, ".0/24"));
            const addresses = [gateway, ...own.map(({ address }) => address)].map(numberOf);
            assert.ok(addresses.every(address => address > lowest && address < highest));
            assert.equal(new Set(addresses).size, 1 + mostNodes);
        }
    });

    it("name devices and namespaces once each, as briefly as Linux wants it", () => {
        const bridges = clusters.map(cluster => clusterNet(cluster).bridge);
        const own = clusters.flatMap(cluster => nodes.map(node => nodeNet(cluster, node)));
        const devices = [...bridges.flatMap(bridge => [bridge, `${bridge}-zone`, `${bridge}-near`, `${bridge}-far`]), ...own.map(({ cable }) => cable)];
        assert.equal(new Set(devices).size, devices.length);
        assert.equal(new Set(own.map(({ namespace }) => namespace)).size, own.length);
        assert.ok(devices.every(device => device.length <= 15));
    });

    it("tell load balancers apart by their second number, and zones by their last", () => {
        assert.equal(doorAddress(1, 2, 0), "10.221.2.1");
        assert.equal(doorAddress(0, 0, 2), "10.220.0.3");
    });

    it("are refused beyond what there is room for", () => {
        assert.throws(() => clusterNet(mostClusters), /room for 10 clusters: drill a stack of fewer/);
        assert.throws(() => nodeNet(0, mostNodes), /room for 128 nodes/);
    });
});

/** Commands that were run, a line each. */
class Ran {
    readonly lines: string[] = [];
    readonly run = (command: string, ...args: readonly string[]): Promise<string> => {
        this.lines.push([command, ...args].join(" "));
        return Promise.resolve("");
    };

    /** Those within a node's network. */
    within(namespace: string): readonly string[] {
        const prefix = `nsenter --net=/run/netns/${namespace} -- `;
        return this.lines.filter(line => line.startsWith(prefix)).map(line => line.slice(prefix.length));
    }
}

describe("the network of a cluster", () => {
    it("has a bridge with a hardware address of its own, by which nodes know the world whatever comes and goes", async () => {
        const own = await Promise.all(
            upTo(3).map(async cluster => {
                const ran = new Ran();
                await new Network(ran.run, clusterNet(cluster)).begin();
                return ran.lines;
            }),
        );
        assert.deepEqual(own[1], ["ip link add hf1 address 02:00:0a:c9:00:01 type bridge", "ip addr add 10.201.0.1/24 dev hf1", "ip link set hf1 up"]);
        assert.equal(new Set(own.map(([first]) => first?.split(" ")[5])).size, 3);
    });

    it("leads from every node to every other's pods and to the world, and from the world to all", async () => {
        const ran = new Ran();
        const network = new Network(ran.run, clusterNet(0));
        const [a, b, c] = [nodeNet(0, 0), nodeNet(0, 1), nodeNet(0, 2)] as const;
        await network.join(a, []);
        await network.join(b, [a]);
        await network.join(c, [a, b]);
        const routes = (lines: readonly string[]): readonly string[] => lines.filter(line => line.startsWith("ip route add ")).map(line => line.replace("ip route add ", "")).sort();
        const way = (to: typeof a): string => `${to.pods} via ${to.address}`;
        assert.deepEqual(routes(ran.lines), [way(a), way(b), way(c)]);
        for (const [own, ...others] of [[a, b, c], [b, a, c], [c, a, b]] as const) {
            assert.deepEqual(routes(ran.within(own.namespace)), [...others.map(way), "default via 10.200.0.1"].sort());
            assert.ok(ran.within(own.namespace).some(line => line.endsWith("echo 1 >/proc/sys/net/ipv4/ip_forward")), "a node hands packets on to its pods");
        }
    });

    it("knows every address for good, so that nobody is told of a node that is lost", async () => {
        const ran = new Ran();
        const network = new Network(ran.run, clusterNet(0));
        const [a, b] = [nodeNet(0, 0), nodeNet(0, 1)] as const;
        await network.begin();
        await network.join(a, []);
        await network.join(b, [a]);
        const known = (lines: readonly string[]): readonly string[] => lines.flatMap(line => /^ip neigh replace (\S+) lladdr (\S+) nud permanent dev (\S+)$/.exec(line)?.slice(1).join(" ") ?? []).sort();
        const [world, first, second] = ["10.200.0.1 02:00:0a:c8:00:01", "10.200.0.11 02:00:0a:c8:00:0b", "10.200.0.12 02:00:0a:c8:00:0c"] as const;
        assert.deepEqual(known(ran.lines), [`${first} hf0`, `${second} hf0`]);
        assert.deepEqual(known(ran.within(a.namespace)), [`${world} eth0`, `${second} eth0`]);
        assert.deepEqual(known(ran.within(b.namespace)), [`${world} eth0`, `${first} eth0`]);
        for (const address of [world, first, second]) {
            assert.ok(ran.lines.some(line => line.startsWith("ip link add ") && line.includes(` address ${address.split(" ")[1] ?? ""} `)), `${address} is what its device has`);
        }
    });

    it("begins a node with its namespace, then its cable, and has both ends up before there is a route", async () => {
        const ran = new Ran();
        const node = nodeNet(0, 0);
        await new Network(ran.run, clusterNet(0)).join(node, []);
        const inside = (line: string): string => `nsenter --net=/run/netns/hf0-11 -- ${line}`;
        assert.deepEqual(ran.lines.filter(line => !/ip_forward|ip neigh/.test(line)), [
            "ip netns add hf0-11",
            "ip link add hf0-11 type veth peer name eth0 address 02:00:0a:c8:00:0b netns hf0-11",
            "ip link set hf0-11 master hf0 up",
            inside("ip link set lo up"),
            inside("ip addr add 10.200.0.11/24 dev eth0"),
            inside("ip link set eth0 up"),
            inside("ip route add default via 10.200.0.1"),
            "ip route add 10.200.128.0/24 via 10.200.0.11",
        ]);
    });

    it("loses and gets a cable back, and plugs it in elsewhere", async () => {
        const ran = new Ran();
        const network = new Network(ran.run, clusterNet(0));
        const node = nodeNet(0, 2);
        await network.cut(node);
        await network.mend(node);
        await network.plug(node, "hf0-zone");
        await network.plug(node);
        assert.deepEqual(ran.lines, ["ip link set hf0-13 down", "ip link set hf0-13 up", "ip link set hf0-13 master hf0-zone", "ip link set hf0-13 master hf0"]);
    });

    it("runs a program in a node's network with the arguments that were meant for it", () => {
        assert.deepEqual(inNamespace(nodeNet(2, 0), "kubelet", ["--v=1"]), ["--net=/run/netns/hf2-11", "--", "kubelet", "--v=1"]);
    });
});

describe("a command of the system", () => {
    const said = (code: number | null, stderr: string): Command => commands(() => Promise.resolve({ code, stdout: "out", stderr }), "/");

    it("gives back what it printed", async () => {
        assert.equal(await said(0, "a warning")("ip", "link"), "out");
    });

    it("that fails is told as it was written, with what it said", async () => {
        await assert.rejects(said(2, "RTNETLINK answers: File exists")("ip", "link", "add", "hf0"), /^Error: ip link add hf0 ended with 2:\n[^]*RTNETLINK answers: File exists/);
        await assert.rejects(said(null, "")("nft", "-f", "-"), /^Error: nft -f - ended with a signal/);
    });
});

describe("a cluster's nodes", () => {
    it("are named by their zones and numbers", () => {
        const names = identitiesOf([{ name: "a", nodes: 1 }, { name: "b", nodes: 2 }]).map(({ name, zone }) => `${name} in ${zone}`);
        assert.deepEqual(names, ["a-node-1 in a", "b-node-1 in b", "b-node-2 in b"]);
    });

    it("have the labels that volumes and replicas are spread by, whatever else is asked for", () => {
        assert.deepEqual(labelsOf({ zone: "us-east-1a" }, { region: "us-east-1", extraLabels: { "eks.amazonaws.com/compute-type": "auto", "topology.kubernetes.io/zone": "elsewhere" } }), {
            "eks.amazonaws.com/compute-type": "auto",
            "topology.kubernetes.io/region": "us-east-1",
            "topology.kubernetes.io/zone": "us-east-1a",
            "node.kubernetes.io/instance-type": "live",
        });
    });
});

describe("a node", () => {
    const ran = new Ran();
    const done = ran.lines;
    const component = (name: string): Component => ({ name, kill: () => Promise.resolve(void done.push(`${name} ends`)), start: () => Promise.resolve(void done.push(`${name} starts`)) }) as unknown as Component;
    const cgroup = { path: "/a", take: () => assert.fail("nothing is started"), end: () => Promise.resolve(void done.push("containers end")) };
    const ground = (run = ran.run): NodeGround => ({ node: { name: "a-node-1", zone: "a" }, net: nodeNet(0, 0), folder: "/n", programs: { ctr: "ctr" }, cgroup, run }) as unknown as NodeGround;
    const nodeOn = (run = ran.run): LiveNode => new LiveNode(ground(run), new Network(run, clusterNet(0)), component("containerd"), component("kubelet"), component("kube-proxy"));
    beforeEach(() => done.splice(0));

    it("is cut off before its programs and containers end, so that none of them tells of it, and forgets the Services", async () => {
        const node = nodeOn();
        assert.equal(node.lost, false);
        await node.lose();
        assert.equal(node.lost, true);
        assert.deepEqual(done, ["ip link set hf0-11 down", "containerd ends", "kubelet ends", "kube-proxy ends", "containers end", "nsenter --net=/run/netns/hf0-11 -- nft flush ruleset"]);
    });

    it("comes back with its cable, and then its programs, each after what it needs", async () => {
        const node = nodeOn();
        await node.lose();
        done.splice(0);
        await node.bringBack();
        assert.equal(node.lost, false);
        assert.deepEqual(done, ["ip link set hf0-11 up", "containerd starts", "kubelet starts", "kube-proxy starts"]);
    });

    it("counts as lost where it could be cut off only in part, so that it is brought back", async () => {
        const node = nodeOn(() => Promise.reject(new Error("no such device")));
        await assert.rejects(node.lose(), /no such device/);
        assert.equal(node.lost, true);
    });

    it("sends a signal to a container by the runtime's own name for it, past the kubelet", async () => {
        await nodeOn().signalContainer("containerd://6fa5", "SIGSTOP");
        assert.deepEqual(done, ["ctr --address /n/containerd.sock --namespace k8s.io tasks kill --signal SIGSTOP 6fa5"]);
    });
});
