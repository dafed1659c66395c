// What this cannot prove: that a version's end is still the date in components/aws/versions.ts.
import assert from "node:assert/strict";

import { configWarnings, parseConfig } from "../../components/config";
import { clusterConfigs, minimalApp, poolNodes } from "../support/plan";

const today = new Date("2026-11-01T12:00:00Z");

function warningsOf(raw: unknown, stack = "dev", when = today): readonly string[] {
    return configWarnings(parseConfig(raw), { stack, today: when });
}

const { eks, gke } = clusterConfigs;
const zoned = { name: "rack", kind: "existing", zones: ["a", "b", "c"] };

describe("warnings", () => {
    it("none for a sound config", () => {
        assert.deepEqual(warningsOf({ clusters: [eks, gke, zoned], app: minimalApp }, "prod"), []);
    });

    describe("of a version's end", () => {
        const ends = "2027-03-27";
        const rows: readonly (readonly [string, string | undefined])[] = [
            ["2026-12-26T12:00:00Z", undefined],
            ["2026-12-27T00:00:00Z", `ends on ${ends}, in 90 days`],
            ["2027-03-01T00:00:00Z", `ends on ${ends}, in 26 days`],
            // The date is the last day of support, so support has not ended on it.
            [`${ends}T00:00:00Z`, `ends on ${ends}, in 0 days`],
            [`${ends}T18:00:00Z`, `ends on ${ends}, in 0 days`],
            ["2027-03-28T00:00:00Z", `ended on ${ends}`],
            ["2030-01-01T00:00:00Z", `ended on ${ends}`],
        ];
        for (const [when, expected] of rows) {
            it(`${when}: ${expected ?? "none"}`, () => {
                const warnings = warningsOf({ clusters: [eks] }, "dev", new Date(when));
                assert.equal(warnings.length, expected === undefined ? 0 : 1);
                assert.ok(warnings.every(text => text.startsWith("east: standard support of EKS 1.35 ") && text.includes(expected ?? "")), warnings.join());
            });
        }

        it("none for GKE, whose channel moves it on", () => {
            assert.deepEqual(warningsOf({ clusters: [gke] }, "dev", new Date("2030-01-01")), []);
        });
    });

    describe("of a cluster without protection", () => {
        const unprotected = { clusters: [{ ...eks, protect: false }, { ...gke, protect: false }, zoned] };
        const texts = (stack: string) => ["east", "central"].map(name => `${name}: protect is false in stack ${stack}: one command destroys the cluster`);
        for (const stack of ["prod", "production", "live", "prod-east", "eu.prod", "shop_live_2"]) {
            it(`in ${stack}`, () => { assert.deepEqual(warningsOf(unprotected, stack), texts(stack)); });
        }
        for (const stack of ["dev", "staging", "product", "reproduce", "olive", "preprod"]) {
            it(`not in ${stack}`, () => { assert.deepEqual(warningsOf(unprotected, stack), []); });
        }
    });

    describe("of one zone", () => {
        const text = "local: fewer than two zones are named: nothing is promised for the loss of a zone";
        for (const [zones, expected] of [[[], [text]], [["a"], [text]], [["a", "b"], []]] as const) {
            it(`${zones.length} zones`, () => { assert.deepEqual(warningsOf({ clusters: [{ ...clusterConfigs.existing, zones }] }), expected); });
        }
    });

    describe("of a quorum that a zone takes along", () => {
        const state = (replicas: number) => ({ ...minimalApp, replicas: { min: 6 }, scaling: { cpu: 50 }, state: { image: "redis:8.2.1", replicas } });
        const text = (replicas: number, zones: number) =>
            `rack: ${replicas} stateful replicas over ${zones} zones lose their majority with one zone: use an odd number of replicas, 3 or more, over 3 zones`;
        const rows: readonly (readonly [number, readonly string[], boolean])[] = [
            [3, ["a", "b", "c"], false],
            [5, ["a", "b", "c"], false],
            [1, ["a", "b", "c"], true],
            [2, ["a", "b", "c"], true],
            [4, ["a", "b", "c"], true],
            [3, ["a", "b"], true],
        ];
        for (const [replicas, zones, warns] of rows) {
            it(`${replicas} replicas over ${zones.length} zones: ${warns ? "yes" : "no"}`, () => {
                assert.deepEqual(warningsOf({ clusters: [{ ...zoned, zones }], app: state(replicas) }), warns ? [text(replicas, zones.length)] : []);
            });
        }

        it("not without state", () => {
            assert.deepEqual(warningsOf({ clusters: [{ ...zoned, zones: ["a", "b"] }], app: { ...minimalApp, replicas: { min: 4 }, scaling: { cpu: 50 } } }), []);
        });

        it("not beside the warning that there is one zone", () => {
            const warnings = warningsOf({ clusters: [clusterConfigs.existing], app: state(3) });
            assert.equal(warnings.length, 1);
            assert.ok(!warnings.join().includes("majority"));
        });
    });

    describe("of a TLS Secret", () => {
        const withTls = (tls: unknown) => ({ clusters: [eks, gke, zoned], app: { ...minimalApp, ingress: { host: "shop.example.com", tls } } });

        it("that nothing fills, on the clusters that read one", () => {
            assert.deepEqual(
                warningsOf(withTls({ zone: "example.com" })),
                ["central", "rack"].map(name => `${name}: put a certificate into Secret shop/shop-tls before users come: nothing here fills it`),
            );
        });

        it("that has a name of its own", () => {
            assert.ok(warningsOf(withTls({ zone: "example.com", secretName: "mine" })).every(text => text.includes(" Secret shop/mine ")));
        });

        it("that cert-manager fills, which must be there", () => {
            const warnings = warningsOf(withTls({ zone: "example.com", issuer: "dns" }));
            assert.equal(warnings.length, 2);
            assert.ok(warnings.every(text => text.includes("is filled by cert-manager's ClusterIssuer dns")));
        });

        it("not without TLS", () => { assert.deepEqual(warningsOf(withTls(false)), []); });
    });

    it("of an API server that only the VPC reaches, and of pools that nothing scales", () => {
        const warnings = warningsOf({ clusters: [{ ...eks, apiAccess: [], nodes: poolNodes.eks }, { ...gke, apiAccess: [] }] });
        assert.deepEqual(warnings, [
            "east: apiAccess is empty: `pulumi up` must run inside the VPC to reach the API server",
            "central: apiAccess is empty: `pulumi up` must run inside the VPC to reach the API server",
            "east: node pools keep their size without a node autoscaler, and maxNodes is only a bound: platform.autoscaling brings one",
        ]);
    });

    it("of what platform.autoscaling doesn't do", () => {
        assert.deepEqual(warningsOf({ clusters: [{ ...eks, nodes: poolNodes.eks }, { ...gke, nodes: poolNodes.gke }], platform: { autoscaling: true } }), []);
        const owned = "rack: platform.autoscaling adds no nodes to a cluster that exists already: who owns it must";
        const nowhere = "rack: fewer than two zones are named: platform.autoscaling keeps no room for the loss of one";
        const on = (cluster: object, autoscaling: unknown): readonly string[] =>
            warningsOf({ clusters: [cluster], app: minimalApp, platform: { autoscaling } }).filter(text => text.includes("platform.autoscaling"));
        assert.deepEqual(on(zoned, true), [owned]);
        assert.deepEqual(on({ ...zoned, zones: [] }, true), [owned, nowhere]);
        assert.deepEqual(on({ ...zoned, zones: [] }, { room: "none" }), [owned]);
    });

    it("of NetworkPolicies that nothing enforces", () => {
        assert.deepEqual(warningsOf({ clusters: [{ ...zoned, networkPolicies: false }] }), [
            "rack: the cluster's network does not enforce NetworkPolicies: every pod can reach every other",
        ]);
    });
});
