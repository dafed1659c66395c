// What this cannot prove: that AWS has the zone, or that an address is free in a network that is peered.
import assert from "node:assert/strict";

import fc from "fast-check";

import { vpcPrefixes, zoneSubnets } from "../../components/aws/addressPlan";
import { checkEks } from "../../components/aws/checks";
import { eksSchema } from "../../components/aws/config";
import { type Cidr, cidr, contains, formatCidr, overlaps, size } from "../../components/model/cidr";
import { clusterConfigs } from "../support/plan";

const letters = ["a", "b", "c", "d", "e", "f"];
const prefixes = fc.integer({ min: vpcPrefixes.widest, max: vpcPrefixes.narrowest });
const block = prefixes.map(prefix => `10.16.0.0/${prefix}`);
/** Any block there is, half of them private. */
const anyBlock = fc
    .tuple(fc.integer({ min: 8, max: 24 }), fc.nat(), fc.boolean())
    .map(([prefix, index, inside]) => formatCidr({ base: inside ? 10 * 2 ** 24 + (index % 2 ** (prefix - 8)) * 2 ** (32 - prefix) : (index % 2 ** prefix) * 2 ** (32 - prefix), prefix }));
const zones = fc.subarray(letters.map(letter => `us-east-1${letter}`), { minLength: 1 });

/** The subnets of each zone, as the network makes them: each zone is asked for by itself. */
const plan = (whole: string, names: readonly string[]) => new Map(names.map(zone => [zone, zoneSubnets(whole, zone)]));

describe("EKS address plan", () => {
    it("a zone added or removed, or another order, moves no other zone's subnets", () => {
        fc.assert(
            fc.property(block, zones, zones, (whole, before, after) => {
                const old = plan(whole, before);
                const changed = plan(whole, [...after].reverse());
                for (const zone of before.filter(name => after.includes(name))) {
                    assert.deepEqual(changed.get(zone), old.get(zone));
                }
            }),
        );
    });

    it("keeps its subnets from release to release: to move one replaces it, with all nodes in it", () => {
        assert.deepEqual(zoneSubnets("10.16.0.0/16", "us-east-1a"), {
            privateCidr: "10.16.0.0/19",
            publicCidr: "10.16.224.0/22",
            usableAddresses: 8187,
        });
        assert.deepEqual(zoneSubnets("10.16.0.0/16", "us-east-1f"), {
            privateCidr: "10.16.160.0/19",
            publicCidr: "10.16.244.0/22",
            usableAddresses: 8187,
        });
    });

    it("all subnets of all zones are disjoint and inside the block", () => {
        fc.assert(
            fc.property(block, whole => {
                const blocks = letters
                    .map(letter => zoneSubnets(whole, `us-east-1${letter}`))
                    .flatMap(({ privateCidr, publicCidr }) => [cidr(privateCidr), cidr(publicCidr)]);
                for (const [index, one] of blocks.entries()) {
                    assert.ok(contains(cidr(whole), one));
                    assert.ok(blocks.every((other, otherIndex) => index === otherIndex || !overlaps(one, other)));
                }
            }),
        );
    });

    it("of any block and zones that are accepted: inside, disjoint, canonical and large enough; others are refused for their block", () => {
        let accepted = 0;
        fc.assert(
            fc.property(anyBlock, zones.filter(names => names.length > 1), (whole, names) => {
                const problems = checkEks(eksSchema.parse({ ...clusterConfigs.eks, cidr: whole, zones: names }), "east");
                if (problems.length > 0) {
                    assert.deepEqual(problems.map(({ path }) => path), ["east.cidr"]);
                    return;
                }
                accepted++;
                const parts = names.map(name => zoneSubnets(whole, name));
                const blocks: Cidr[] = parts.flatMap(({ privateCidr, publicCidr }) => [cidr(privateCidr), cidr(publicCidr)]);
                assert.ok(blocks.every(part => contains(cidr(whole), part)));
                assert.ok(blocks.every((a, index) => blocks.slice(index + 1).every(b => !overlaps(a, b))));
                // EKS recommends 16 free addresses in a subnet (https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html); a load balancer wants 8.
                assert.ok(parts.every(({ publicCidr, usableAddresses }) => usableAddresses >= 500 && size(cidr(publicCidr)) - 5 >= 16));
            }),
            { numRuns: 300 },
        );
        assert.ok(accepted > 20, `${accepted} of them`);
    });

    it("refuses any other text with a RangeError", () => {
        fc.assert(
            fc.property(fc.string(), fc.string({ minLength: 1 }).filter(zone => !/[a-f]$/.test(zone)), (whole, zone) => {
                assert.throws(() => zoneSubnets(whole, "us-east-1a"), RangeError);
                assert.throws(() => zoneSubnets("10.16.0.0/16", zone), RangeError);
            }),
        );
    });

    it("counts as usable what AWS leaves of the private subnet", () => {
        fc.assert(
            fc.property(block, fc.constantFrom(...letters), (whole, letter) => {
                const { privateCidr, usableAddresses } = zoneSubnets(whole, `eu-west-1${letter}`);
                assert.equal(usableAddresses, size(cidr(privateCidr)) - 5);
            }),
        );
    });

    it("the narrowest block still has public subnets of 27 usable addresses, and subnets that AWS allows", () => {
        const { publicCidr, privateCidr } = zoneSubnets(`10.16.0.0/${vpcPrefixes.narrowest}`, "us-east-1a");
        assert.ok(size(cidr(publicCidr)) - 5 >= 27);
        for (const text of [publicCidr, privateCidr]) {
            assert.ok(cidr(text).prefix <= 28);
        }
        assert.equal(vpcPrefixes.widest, 16);
    });

    for (const zone of ["us-east-1g", "us-east-1", "us-east-1A"]) {
        it(`refuses the zone ${JSON.stringify(zone)}`, () => { assert.throws(() => zoneSubnets("10.16.0.0/16", zone), RangeError); });
    }

    it("refuses what is no block", () => { assert.throws(() => zoneSubnets("10.16.0.1/16", "us-east-1a"), RangeError); });
});
