// What this cannot prove: that Google has the zones or the machine types, or the project's quotas.
import assert from "node:assert/strict";

import { checkGke, gkeWarnings } from "../../components/gcp/checks";
import { gkeAddressPlan, networkPrefixes } from "../../components/gcp/addressPlan";
import { type GkeConfig, gkeSchema } from "../../components/gcp/config";
import { clusterConfigs, poolNodes } from "../support/plan";

const path = "holdfast:clusters[2]";
const [pool] = poolNodes.gke.pools;
const gke = (changes: Readonly<Record<string, unknown>> = {}): GkeConfig => gkeSchema.parse({ ...clusterConfigs.gke, ...changes });
const pools = (...list: unknown[]) => ({ nodes: { mode: "pools", pools: list } });
const narrow = `10.32.0.0/${networkPrefixes.narrowest}`;
const room = gkeAddressPlan(narrow).maxNodes;

describe("checks of a GKE cluster", () => {
    it("find nothing in a sound one", () => {
        assert.deepEqual(checkGke(gke(), path), []);
        assert.deepEqual(checkGke(gke(pools(pool)), path), []);
    });

    /** What is changed, and the paths and values that are reported. */
    const rows: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly (readonly [string, unknown])[]])[] = [
        ["a block too wide", { cidr: "10.0.0.0/7" }, [["cidr", "10.0.0.0/7"]]],
        ["a block too narrow", { cidr: `10.0.0.0/${networkPrefixes.narrowest + 1}` }, [["cidr", `10.0.0.0/${networkPrefixes.narrowest + 1}`]]],
        ["the widest block", { cidr: `10.0.0.0/${networkPrefixes.widest}` }, []],
        ["the narrowest block", { cidr: narrow }, []],
        ["pools that just fit the pods", { cidr: narrow, ...pools({ ...pool, maxNodes: room - 3 }, { ...pool, name: "b", maxNodes: 3 }) }, []],
        ["pools that together do not", { cidr: narrow, ...pools({ ...pool, maxNodes: room - 3 }, { ...pool, name: "b", maxNodes: 4 }) }, [["cidr", narrow]]],
        ["a zone twice", { zones: ["us-central1-a", "us-central1-a"] }, [["zones[1]", "us-central1-a"]]],
        ["a zone of a region that begins alike", { zones: ["us-central1-a", "us-central10-b"] }, [["zones[1]", "us-central10-b"]]],
        ["the whole internet", { apiAccess: ["0.0.0.0/0"] }, [["apiAccess[0]", "0.0.0.0/0"]]],
        ["fewer nodes than zones", pools({ ...pool, minNodes: 2 }), [["nodes.pools[0].minNodes", 2]]],
        ["spot alone", pools({ ...pool, spot: true }, { ...pool, name: "b", spot: true }), [["nodes.pools", ["general", "b"]]]],
    ];
    for (const [title, changes, expected] of rows) {
        it(title, () => {
            const found = checkGke(gke(changes), path).map(problem => [problem.path, problem.received]);
            assert.deepEqual(found, expected.map(([key, value]) => [`${path}.${key}`, value]));
        });
    }

    it("say how many nodes were wanted and how many there is room for", () => {
        const [problem] = checkGke(gke({ cidr: narrow, ...pools({ ...pool, maxNodes: room + 1 }) }), path);
        assert.equal(problem?.allowed, `a block with room for the pods of ${room + 1} nodes; this one has room for ${room}`);
        assert.deepEqual(problem.reads, [`${path}.nodes`]);
    });

    it("of zones name the region that the zone is in", () => {
        const [problem] = checkGke(gke({ zones: ["us-central1-a", "us-east1-b"] }), path);
        assert.equal(problem?.fix, "name a zone of us-central1, or set region to us-east1");
    });
});

describe("warnings of a GKE cluster", () => {
    it("that only its VPC reaches", () => {
        assert.deepEqual(gkeWarnings(gke()), []);
        assert.equal(gkeWarnings(gke({ apiAccess: [] })).length, 1);
    });
});
