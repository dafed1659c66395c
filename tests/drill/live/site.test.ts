// What this can't prove: that what is lost is lost, and comes back. Drills with real nodes are for that.
import assert from "node:assert/strict";

import type { Component } from "../../../drill/controlPlane";
import type { LiveCluster, LiveNode } from "../../../drill/live/cluster";
import { LiveSite, type Tenant, doorsInto, guestOf, lodged, pagePort, urlFor, urlOf } from "../../../drill/live/site";
import { ensureDoors } from "../../../drill/live/site/tenant";
import type { OpenDoor, WayIn } from "../../../drill/live/wayIn";
import { type Subject, naiveSubject } from "../../../drill/stage";

type Listen = OpenDoor["listens"][number];

const http: Listen = { port: 80, tls: false };
const https: Listen = { port: 443, tls: true };

/** A load balancer of the app's, as far as it is looked at. */
function door(rest: Partial<OpenDoor> = {}): OpenDoor {
    return { object: "Ingress", namespace: "shop", name: "shop", listens: [http], hosts: [], hostname: undefined, addresses: [], ...rest } as unknown as OpenDoor;
}

describe("the page behind a door", () => {
    const addresses = [{ zone: undefined, address: "10.220.0.1" }];

    it("is asked for by the name that leads there alone, in whichever order the Ingress has them", () => {
        const own = "east.shop.example.com";
        const shared = "shop.example.com";
        for (const hosts of [[own, shared], [shared, own]]) {
            assert.equal(urlOf(door({ hosts, hostname: "elb.invalid", addresses }), shared), `http://${own}/`);
        }
        // Where no other cluster has it, it leads there alone.
        assert.equal(urlOf(door({ hosts: [shared] }), undefined), `http://${shared}/`);
        assert.equal(urlOf(door({ hosts: [shared] }), shared), `http://${shared}/`);
    });

    it("is asked for by the load balancer's own name where no host is routed, else by its address", () => {
        assert.equal(urlOf(door({ hostname: "elb.invalid", addresses }), "shop.example.com"), "http://elb.invalid/");
        assert.equal(urlOf(door({ addresses }), undefined), "http://10.220.0.1/");
        assert.throws(() => urlOf(door(), undefined), /neither name nor address/);
    });

    it("comes by TLS where there is that, and never by a port that sends everybody on", () => {
        const redirect: Listen = { port: 80, tls: false, redirect: true };
        assert.deepEqual(pagePort(door({ listens: [http, https] })), https);
        assert.deepEqual(pagePort(door({ listens: [redirect, https] })), https);
        assert.deepEqual(pagePort(door({ listens: [redirect, { port: 8080, tls: false }] })).port, 8080);
        assert.throws(() => pagePort(door({ listens: [redirect] })), /listens on no port/);
    });

    it("names its port where that is not the protocol's own", () => {
        const urls = [http, https, { port: 443, tls: false }, { port: 80, tls: true }, { port: 8443, tls: true }].map(listen => urlFor("a", listen));
        assert.deepEqual(urls, ["http://a/", "https://a/", "http://a:443/", "https://a:80/", "https://a:8443/"]);
    });
});

describe("the doors into an app", () => {
    const doors = [door({ object: "Service", name: "one" }), door({ namespace: "other" }), door({ name: "two" }), door({ object: "Service", name: "three" })];

    it("are those of its namespace, its Ingresses first, where names lead", () => {
        assert.deepEqual(doorsInto("shop", doors).map(({ name }) => name), ["two", "one", "three"]);
    });

    it("must be there, or no request says anything of it", () => {
        ensureDoors([{ cluster: "east", namespace: "shop" }, { cluster: "naive", namespace: "other" }], doors);
        assert.throws(() => { ensureDoors([{ cluster: "east", namespace: "shop" }, { cluster: "naive", namespace: "naive" }], doors); }, /^Error: naive: no load balancer leads to the app/);
    });
});

describe("the naive stack on another's cluster", () => {
    const objects = [
        { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "beginner" }, spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1", resources: { requests: { cpu: "100m" } } }] } } } },
        { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "beginner" }, spec: { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }] } },
    ];
    const naive: Subject = { ...naiveSubject(""), objects };
    const host: Subject = { ...naive, subject: "stack", cluster: "east", region: "us-east-1", version: "1.35", zones: ["a", "b", "c"], addressKind: "hostname", objects: [] };

    it("keeps its name and its objects, and has the host's zones and load balancers", () => {
        assert.deepEqual(lodged(naive, host), { ...naive, region: "us-east-1", zones: ["a", "b", "c"], addressKind: "hostname" });
    });

    it("is known by its own cluster's name, its namespace and its load at rest", () => {
        const { cluster, namespace, app, load, subject } = guestOf(lodged(naive, host));
        assert.deepEqual([cluster, namespace, app.deployment.replicas, subject.subject], ["naive", "beginner", 3, "naive"]);
        assert.ok(!load.disturbed && Math.abs(load.now() - 0.95 * 0.3) < 1e-9);
    });
});

describe("a site", () => {
    const done: string[] = [];
    const note = (what: string) => (): Promise<void> => {
        done.push(what);
        return Promise.resolve();
    };

    /** A program that runs until it is killed. */
    function component(name: string): Component & { running: boolean } {
        const own = {
            name,
            running: true,
            kill: () => {
                own.running = false;
                return note(`${name} ends`)();
            },
            start: () => {
                own.running = true;
                return note(`${name} starts`)();
            },
            thaw: () => void note(`${name} thaws`)(),
        };
        return own as unknown as Component & { running: boolean };
    }

    class FakeNode {
        lost = false;
        readonly components: readonly Component[];
        constructor(
            readonly name: string,
            readonly zone: string,
        ) {
            this.components = [component(`${name}'s kubelet`)];
        }
        lose(): Promise<void> {
            this.lost = true;
            return note(`${this.name} is lost`)();
        }
        bringBack(): Promise<void> {
            this.lost = false;
            return note(`${this.name} is back`)();
        }
    }

    let nodes: readonly [FakeNode, FakeNode, FakeNode];
    let plane: readonly (Component & { running: boolean })[];
    let site: LiveSite;
    const tenant = (subject: "stack" | "naive"): Tenant => ({ subject: { subject } }) as unknown as Tenant;

    beforeEach(() => {
        nodes = [new FakeNode("a1", "a"), new FakeNode("b1", "b"), new FakeNode("b2", "b")];
        plane = ["etcd", "kube-apiserver", "scheduler"].map(component);
        const cluster = { name: "east", nodes, plane: { components: plane }, nodesIn: (zone: string) => nodes.filter(node => node.zone === zone) as unknown as readonly LiveNode[] };
        const wayIn = { zoneDown: (zone: string) => note(`way in: ${zone} down`)(), zoneUp: (zone: string) => note(`way in: ${zone} up`)(), down: note("way in: down"), up: note("way in: up") };
        site = new LiveSite(cluster as unknown as LiveCluster, wayIn as unknown as WayIn, [tenant("naive"), tenant("stack")], ["a", "b"]);
        done.splice(0);
    });

    it("has the stack's own app, whoever comes first", () => {
        assert.equal(site.ours.subject.subject, "stack");
        const { cluster, wayIn } = site;
        assert.throws(() => new LiveSite(cluster, wayIn, [tenant("naive")], []).ours, /east has no app of the stack/);
    });

    it("loses a zone with all its nodes and what the load balancers have there, and nothing else", async () => {
        await site.loseZone("b");
        assert.deepEqual([...done].sort(), ["b1 is lost", "b2 is lost", "way in: b down"]);
        assert.deepEqual([site.lostNodes().map(({ name }) => name), site.down], [["b1", "b2"], false]);
        done.splice(0);
        await site.bringBackZone("b");
        assert.deepEqual([...done].sort(), ["b1 is back", "b2 is back", "way in: b up"]);
        assert.deepEqual(site.lostNodes(), []);
    });

    it("is lost as a whole before its control plane ends, the last program first, and no cleaning up is seen outside", async () => {
        await site.lose();
        assert.deepEqual(done.slice(0, -3).sort(), ["a1 is lost", "b1 is lost", "b2 is lost", "way in: down"]);
        assert.deepEqual(done.slice(-3), ["scheduler ends", "kube-apiserver ends", "etcd ends"]);
        assert.equal(site.down, true);
    });

    it("comes back with its control plane first, in order, and all nodes and load balancers after it", async () => {
        await site.lose();
        done.splice(0);
        await site.bringBack();
        assert.deepEqual(done.slice(0, 3), ["etcd starts", "kube-apiserver starts", "scheduler starts"]);
        assert.deepEqual(done.slice(3).sort(), ["a1 is back", "b1 is back", "b2 is back", "way in: up"]);
        assert.equal(site.down, false);
    });

    it("is revived from whatever a drill has left: the whole down, a zone lost, programs frozen or ended", async () => {
        await site.lose();
        done.splice(0);
        await site.revive();
        assert.deepEqual([site.down, site.lostNodes(), plane.every(({ running }) => running)], [false, [], true]);
        assert.ok(done.includes("way in: up"));

        await site.loseZone("b");
        await plane[1]?.kill();
        await nodes[0].components[0]?.kill();
        done.splice(0);
        await site.revive();
        // The API server before anything that may want it; each zone once, with what its load balancers have there.
        assert.deepEqual(done, ["etcd thaws", "kube-apiserver thaws", "kube-apiserver starts", "scheduler thaws", "b1 is back", "b2 is back", "way in: b up", "a1's kubelet starts"]);
    });

    it("starts nothing that runs", async () => {
        await site.revive();
        assert.deepEqual(done, ["etcd thaws", "kube-apiserver thaws", "scheduler thaws"]);
    });
});
