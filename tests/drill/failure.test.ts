// What this can't prove: that Kubernetes loses and replaces as the drills see it. It is about what is promised and how endpoints and pods are
// judged, made up here.
import assert from "node:assert/strict";

import type { V1Pod } from "@kubernetes/client-node";

import type { Api, Wire } from "../../drill/api";
import { otherImages } from "../../drill/drills/badImage";
import { putOffPromise } from "../../drill/drills/drain";
import { drainNode, drainSeconds } from "../../drill/drills/disruption/drainNode";
import { elsewhere, onNode, sameAsFirst, unlikeFirst } from "../../drill/drills/failure/endpoints";
import { changedPods, fullestNode, isOf } from "../../drill/drills/failure/pods";
import { floorOf, lossPromises, promisedSeconds } from "../../drill/drills/nodeLoss";
import { until } from "../../drill/process/until";
import { factsOf } from "../../drill/stage/facts";
import { fleetOf } from "../../drill/stage/fleet";
import type { Endpoint, EndpointLook } from "../../drill/stage/sampler";
import { type Subject, stackSubjects } from "../../drill/stage/subject";
import type { Timeline } from "../../drill/stage/timeline";
import { planProjectStack } from "../support/plan";

/** A look at endpoints, each "address on node". */
const look = (at: number, ...endpoints: readonly string[]): EndpointLook => ({
    at,
    ready: new Map(endpoints.map(text => text.split(" on ")).map(([address = "", node = ""]): [string, Endpoint] => [address, { zone: "", node }])),
});

interface Traits {
    readonly node?: string;
    readonly uid?: string;
    readonly ready?: boolean;
    readonly restarts?: number;
}

const pod = (name: string, { node = "node-1", uid = name, ready = true, restarts = 0 }: Traits = {}): Wire<V1Pod> => ({
    metadata: { name, uid },
    spec: { nodeName: node, containers: [] },
    status: {
        conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
        containerStatuses: [{ name: "shop", image: "shop:1", imageID: "", ready, restartCount: restarts }],
    },
});

describe("endpoints", () => {
    const looks = [look(0, "1 on a", "2 on b", "3 on c"), look(5, "2 on b", "3 on c"), look(9, "2 on b", "3 on c", "4 on b")];
    const values = (timeline: Timeline): readonly number[] => timeline.samples.map(([, value]) => value);

    it("are counted on a node, on the others, and by whether they were there at first", () => {
        assert.deepEqual(onNode(looks, "a").samples, [[0, 1], [5, 0], [9, 0]]);
        assert.deepEqual(values(elsewhere(looks, "a")), [2, 2, 3]);
        assert.deepEqual(values(sameAsFirst(looks)), [3, 2, 2]);
        assert.deepEqual(values(unlikeFirst(looks)), [0, 0, 1]);
    });
});

describe("the loss of a node", () => {
    const kept = (looks: readonly EndpointLook[], more: { readonly changed?: readonly string[]; readonly promised?: number } = {}): readonly boolean[] =>
        lossPromises({ replicas: 3, floor: 2, promised: 90, changed: [], ...more, answering: elsewhere(looks, "a"), lostAt: 1, endedAt: 100 }).map(promise => promise.kept);
    const spread = look(0, "1 on a", "2 on b", "3 on c");
    const healed = look(60, "2 on b", "3 on c", "4 on b");

    it("leaves all but a zone's share, or a node's where there is one zone, whatever was on the node", () => {
        const fleet = { nodesPerZone: 4, nodeShape: { cpu: "4", memory: "16Gi", pods: 110 }, extraLabels: {} };
        assert.equal(floorOf(3, { zones: ["a", "b", "c"], fleet }), 2);
        assert.equal(floorOf(6, { zones: ["a"], fleet }), 4);
        assert.deepEqual(kept([spread, healed]), [true, true, true]);
        assert.deepEqual(kept([look(0, "1 on a", "2 on a", "3 on c"), healed]), [false, true, true]);
    });

    it("is made up for in time, and changes nothing else", () => {
        assert.deepEqual(kept([spread, { ...healed, at: 92 }]), [true, false, true]);
        assert.deepEqual(kept([spread]), [true, false, true]);
        assert.deepEqual(kept([spread, healed], { changed: ["shop-state-0"] }), [true, true, false]);
    });

    it("is over when pods of a deleted node are collected, whatever they tolerate, or when those of a silent one were given up", () => {
        const [east] = subjects;
        assert.ok(east !== undefined);
        const stage = { subject: east, app: factsOf(east.objects), fleet: fleetOf(east.objects, 3) };
        assert.equal(promisedSeconds(stage, "deleted"), 20 + 40 + 20 + 10);
        assert.equal(promisedSeconds(stage, "silent"), 50 + 30 + 10);
    });

    let subjects: readonly Subject[] = [];
    before(async () => {
        subjects = stackSubjects(await planProjectStack("prod"));
    });
});

describe("a drain of all zones", () => {
    const judge = (putOff: number, more: object = {}): readonly boolean[] => putOffPromise({ replicas: 3, floor: 2, atOnce: 3, putOff, ...more }).map(({ kept }) => kept);

    it("must have had to wait for the budget, unless that lets all go at once", () => {
        assert.deepEqual(judge(4), [true]);
        assert.deepEqual(judge(0), [false]);
        assert.deepEqual(judge(0, { atOnce: 1 }), []);
        assert.deepEqual(judge(0, { floor: 0 }), []);
    });

    it("is given up once every pod could have gone after the other", () => {
        const graced = (seconds: number): Wire<V1Pod> => ({ spec: { containers: [], terminationGracePeriodSeconds: seconds } });
        assert.equal(drainSeconds([graced(30), graced(50)]), 30 + 10 + 50 + 10 + 10);
    });

    it("asks again for a pod that the budget holds, tells each time, and leaves those of DaemonSets", async () => {
        const pods = [pod("app"), { ...pod("agent"), metadata: { name: "agent", uid: "agent", ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds" }] } }];
        const answers = [false, false, true];
        const asked: string[] = [];
        let evict = (name: string): Promise<boolean> => {
            asked.push(name);
            return Promise.resolve(answers.shift() ?? true);
        };
        const api = {
            list: () => Promise.resolve(pods.filter(({ metadata }) => answers.length > 0 || metadata?.name === "agent")),
            evict: (name: string) => evict(name),
            until: (what: string, probe: () => Promise<unknown>, patience: { readonly seconds: number }) => until(what, probe, { ...patience, everyMs: 20, signal: new AbortController().signal }),
        } as unknown as Api;
        const { putOff, left } = await drainNode({ api, cluster: "east" }, "node-1", 10);
        assert.deepEqual(asked, ["app", "app", "app"]);
        assert.deepEqual([putOff.map(({ metadata }) => metadata?.name), left], [["app", "app"], []]);
        answers.push(false);
        evict = () => Promise.resolve(false);
        const stuck = await drainNode({ api, cluster: "east" }, "node-1", 0.1);
        assert.deepEqual([stuck.putOff.length, stuck.left], [1, ["app"]]);
    });
});

describe("an old image", () => {
    it("is back when no pod has another", () => {
        const of = (image: string): Wire<V1Pod> => ({ spec: { containers: [{ name: "shop", image }] } });
        assert.equal(otherImages([of("shop:1"), of("shop:1")], "shop:1"), undefined);
        assert.equal(otherImages([of("shop:1"), of("shop:1-drill-unpullable")], "shop:1"), "1 of 2 of another image");
    });
});

describe("pods", () => {
    it("have changed that are gone, others under the same name, started anew, or not ready", () => {
        const before = ["a", "b", "c", "d", "e"].map(name => pod(name));
        const after = [pod("a"), pod("b", { uid: "another" }), pod("c", { restarts: 1 }), pod("d", { ready: false }), pod("new")];
        assert.deepEqual(changedPods(before, after), ["b", "c", "d", "e"]);
        assert.deepEqual(changedPods(before, before), []);
    });

    it("are an app's by all of its labels", () => {
        const labelled = { metadata: { labels: { app: "shop", part: "web" } } };
        assert.equal(isOf(labelled, { app: "shop", part: "web" }), true);
        assert.equal(isOf(labelled, { app: "shop", part: "state" }), false);
        assert.equal(isOf({}, { app: "shop" }), false);
    });

    it("are lost where the most are", () => {
        assert.equal(fullestNode([pod("a", { node: "node-2" }), pod("b", { node: "node-1" }), pod("c", { node: "node-2" })]), "node-2");
        assert.equal(fullestNode([pod("a", { node: "node-2" }), pod("b", { node: "node-1" })]), "node-1");
        assert.throws(() => fullestNode([]), /no pod/);
    });
});
