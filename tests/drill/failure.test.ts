// What this can't prove: that Kubernetes loses and replaces as the drills see it. It is about reading endpoints and pods, made up here.
import assert from "node:assert/strict";

import type { V1Pod } from "@kubernetes/client-node";

import type { Wire } from "../../drill/api";
import { nodesOf } from "../../drill/drills/failure/endpoints";
import { changedPods, fullestNode } from "../../drill/drills/failure/pods";

const endpoint = (address: string, nodeName: string, ready: boolean) => ({ addresses: [address], nodeName, conditions: { ready } });

const slice = (...endpoints: readonly ReturnType<typeof endpoint>[]) => ({ addressType: "IPv4", endpoints: [...endpoints] });

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
    it("that get requests are ready ones, each once, with its node", () => {
        const moving = slice(endpoint("10.0.0.2", "node-2", true));
        const ready = nodesOf([slice(endpoint("10.0.0.1", "node-1", true), endpoint("10.0.0.2", "node-2", true), endpoint("10.0.0.3", "node-3", false)), moving]);
        assert.deepEqual([...ready], [["10.0.0.1", "node-1"], ["10.0.0.2", "node-2"]]);
    });

    it("may be null in a slice that has none", () => {
        assert.equal(nodesOf([{ addressType: "IPv4", endpoints: null }]).size, 0);
    });
});

describe("pods", () => {
    it("have changed that are gone, others under the same name, started anew, or not ready", () => {
        const before = ["a", "b", "c", "d", "e"].map(name => pod(name));
        const after = [pod("a"), pod("b", { uid: "another" }), pod("c", { restarts: 1 }), pod("d", { ready: false }), pod("new")];
        assert.deepEqual(changedPods(before, after), ["b", "c", "d", "e"]);
        assert.deepEqual(changedPods(before, before), []);
    });

    it("are lost where the most are", () => {
        assert.equal(fullestNode([pod("a", { node: "node-2" }), pod("b", { node: "node-1" }), pod("c", { node: "node-2" })]), "node-2");
        assert.equal(fullestNode([pod("a", { node: "node-2" }), pod("b", { node: "node-1" })]), "node-1");
        assert.throws(() => fullestNode([]), /no pod/);
    });
});
