// What this cannot prove: that AWS has room in the zones, or that the versions table is up to date.
import assert from "node:assert/strict";

import { formatProblem } from "../../components/config/problems";
import { checkEks, checkEksTls, eksWarnings } from "../../components/aws/checks";
import { type EksConfig, eksSchema } from "../../components/aws/config";
import { aliasRegions } from "../../components/aws/hostedZones";
import { standardSupportEnds, warningDays } from "../../components/aws/versions";
import { clusterConfigs, poolNodes } from "../support/plan";

const path = "holdfast:clusters[3]";
const [pool] = poolNodes.eks.pools;
const eks = (changes: Readonly<Record<string, unknown>> = {}): EksConfig => eksSchema.parse({ ...clusterConfigs.eks, ...changes });
const pools = (...list: unknown[]) => ({ nodes: { mode: "pools", pools: list } });
const zonesIn = (region: string) => ["a", "b", "c"].map(letter => `${region}${letter}`);

describe("checks of an EKS cluster", () => {
    it("find nothing in a sound one", () => {
        assert.deepEqual(checkEks(eks(), path), []);
        assert.deepEqual(checkEks(eks(pools(pool)), path), []);
    });

    for (const region of ["us-east-1", "eu-central-2", "ap-southeast-7", "il-central-1"]) {
        it(`take ${region}`, () => { assert.deepEqual(checkEks(eks({ region, zones: zonesIn(region) }), path), []); });
    }

    const suggestions: readonly (readonly [string, string])[] = [["us-east-9", "us-east-1"], ["eu-wset-1", "eu-west-1"], ["cn-north-1", "ca-west-1"]];
    for (const [region, meant] of suggestions) {
        it(`refuse ${region}, and suggest a region that there is`, () => {
            const [problem, ...rest] = checkEks(eks({ region, zones: zonesIn(region) }), path);
            assert.deepEqual(rest, []);
            assert.ok(problem !== undefined);
            assert.deepEqual([problem.path, problem.received], [`${path}.region`, region]);
            const suggested = /^did you mean (.+)\?$/.exec(problem.fix)?.[1] ?? "";
            assert.ok(aliasRegions.includes(suggested), suggested);
            assert.ok(region === "cn-north-1" || suggested === meant, suggested);
        });
    }

    /** What is changed, and the paths and values that are reported. */
    const rows: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly (readonly [string, unknown])[]])[] = [
        ["a block wider than a VPC's", { cidr: "10.0.0.0/15" }, [["cidr", "10.0.0.0/15"]]],
        ["a block too narrow for its parts", { cidr: "10.0.0.0/21" }, [["cidr", "10.0.0.0/21"]]],
        ["the narrowest and the widest", { cidr: "10.0.0.0/20" }, []],
        ["a version past its support", { version: "1.33" }, [["version", "1.33"]]],
        ["a version not there yet", { version: "1.99" }, [["version", "1.99"]]],
        ["a zone twice", { zones: ["us-east-1a", "us-east-1a", "us-east-1a"] }, [["zones[1]", "us-east-1a"], ["zones[2]", "us-east-1a"]]],
        ["zones of another region", { zones: ["us-east-1a", "us-east-2b"] }, [["zones[1]", "us-east-2b"]]],
        ["the whole internet", { apiAccess: ["0.0.0.0/0", "10.0.0.0/8", "128.0.0.0/1"] }, [["apiAccess[0]", "0.0.0.0/0"], ["apiAccess[2]", "128.0.0.0/1"]]],
        ["nobody at all", { apiAccess: [] }, []],
        ["pools of one name", pools(pool, pool), [["nodes.pools[1].name", "general"]]],
        ["bounds out of order", pools({ ...pool, minNodes: 12 }), [["nodes.pools[0].minNodes", 12]]],
        ["fewer nodes than zones", pools({ ...pool, minNodes: 2 }), [["nodes.pools[0].minNodes", 2]]],
        ["fewer nodes than zones at most", pools({ ...pool, minNodes: 1, maxNodes: 2 }), [["nodes.pools[0].minNodes", 1], ["nodes.pools[0].maxNodes", 2]]],
        ["spot alone", pools({ ...pool, spot: true }), [["nodes.pools", ["general"]]]],
        ["an empty spot pool beside another", pools(pool, { ...pool, name: "cheap", minNodes: 0, spot: true }), []],
    ];
    for (const [title, changes, expected] of rows) {
        it(title, () => {
            const found = checkEks(eks(changes), path).map(problem => [problem.path, problem.received]);
            assert.deepEqual(found, expected.map(([key, value]) => [`${path}.${key}`, value]));
        });
    }

    it("name the newest version there is", () => {
        const [problem] = checkEks(eks({ version: "1.33" }), path);
        assert.equal(problem?.fix, 'set version to "1.36"');
        assert.equal(problem.allowed, "a version that EKS supports: 1.34, 1.35, 1.36");
    });
});

describe("TLS on EKS", () => {
    const tls = { secretName: "shop-tls", issuer: undefined, host: "shop.example.com" };

    it("needs a zone to prove the name in", () => {
        assert.deepEqual(checkEksTls(eks(), { ...tls, zone: "example.com" }, "p"), []);
        const found = checkEksTls(eks(), { ...tls, zone: undefined }, "p");
        assert.deepEqual(found.map(problem => problem.path), ["p"]);
        assert.match(found.map(formatProblem).join(), /received no zone; .*east/);
        const elsewhere = checkEksTls(eks(), { ...tls, zone: "example.org" }, "p");
        assert.match(elsewhere.map(formatProblem).join(), /received "example.org"; .*fix: add tls: \{ zone: example.com \}/);
    });
});

describe("warnings of an EKS cluster", () => {
    for (const [version, end] of Object.entries(standardSupportEnds)) {
        it(`${version}: from ${warningDays} days before its end, and not before`, () => {
            const at = (days: number) => eksWarnings(eks({ version }), new Date(Date.parse(end) - days * 86_400_000));
            assert.deepEqual(at(warningDays + 1), []);
            assert.equal(at(warningDays).length, 1);
            assert.ok(at(1)[0]?.includes(`EKS ${version} ends on ${end}`));
            assert.ok(at(-1)[0]?.includes(`EKS ${version} ended on ${end}`));
        });
    }

    it("the default version is one that EKS supports", () => { assert.ok(eks().version in standardSupportEnds); });
});
