// What this cannot prove: that the ranges are free in a network that is peered, or GKE's own arithmetic.
import assert from "node:assert/strict";

import fc from "fast-check";

import { gkeAddressPlan, maxPodsPerNode, networkPrefixes } from "../../components/gcp/addressPlan";
import { cidr, contains, overlaps, size } from "../../components/model/cidr";

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
