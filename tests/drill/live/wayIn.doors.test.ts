// What this can't prove: that the clouds have the defaults that are written down here. Each has its source beside it in drill/live/wayIn/controllers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import { type ClusterConfig, kindOf } from "../../../components/cluster";
import type { KubeObject } from "../../../drill/api";
import { Unplayable } from "../../../drill/live/unplayable";
import { type Door, doorsOf } from "../../../drill/live/wayIn";
import { haproxyConfig, pausesOf } from "../../../drill/live/wayIn/haproxyConfig";
import { poolsOf } from "../../../drill/live/wayIn/pools";
import { parseStates } from "../../../drill/live/wayIn/runtime";
import { Silence, nameSeconds } from "../../../drill/live/wayIn/silence";
import { type View, targetsOf } from "../../../drill/live/wayIn/targets";
import { stackSubjects } from "../../../drill/stage";
import { planStack } from "../../../plan/run";
import { readStackFile } from "../../../plan/stackFile";
import { zones } from "./wayInWorld";

const root = join(__dirname, "../../..");

const balanced = (annotations: Readonly<Record<string, string>> = {}, spec: Readonly<Record<string, unknown>> = {}): readonly KubeObject[] => [
    { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "shop", annotations }, spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec } },
];

/** The one door of some objects. */
function only(objects: readonly KubeObject[], addressKind: "hostname" | "ip"): Door {
    const [door, ...more] = doorsOf(objects, { addressKind });
    assert.ok(door !== undefined && more.length === 0);
    return door;
}

describe("the load balancers of prod", function () {
    this.timeout(60_000);
    let doors: ReadonlyMap<string, readonly Door[]>;
    let clusters: readonly ClusterConfig[];

    before(async () => {
        const planned = await planStack(root, readStackFile(root, "prod"));
        ({ clusters } = planned.config);
        doors = new Map(stackSubjects(planned).map(({ cluster, objects, addressKind }) => [cluster, doorsOf(objects, { addressKind })]));
    });

    const doorOf = (cluster: string, object: Door["object"]): Door => {
        const found = doors.get(cluster)?.find(door => door.object === object);
        assert.ok(found !== undefined);
        return found;
    };

    it("are a Service's and an Ingress's on each cluster", () => {
        assert.deepEqual(
            [...doors].map(([cluster, own]) => [cluster, own.map(({ object, spread, targets, detectionSeconds, deregistrationSeconds }) => [object, spread, targets, detectionSeconds, deregistrationSeconds].join(", "))]),
            [
                ["east", ["Service, one a zone, pods, 25, 20", "Ingress, one a zone, pods, 25, 20"]],
                ["central", ["Service, one, nodes, 7, 30", "Ingress, one, pods, 25, 20"]],
            ],
        );
    });

    it("have the checks that are asked for, and GKE's own where a Service can't ask", () => {
        const common = { protocol: "http", path: "/readyz", intervalSeconds: 10, timeoutSeconds: 5, unhealthy: 2 };
        assert.deepEqual(doorOf("east", "Service").check, { ...common, statuses: "200-399", port: 9898, healthy: 2, initial: 1 });
        assert.deepEqual(doorOf("east", "Ingress").check, { ...common, statuses: "200-399", port: "traffic", healthy: 2, initial: 1 });
        assert.deepEqual(doorOf("central", "Ingress").check, { ...common, statuses: "200", port: 9898, healthy: 1, initial: 1 });
        assert.deepEqual(doorOf("central", "Service").check, { protocol: "http", path: "/healthz", statuses: "200", port: "healthCheckNodePort", intervalSeconds: 3, timeoutSeconds: 1, unhealthy: 2, healthy: 1, initial: 1 });
    });

    it("take TLS off for the app's hosts, and send plain requests on to HTTPS", () => {
        for (const cluster of ["east", "central"]) {
            const { mode, hosts, service, listens } = doorOf(cluster, "Ingress");
            assert.deepEqual([mode, service, hosts], ["http", "shop-ingress", ["shop.example.com", `${cluster}.shop.example.com`]]);
            assert.deepEqual(listens, [
                { port: 80, tls: false, redirect: true },
                { port: 443, tls: true, servicePort: "http" },
            ]);
        }
    });

    it("go on sending to a pod that ends, for less than what an app's default shutdown reckons with; nodes are not taken out for a pod", () => {
        assert.deepEqual(
            [...doors].map(([cluster, own]) => [cluster, own.map(({ withdrawSeconds }) => withdrawSeconds)]),
            [
                ["east", [15, 15]],
                ["central", [0, 15]],
            ],
        );
        for (const cluster of clusters) {
            const { deregistrationSeconds } = kindOf(cluster);
            assert.ok(doors.get(cluster.name)?.every(({ withdrawSeconds }) => withdrawSeconds < deregistrationSeconds), cluster.name);
        }
    });

    it("cross zones; GKE's keeps to nodes with pods, and counts them", () => {
        assert.deepEqual([doorOf("east", "Service"), doorOf("east", "Ingress")].map(({ crossZone, localNodes }) => [crossZone, localNodes]), [[true, false], [true, false]]);
        const { localNodes, weighted, crossZone, failsOpen } = doorOf("central", "Service");
        assert.deepEqual({ localNodes, weighted, crossZone, failsOpen }, { localNodes: true, weighted: true, crossZone: true, failsOpen: true });
    });
});

describe("a load balancer by its controller's defaults", () => {
    it("is a network balancer to nodes that keeps to its zones, for the naive stack on EKS", () => {
        const naive = parseAllDocuments(readFileSync(join(root, "tests/drill/naive.yaml"), "utf8")).map(document => document.toJS() as KubeObject);
        const { targets, crossZone, check, deregistrationSeconds, detectionSeconds, spread, endsUnhealthy } = only(naive, "hostname");
        assert.deepEqual({ targets, crossZone, deregistrationSeconds, detectionSeconds, spread, endsUnhealthy }, { targets: "nodes", crossZone: false, deregistrationSeconds: 300, detectionSeconds: 40, spread: "one a zone", endsUnhealthy: true });
        assert.deepEqual(check, { protocol: "tcp", port: "traffic", intervalSeconds: 10, timeoutSeconds: 10, healthy: 3, unhealthy: 3, initial: 1 });
        assert.equal(only(naive, "ip").check.intervalSeconds, 2);
    });

    it("asks kube-proxy on nodes of policy Local", () => {
        const local = { externalTrafficPolicy: "Local" };
        const { check } = only(balanced({}, local), "hostname");
        assert.deepEqual(check, { protocol: "http", path: "/healthz", statuses: "200-399", port: "healthCheckNodePort", intervalSeconds: 10, timeoutSeconds: 6, healthy: 2, unhealthy: 2, initial: 1 });
        assert.equal(only(balanced({}, { ...local, loadBalancerClass: "networking.gke.io/l4-regional-external" }), "ip").weighted, false);
    });

    it("asks a node's kube-proxy on GKE under policy Cluster, for 25 s until it gives up", () => {
        const { check, detectionSeconds, localNodes } = only(balanced({}, { loadBalancerClass: "networking.gke.io/l4-regional-external" }), "ip");
        assert.deepEqual([check.port, check.intervalSeconds, check.unhealthy, detectionSeconds, localNodes], [10256, 8, 3, 25, false]);
    });

    it("is none for what another cloud's controller serves, or nobody's", () => {
        assert.deepEqual(doorsOf(balanced({}, { loadBalancerClass: "eks.amazonaws.com/nlb" }), { addressKind: "ip" }), []);
        assert.deepEqual(doorsOf(balanced({}, { loadBalancerClass: "somebody.else/lb" }), { addressKind: "hostname" }), []);
        assert.deepEqual(doorsOf(balanced({}, { type: "ClusterIP" }), { addressKind: "hostname" }), []);
    });

    it("refuses settings that it does not know, and numbers that are none, all at once", () => {
        const prefix = "service.beta.kubernetes.io/aws-load-balancer-";
        const objects = balanced({ [`${prefix}proxy-protocol`]: "*", [`${prefix}healthcheck-interval`]: "soon", [`${prefix}target-group-attributes`]: "stickiness.enabled=true" });
        assert.throws(
            () => doorsOf(objects, { addressKind: "hostname" }),
            (error: Error) => {
                assert.ok(error instanceof Unplayable);
                assert.match(error.message, /^Service shop\/web has load-balancer settings that live drills can't play:/u);
                assert.match(error.message, /healthcheck-interval: must be a whole number/u);
                assert.match(error.message, /target-group-attributes: stickiness\.enabled: not known/u);
                assert.match(error.message, / {2}proxy-protocol: not known to live drills/u);
                return true;
            },
        );
    });

    it("refuses what it can't reach", () => {
        const portless = { allocateLoadBalancerNodePorts: false };
        assert.throws(() => doorsOf(balanced({}, portless), { addressKind: "hostname" }), /nlb-target-type: ip/u);
        assert.throws(() => doorsOf(balanced({}, { ...portless, loadBalancerClass: "networking.gke.io/l4-regional-external" }), { addressKind: "ip" }), /allocateLoadBalancerNodePorts: true/u);
        assert.throws(() => doorsOf(balanced({}, { ports: [{ port: 53, protocol: "UDP" }] }), { addressKind: "ip" }), /port 53 of protocol UDP/u);
    });
});

describe("targets", () => {
    const node = (name: string, zone: string, more: object = {}): object => ({ metadata: { name, labels: { "topology.kubernetes.io/zone": zone }, ...more }, status: { addresses: [{ type: "InternalIP", address: `10.0.0.${name.slice(1)}` }] } });
    const endpoint = (address: string, nodeName: string, conditions: object): object => ({ addresses: [address], nodeName, conditions, targetRef: { name: `pod-${address}` } });
    const metadata = { name: "web-1", namespace: "shop", labels: { "kubernetes.io/service-name": "web" } };
    const view = (endpoints: readonly object[] | null): View =>
        ({
            services: [{ metadata: { name: "web", namespace: "shop" }, spec: { ports: [{ port: 80, nodePort: 30080 }], healthCheckNodePort: 31000 } }],
            slices: [{ metadata, ports: [{ name: "", port: 8080 }], endpoints }],
            nodes: [node("n1", "a"), node("n2", "b"), node("n3", "b"), { ...node("n4", "b", { labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "" } }) }],
        }) as unknown as View;
    const endpoints = [endpoint("10.1.0.1", "n1", { ready: true }), endpoint("10.1.0.2", "n1", { ready: true }), endpoint("10.1.0.3", "n2", { ready: false, serving: true, terminating: true })];
    const brief = (objects: readonly KubeObject[], addressKind: "hostname" | "ip", seen: View): readonly string[] =>
        poolsOf([only(objects, addressKind)], zones).flatMap(pool => targetsOf(pool, seen).map(({ name, zone = "", address, port, checkPort, weight }) => `${pool.id}: ${name} ${zone} ${address}:${port} ${checkPort} ×${weight}`));

    it("are ready endpoints, for a balancer that sends to pods", () => {
        const objects = balanced({ "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "ip", "service.beta.kubernetes.io/aws-load-balancer-attributes": "load_balancing.cross_zone.enabled=true" });
        assert.deepEqual(brief(objects, "hostname", view(endpoints)), ["door0-0: pod-10.1.0.1 a 10.1.0.1:8080 8080 ×1", "door0-0: pod-10.1.0.2 a 10.1.0.2:8080 8080 ×1"]);
        assert.deepEqual(brief(objects, "hostname", view(null)), []);
    });

    it("are all nodes of the zone, for one that keeps to its zones, but those that are kept out", () => {
        assert.deepEqual(brief(balanced(), "hostname", view(endpoints)), ["door0-0-0: n1 a 10.0.0.1:30080 30080 ×1", "door0-0-1: n2 b 10.0.0.2:30080 30080 ×1", "door0-0-1: n3 b 10.0.0.3:30080 30080 ×1"]);
    });

    it("are nodes with endpoints, by their number, for GKE under policy Local", () => {
        const objects = balanced({ "networking.gke.io/weighted-load-balancing": "pods-per-node" }, { loadBalancerClass: "networking.gke.io/l4-regional-external", externalTrafficPolicy: "Local" });
        assert.deepEqual(brief(objects, "ip", view(endpoints)), ["door0-0: n1 a 10.0.0.1:30080 31000 ×2", "door0-0: n2 b 10.0.0.2:30080 31000 ×1"]);
    });
});

describe("HAProxy's configuration", () => {
    const textOf = (door: Door): string => {
        const addresses = [{ zone: undefined, address: "10.220.0.1" }];
        return haproxyConfig({ doors: [{ door, addresses }], pools: poolsOf([door], zones), socket: "/run/s", certificateFile: "/run/c.pem" });
    };

    it("finds a silent target after interval × unhealthy + timeout: while a verdict is near, the pause is shorter by the timeout that the check took", () => {
        const prefix = "service.beta.kubernetes.io/aws-load-balancer-healthcheck-";
        const asked = { [`${prefix}interval`]: "10", [`${prefix}timeout`]: "4", [`${prefix}unhealthy-threshold`]: "2" };
        const text = textOf({ ...only(balanced(asked), "hostname"), crossZone: true });
        assert.match(text, /server-template s 1-32 127\.0\.0\.1:9 check inter 10000ms fastinter 6000ms fall 2 rise 3 disabled/u);
        assert.match(text, /timeout connect 4000ms\n {4}timeout check 4000ms/u);
    });

    it("pauses so that the last check of a silent target ends in time, however long a check may take", () => {
        const checks = { "EKS, prod": [10, 5, 2], "EKS, naive": [10, 10, 3], plain: [2, 2, 3], "GKE, by default": [15, 15, 2], "GKE, Local": [3, 1, 2], once: [5, 5, 1] } as const;
        for (const [whose, [intervalSeconds, timeoutSeconds, unhealthy]] of Object.entries(checks)) {
            const { usual, near } = pausesOf({ intervalSeconds, timeoutSeconds, unhealthy });
            const longest = usual + timeoutSeconds + (unhealthy - 1) * (near + timeoutSeconds);
            assert.ok(Math.abs(longest - (intervalSeconds * unhealthy + timeoutSeconds)) < 0.001, `${whose}: ${longest} s`);
            assert.ok(usual > intervalSeconds / 2 && near > 0, `${whose}: ${usual} s, ${near} s`);
        }
        assert.deepEqual(pausesOf({ intervalSeconds: 10, timeoutSeconds: 5, unhealthy: 2 }), { usual: 10, near: 5 });
    });

    it("never tries another target for a connection, and ends those of unhealthy ones where the cloud does", () => {
        const network = textOf({ ...only(balanced(), "hostname"), crossZone: true });
        assert.match(network, /backend door0-0\n {4}mode tcp\n {4}balance random\(1\)\n {4}retries 0\n/u);
        assert.match(network, /server s1 127\.0\.0\.1:9 track check-door0-0\/s1 disabled on-marked-down shutdown-sessions/u);
        assert.match(network, /use_backend open-door0-0 if/u);
        const plain = textOf(only(balanced(), "ip"));
        assert.doesNotMatch(plain, /shutdown-sessions|open-door/u);
    });
});

describe("a silent zone", () => {
    it("leaves names once it is noticed, and comes back into them as late; a short silence is never noticed", async () => {
        let now = 0;
        const silence = new Silence({ claim: () => Promise.resolve(), silence: () => Promise.resolve() }, [{ zone: "a", address: "1" }, { zone: "b", address: "2" }, { zone: undefined, address: "3" }], () => now * 1000);
        const leftOut = (): string => ["1", "2", "3"].filter(address => silence.isLeftOut(address)).join();
        await silence.zone("a", true);
        now = nameSeconds - 1;
        assert.equal(leftOut(), "");
        now = nameSeconds;
        assert.equal(leftOut(), "1");
        await silence.zone("a", false);
        await silence.zone("b", true);
        now += 5;
        await silence.zone("b", false);
        now += nameSeconds - 6;
        assert.equal(leftOut(), "1");
        now += nameSeconds;
        assert.equal(leftOut(), "");
    });
});

describe("HAProxy's word on its servers", () => {
    it("is read by the names of its fields", () => {
        const text = "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_check_health\n3 check-door0-0 1 s1 10.1.0.1 2 4 3\n3 check-door0-0 2 s2 10.1.0.2 0 4 1\n\n";
        assert.deepEqual(parseStates(text), [
            { backend: "check-door0-0", server: "s1", up: true, passed: 3 },
            { backend: "check-door0-0", server: "s2", up: false, passed: 1 },
        ]);
    });
});
