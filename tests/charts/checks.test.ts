// What this can't prove: that the facts are right. It plants one fault at a time into facts that have none, and sees it found.
import assert from "node:assert/strict";

import { type CheckName, type Concern, checkNames, concernsOf, staleOf } from "../../charts/checks";
import { judge } from "../../charts/exceptions";
import type { ChartFacts } from "../../charts/facts";
import { type Kept, asText, changesOf } from "../../charts/kept";
import { type ChartRequest, chartsOf, digestOf } from "../../charts/requests";
import { type PlannedVariant, clusterName, variants } from "../../charts/variants";
import type { Workload } from "../../charts/workloads";
import { planConfig, type RawConfig } from "../support/plan";
import { everyKind } from "../support/kubernetes";

const labels = { "app.kubernetes.io/name": "descheduler", "app.kubernetes.io/instance": `${clusterName}-rebalancing` };

const sound: Workload = {
    kind: "Deployment", name: `${clusterName}-rebalancing-descheduler`, pods: 2, volumesGib: [], cores: 0.05, gib: 0.125, requests: true, memoryLimit: true, priorityClass: undefined,
    spread: ["topology.kubernetes.io/zone"], apart: [], host: [], podSecurity: "restricted", nonRoot: true, seccomp: true, readOnlyRoot: true, budget: true, labels,
};

/** A cluster of a kind with the descheduler alone. */
async function plannedOn(label: string): Promise<PlannedVariant> {
    const cluster = everyKind.find(kind => kind.label === label)?.cluster;
    const [variant] = variants;
    assert.ok(cluster !== undefined && variant !== undefined);
    const config: RawConfig = { clusters: [{ ...cluster, name: clusterName }], app: { name: "shop", image: "shop:1.0.0" }, platform: { rebalancing: true } };
    return { variant: { ...variant, key: "one" }, plan: await planConfig(config), without: new Map() };
}

function keptOf(request: ChartRequest, change: Partial<ChartFacts> = {}, workload: Partial<Workload> = {}): Kept {
    const facts: ChartFacts = {
        chart: request.chart, version: request.version, on: ["one"], digest: request.digest, release: request.release, namespace: request.namespace,
        workloads: [{ ...sound, ...workload }], volumesGib: [], objects: {}, hooks: [], misfits: [], unknownValues: [], repeatable: true, kubeVersions: ">=1.25.0-0", ...change,
    };
    return { charts: new Map([[request.role, facts]]), customResources: [] };
}

function requestIn(planned: PlannedVariant): ChartRequest {
    const request = chartsOf(planned).find(({ role }) => role === "rebalancing");
    assert.ok(request !== undefined);
    return request;
}

const namesOf = (concerns: readonly Concern[]): readonly CheckName[] => [...new Set(concerns.map(({ check }) => check))];

describe("what is looked for in the charts", () => {
    let planned: PlannedVariant;
    let request: ChartRequest;
    before(async () => {
        planned = await plannedOn("existing, three zones");
        request = requestIn(planned);
    });

    it("is nothing in sound facts", () => {
        assert.deepEqual(concernsOf([planned], keptOf(request)), []);
        assert.deepEqual(staleOf([planned], keptOf(request)), []);
    });

    const chartFaults: readonly (readonly [CheckName, Partial<ChartFacts>])[] = [
        ["hooks", { hooks: ["Job shop (pre-install)"] }],
        ["kubernetes api", { misfits: ["Deployment shop/shop: spec.replica is no field"] }],
        ["unknown values", { unknownValues: ["replica"] }],
        ["repeatable", { repeatable: false }],
        ["kubernetes versions", { kubeVersions: ">=1.25.0-0 <2.0.0" }],
    ];
    for (const [check, change] of chartFaults) {
        it(`is found: ${check}`, () => {
            assert.deepEqual(namesOf(concernsOf([planned], keptOf(request, change))), [check]);
        });
    }

    const podFaults: readonly (readonly [CheckName, Partial<Workload>])[] = [
        ["replicas", { pods: 1, cores: 0.1, gib: 0.25 }],
        ["spread", { spread: ["kubernetes.io/hostname"] }],
        ["requests", { requests: false }],
        ["memory limit", { memoryLimit: false }],
        ["pod security", { podSecurity: "baseline" }],
        ["priority", { priorityClass: "system-cluster-critical" }],
        ["root user", { nonRoot: false }],
        ["seccomp", { seccomp: false }],
        ["read-only root", { readOnlyRoot: false }],
        ["footprint", { gib: 0.15 }],
        ["footprint", { volumesGib: [10] }],
        ["footprint", { pods: "each node" }],
    ];
    for (const [check, change] of podFaults) {
        it(`is found: ${check}, with ${JSON.stringify(change)}`, () => {
            const found = concernsOf([planned], keptOf(request, {}, change));
            assert.deepEqual(namesOf(found), [check]);
            assert.ok(found.every(({ role, on }) => role === "rebalancing" && on.join() === "one"));
        });
    }

    it("is found: a budget that picks nothing, and pods without one", () => {
        const found = concernsOf([planned], keptOf(request, {}, { budget: false, labels: { app: "other" } }));
        assert.deepEqual(namesOf(found), ["budget", "selectors"]);
    });

    it("is found: what a node does not give, where the kind of cluster gives none", async () => {
        const autopilot = await plannedOn("GKE Autopilot");
        const found = (host: readonly string[]): readonly Concern[] => concernsOf([autopilot], keptOf(requestIn(autopilot), {}, { host }));
        assert.deepEqual(namesOf(found(["hostNetwork"])), ["host access"]);
        assert.deepEqual(found(["hostPath /var/log (read-only)"]), []);
        assert.deepEqual(concernsOf([planned], keptOf(request, {}, { host: ["hostNetwork"] })), []);
    });

    it("is found: a namespace that nobody makes", () => {
        const { plan, ...rest } = planned;
        const resources = plan.recording.resources.filter(({ name }) => name !== `${clusterName}-rebalancing-namespace`);
        const without = { ...rest, plan: { ...plan, recording: { ...plan.recording, resources } } };
        assert.deepEqual(namesOf(concernsOf([without], keptOf(request))), ["namespace"]);
    });

    it("is found: custom resources that do not fit", () => {
        const customResources = [{ resource: "example.com/v1 Shop shop", on: ["one"], digest: "", misfits: ["spec.a is no field"] }];
        assert.deepEqual(namesOf(concernsOf([planned], { ...keptOf(request), customResources })), ["custom resources"]);
    });

    it("is stale with another version, other values or another cluster, and where it is no more", () => {
        for (const change of [{ version: "0.0.1" }, { digest: "other" }, { on: [] }] as const) {
            assert.ok(staleOf([planned], keptOf(request, change)).length > 0, JSON.stringify(change));
        }
        const { charts } = keptOf(request);
        const [facts] = charts.values();
        assert.ok(facts !== undefined);
        const gone = { ...facts, digest: "gone" };
        assert.deepEqual(staleOf([planned], { charts: new Map([...charts, ["gone", gone]]), customResources: [] }).map(({ role }) => role), ["gone"]);
    });

    it("may stand where an exception says so, which must cover something", () => {
        const found = concernsOf([planned], keptOf(request, {}, { readOnlyRoot: false }));
        const exception = { check: "read-only root", role: "rebalancing", subject: "Deployment ", reason: "a test" } as const;
        assert.deepEqual(judge(found, [exception]), { open: [], spare: [] });
        assert.deepEqual(judge([], [exception]), { open: [], spare: [exception] });
        assert.equal(judge(found, [{ ...exception, subject: "StatefulSet " }]).open.length, 1);
    });

    it("is all that there is to look for", () => {
        const planted = [...chartFaults, ...podFaults].map(([check]) => check);
        assert.deepEqual([...new Set<string>([...planted, "stale", "budget", "selectors", "host access", "namespace", "custom resources"])].sort(), [...checkNames].sort());
    });
});

describe("kept facts", () => {
    it("have a digest that goes by content, not by the order of keys", () => {
        assert.equal(digestOf({ a: 1, b: [{ c: 2, d: 3 }] }), digestOf({ b: [{ d: 3, c: 2 }], a: 1 }));
        assert.notEqual(digestOf({ a: [1, 2] }), digestOf({ a: [2, 1] }));
    });

    it("are JSON with what fits on a line on one", () => {
        const long = Array.from({ length: 30 }, (_, index) => `item number ${index}`);
        assert.equal(asText({ a: [1, { b: "c" }], d: undefined }), '{"a": [1, {"b": "c"}]}');
        assert.deepEqual(JSON.parse(asText({ long, short: {} })), { long, short: {} });
        assert.ok(asText({ long, short: [1] }).includes('\n  "short": [1]\n'));
    });

    it("tell what is new, gone or other", () => {
        const of = (charts: Readonly<Record<string, object>>): Kept => ({ charts: new Map(Object.entries(charts) as [string, ChartFacts][]), customResources: [] });
        assert.deepEqual(changesOf(of({ a: { x: 1 }, b: {} }), of({ a: { x: 2 }, c: {} })), ['a: {"x": 1} is now {"x": 2}', "b: gone", "c: new"]);
    });
});
