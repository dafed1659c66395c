// What this cannot prove: that the ranges are free in a network that is peered, or GKE's own arithmetic.
import assert from "node:assert/strict";

import fc from "fast-check";

import { gkeAddressPlan, maxPodsPerNode, networkPrefixes } from "../../components/gcp/addressPlan";
import { checkGke } from "../../components/gcp/checks";
import { gkeSchema } from "../../components/gcp/config";
import { cidr, contains, formatCidr, overlaps, size } from "../../components/model/cidr";
import { clusterConfigs, poolNodes } from "../support/plan";

const block = fc
    .integer({ min: networkPrefixes.widest, max: networkPrefixes.narrowest })
    .map(prefix => `10.0.0.0/${prefix}`);

describe("GKE address plan", () => {
    it("keeps its ranges from release to release: to move one replaces the cluster", () => {
        assert.deepEqual(gkeAddressPlan("10.32.0.0/16"), {
            nodes: "10.32.0.0/18",
            services: "10.32.64.0/20",
            pods: "10.32.128.0/17",
            maxNodes: 256,
        });
    });

    it("ranges are disjoint and inside the block: half for pods, a quarter for nodes, a sixteenth for Services", () => {
        fc.assert(
            fc.property(block, text => {
                const whole = cidr(text);
                const { nodes, pods, services } = gkeAddressPlan(text);
                const [a, b, c] = [cidr(nodes), cidr(pods), cidr(services)];
                assert.deepEqual([a, b, c].map(range => contains(whole, range)), [true, true, true]);
                assert.deepEqual([overlaps(a, b), overlaps(b, c), overlaps(a, c)], [false, false, false]);
                assert.deepEqual([size(b) * 2, size(a) * 4, size(c) * 16], [size(whole), size(whole), size(whole)]);
            }),
        );
    });

    it("of any block and nodes that are accepted: canonical, inside, disjoint, with room for every node's pods; others are refused for their block", () => {
        const [pool] = poolNodes.gke.pools;
        const anyBlock = fc.tuple(fc.integer({ min: 4, max: 24 }), fc.nat()).map(([prefix, index]) => formatCidr({ base: (index % 2 ** prefix) * 2 ** (32 - prefix), prefix }));
        const privateBlock = fc.tuple(fc.integer({ min: 8, max: 22 }), fc.nat()).map(([prefix, index]) => formatCidr({ base: 10 * 2 ** 24 + (index % 2 ** (prefix - 8)) * 2 ** (32 - prefix), prefix }));
        let accepted = 0;
        fc.assert(
            fc.property(fc.oneof(anyBlock, privateBlock), fc.integer({ min: 3, max: 1000 }), (text, maxNodes) => {
                const nodes = { mode: "pools", pools: [{ ...pool, maxNodes }] };
                const problems = checkGke(gkeSchema.parse({ ...clusterConfigs.gke, cidr: text, nodes }), "central");
                if (problems.length > 0) {
                    assert.deepEqual(problems.map(({ path }) => path), ["central.cidr"]);
                    return;
                }
                accepted++;
                const plan = gkeAddressPlan(text);
                const ranges = [plan.nodes, plan.pods, plan.services].map(cidr);
                assert.ok(ranges.every(range => contains(cidr(text), range)));
                assert.ok(ranges.every((a, index) => ranges.slice(index + 1).every(b => !overlaps(a, b))));
                assert.ok(size(cidr(plan.pods)) >= 2 * maxPodsPerNode * maxNodes && size(cidr(plan.nodes)) - 4 >= maxNodes);
            }),
            { numRuns: 300 },
        );
        assert.ok(accepted > 20, `${accepted} of them`);
    });

    it("refuses any other text with a RangeError", () => {
        fc.assert(fc.property(fc.string(), text => { assert.throws(() => gkeAddressPlan(text), RangeError); }));
    });

    it("has room for as many nodes as whole pod blocks of twice the pods fit", () => {
        fc.assert(
            fc.property(block, text => {
                const { pods, maxNodes } = gkeAddressPlan(text);
                assert.ok(Number.isInteger(maxNodes));
                assert.equal(maxNodes * 2 * maxPodsPerNode, size(cidr(pods)));
            }),
        );
    });

    it("every node that the pods have room for has an address, beside the four that Google keeps", () => {
        fc.assert(
            fc.property(block, text => {
                const { nodes, maxNodes } = gkeAddressPlan(text);
                assert.ok(size(cidr(nodes)) - 4 >= maxNodes);
            }),
        );
    });

    it("the narrowest block has room for the pods of 32 nodes, and for Services", () => {
        const { maxNodes, services } = gkeAddressPlan(`10.0.0.0/${networkPrefixes.narrowest}`);
        assert.ok(maxNodes >= 32, `room for ${maxNodes}`);
        assert.ok(cidr(services).prefix <= 27);
    });

    it("refuses what is no block", () => { assert.throws(() => gkeAddressPlan("10.32.0.1/16"), RangeError); });
});
