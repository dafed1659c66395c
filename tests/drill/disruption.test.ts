// What this can't prove: that Kubernetes does what the drills look for. It is about what is promised and how what was sampled is
// judged, on timelines and objects by hand; the drills themselves need a control plane.
import assert from "node:assert/strict";

import { fillerFor, lowerClass } from "../../drill/drills/disruption/filler";
import { type DeploymentManifest, deploymentManifest, drainFloor, fullStrengthSeconds, nextImage, surgeAt, toleratedSeconds, withContainer } from "../../drill/drills/disruption/manifest";
import { isBound, isUnplaced } from "../../drill/drills/disruption/outage";
import { neverUnder, none, secondsText, within } from "../../drill/drills/disruption/promises";
import { refusalsIn } from "../../drill/drills/disruption/quota";
import { answering, fullestZone, skewAt, spreadAt } from "../../drill/drills/disruption/zones";
import { greatestUtilisation } from "../../drill/drills/zoneLossAtMaximum";
import type { KubeObject } from "../../drill/api";
import { factsOf } from "../../drill/stage/facts";
import { Timeline } from "../../drill/stage/timeline";

type Samples = readonly (readonly [seconds: number, value: number])[];

function timeline(samples: Samples): Timeline {
    const result = new Timeline();
    for (const [seconds, value] of samples) {
        result.add(seconds, value);
    }
    return result;
}

const deployment = (spec: object = {}, pod: object = {}): DeploymentManifest =>
    ({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "shop", namespace: "shop" },
        spec: { replicas: 3, selector: { matchLabels: { app: "shop" } }, ...spec, template: { metadata: { labels: { app: "shop" } }, spec: { containers: [{ name: "shop", image: "shop:1" }], ...pod } } },
    });
const service: KubeObject = { apiVersion: "v1", kind: "Service", metadata: { name: "shop", namespace: "shop" }, spec: { type: "LoadBalancer", selector: { app: "shop" }, ports: [{ port: 80 }] } };

const stageOf = (objects: readonly KubeObject[], subject: "stack" | "naive" = "stack", nodesPerZone = 1) => ({
    subject: { subject, cluster: "east", region: "r", zones: ["a", "b", "c"], addressKind: "ip" as const, objects, expected: undefined, version: undefined, replaced: [] },
    app: factsOf([service, ...objects]),
    fleet: { nodesPerZone, nodeShape: { cpu: "4", memory: "16Gi", pods: 110 }, extraLabels: {} },
});

describe("a disruption's promises", () => {
    it("are kept at the floor and broken under it", () => {
        assert.deepEqual(neverUnder("ready", { floor: 2, of: 3, measured: 2 }), { name: "ready", promised: "2 of 3", measured: "2 of 3", kept: true });
        assert.deepEqual(neverUnder("ready", { floor: 2, of: 3, measured: 1 }), { name: "ready", promised: "2 of 3", measured: "1 of 3", kept: false });
    });

    it("do not tell of more than all", () => {
        assert.equal(neverUnder("ready", { floor: 3, of: 3, measured: 4 }).measured, "3 of 3");
    });

    it("are kept in time, and broken late or never", () => {
        assert.deepEqual(within("back", 90, 89.96, "2 of 3"), { name: "back", promised: "90 s", measured: "90 s", kept: true });
        assert.deepEqual(within("back", 90, 90.1, "2 of 3"), { name: "back", promised: "90 s", measured: "90.1 s", kept: false });
        assert.deepEqual(within("back", 90, undefined, "2 of 3"), { name: "back", promised: "90 s", measured: "2 of 3", kept: false });
    });

    it("name what should not be there", () => {
        assert.deepEqual(none("Pending", []), { name: "Pending", promised: "none", measured: "none", kept: true });
        assert.deepEqual(none("Pending", ["a", "b"]), { name: "Pending", promised: "none", measured: "a, b", kept: false });
    });

    it("give durations to a tenth", () => {
        assert.deepEqual([83, 83.04, 83.06].map(secondsText), ["83 s", "83 s", "83.1 s"]);
    });
});

describe("replicas that answer", () => {
    // Of three replicas one is in the zone that dies at 10. Kubernetes calls it unready at 60, has another ready at 95, and the zone is back at 100.
    const ready = timeline([[0, 3], [9, 3], [12, 3], [60, 2], [95, 3], [99, 3], [102, 3]]);
    const inZone = timeline([[0, 1], [9, 1], [12, 1], [60, 0], [95, 0], [99, 0], [102, 0]]);

    it("leave out those of a silent zone before Kubernetes notices", () => {
        const seen = answering(ready, inZone, { lostAt: 10, backAt: 100 });
        assert.deepEqual(seen.samples, [[0, 3], [9, 3], [10, 2], [12, 2], [60, 2], [95, 3], [99, 3], [100, 3], [102, 3]]);
        assert.equal(seen.firstAtLeast(3, 10), 95);
        assert.equal(seen.min(10, 100), 2);
    });

    it("count those again that were never replaced once the zone is back", () => {
        const seen = answering(timeline([[0, 3], [20, 3]]), timeline([[0, 1], [20, 1]]), { lostAt: 5, backAt: 15 });
        assert.deepEqual(seen.samples, [[0, 3], [5, 2], [15, 3], [20, 3]]);
        assert.equal(seen.firstAtLeast(3, 5), 15);
    });

    it("show a replica that another zone loses meanwhile", () => {
        const seen = answering(timeline([[0, 3], [6, 2]]), timeline([[0, 1], [6, 1]]), { lostAt: 5, backAt: 50 });
        assert.equal(seen.min(5, 50), 1);
    });

    it("carry the whole load when they are fewest", () => {
        const seen = answering(timeline([[0, 12], [20, 12]]), timeline([[0, 4], [20, 4]]), { lostAt: 5, backAt: 30 });
        // 12 replicas at 60 % of their request are 7.2 replicas of load.
        assert.equal(greatestUtilisation(seen, { lostAt: 5, backAt: 30 }, 7.2), 0.9);
    });

    it("are told by zone, most first", () => {
        const byZone = new Map([["a", timeline([[0, 1], [5, 0]])], ["b", timeline([[0, 1], [5, 2]])], ["c", timeline([[0, 1]])]]);
        assert.equal(spreadAt(byZone, 4), "1/1/1");
        assert.equal(spreadAt(byZone, 5), "2/1/0");
        assert.deepEqual([skewAt(byZone, 4), skewAt(byZone, 5)], [0, 2]);
    });

    it("make the zone with the most of them the one to lose, then the one with the most data", () => {
        const counts = (a: number, b: number, c: number): ReadonlyMap<string, Timeline> => new Map([["a", timeline([[0, a]])], ["b", timeline([[0, b]])], ["c", timeline([[0, c]])]]);
        assert.equal(fullestZone(["a", "b", "c"], counts(1, 2, 1), counts(1, 0, 0)), "b");
        assert.equal(fullestZone(["a", "b", "c"], counts(1, 1, 1), counts(0, 0, 1)), "c");
        assert.equal(fullestZone(["a", "b", "c"], counts(1, 1, 1), undefined), "a");
    });
});

describe("what a disruption's drill reads of the objects", () => {
    const tolerations = (seconds: number): object => ({ tolerations: [{ key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: seconds }] });

    it("is how long pods put up with a silent node, which is Kubernetes' 300 s where they do not say", () => {
        assert.equal(toleratedSeconds(deployment({}, tolerations(30))), 30);
        assert.equal(toleratedSeconds(deployment()), 300);
        assert.equal(toleratedSeconds(deployment({}, { tolerations: [{ operator: "Exists" }] })), Infinity);
        assert.equal(toleratedSeconds(deployment({}, { tolerations: [{ key: "dedicated", operator: "Exists", effect: "NoExecute" }] })), 300);
    });

    it("is what a stack's own settings come to, and what config gives by default for a naive one", () => {
        const slow = [deployment({}, tolerations(120))];
        assert.equal(fullStrengthSeconds(stageOf(slow)), 50 + 120 + 10);
        assert.equal(fullStrengthSeconds(stageOf(slow, "stack", 3)), 50 + 120 + 2 * 10 + 10);
        assert.equal(fullStrengthSeconds(stageOf([deployment()], "naive")), 50 + 30 + 10);
    });

    it("is what a budget leaves; none leaves all but one, and nothing may take the last", () => {
        const budget = { name: "b", maxUnavailable: undefined, minAvailable: undefined };
        assert.equal(drainFloor(3, { ...budget, maxUnavailable: 1 }), 2);
        assert.equal(drainFloor(10, { ...budget, maxUnavailable: "25%" }), 7);
        assert.equal(drainFloor(10, { ...budget, minAvailable: "75%" }), 8);
        assert.equal(drainFloor(3, { ...budget, maxUnavailable: "100%" }), 1);
        assert.equal(drainFloor(3, undefined), 2);
        assert.equal(drainFloor(1, undefined), 1);
        assert.equal(drainFloor(1, { ...budget, maxUnavailable: 1 }), 0);
        assert.equal(drainFloor(1, { ...budget, minAvailable: 1, maxUnavailable: undefined }), 1);
    });

    it("is a rollout's surge at any size", () => {
        const stage = stageOf([deployment({ strategy: { rollingUpdate: { maxSurge: "30%" } } })]);
        assert.equal(surgeAt(stage, 12), 4);
        assert.equal(surgeAt(stageOf([deployment()]), 12), 3);
    });

    it("is changed in the app's container alone", () => {
        const both = deployment({}, { containers: [{ name: "shop", image: "shop:1" }, { name: "proxy", image: "proxy:1" }], priorityClassName: "high" });
        const changed = withContainer(both, ({ image = "" }) => ({ image: nextImage(image) }));
        assert.deepEqual(changed.spec.template.spec, { containers: [{ name: "shop", image: "shop:1-next" }, { name: "proxy", image: "proxy:1" }], priorityClassName: "high" });
        assert.equal(both.spec.template.spec?.containers[0]?.image, "shop:1");
        assert.equal(deploymentManifest(stageOf([both])), both);
    });

    it("is a next image under the same name", () => {
        assert.equal(nextImage("registry:5000/shop/web"), "registry:5000/shop/web:next");
        assert.equal(nextImage("registry:5000/shop/web:1.2@sha256:00"), "registry:5000/shop/web:1.2-next");
    });

    it("is the greatest class under that of the app", () => {
        const classes = [["app", 1000], ["jobs", 100], ["lowest", 1], ["system", 9000]].map(([name, value]) => ({ apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: String(name) }, value }));
        assert.equal(lowerClass(stageOf([deployment({}, { priorityClassName: "app" }), ...classes])), "jobs");
        assert.equal(lowerClass(stageOf([deployment(), ...classes])), undefined);
        assert.equal(lowerClass(stageOf([deployment({}, { priorityClassName: "lowest" }), ...classes])), undefined);
    });
});

describe("pods that a disruption leaves waiting", () => {
    const meta = { apiVersion: "v1", kind: "x" };
    const pod = (status: object, more: object = {}) => ({ ...meta, metadata: { name: "p", ...more }, spec: { containers: [], volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data-0" } }] }, status });

    it("are those that no node could take, not those that are starting or ending", () => {
        assert.equal(isUnplaced(pod({ phase: "Pending", conditions: [{ type: "PodScheduled", status: "False" }] })), true);
        assert.equal(isUnplaced(pod({ phase: "Pending", conditions: [{ type: "PodScheduled", status: "True" }] })), false);
        assert.equal(isUnplaced(pod({ phase: "Pending" }, { deletionTimestamp: "2026-01-01T00:00:00Z" })), false);
        assert.equal(isUnplaced(pod({ phase: "Running", conditions: [{ type: "PodScheduled", status: "True" }] })), false);
    });

    it("must wait where their volume is in the lost zone", () => {
        const claims = [{ ...meta, metadata: { name: "data-0" }, spec: { volumeName: "pv-1" } }];
        const volume = (zone: string) => ({ ...meta, metadata: { name: "pv-1" }, spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: [zone] }] }] } } } });
        assert.equal(isBound(pod({}), "a", claims, [volume("a")]), true);
        assert.equal(isBound(pod({}), "a", claims, [volume("b")]), false);
        assert.equal(isBound(pod({}), "a", [], [volume("a")]), false);
    });

    it("are counted where the quota refused them, since the drill began", () => {
        const event = (name: string, message: string, count: number, lastTimestamp: string) => ({ metadata: {}, involvedObject: { kind: "ReplicaSet", name }, message, count, lastTimestamp });
        const events = [
            event("shop-1", 'pods "x" is forbidden: exceeded quota: shop', 3, "2026-01-01T00:00:10Z"),
            event("shop-1", 'pods "y" is forbidden: exceeded quota: shop', 1, "2026-01-01T00:00:10Z"),
            event("shop-2", 'pods "z" is forbidden: exceeded quota: shop', 1, "2026-01-01T00:00:11Z"),
            event("shop-0", 'pods "w" is forbidden: exceeded quota: shop', 9, "2026-01-01T00:00:09Z"),
            event("shop-1", "no service account", 5, "2026-01-01T00:00:12Z"),
        ];
        assert.deepEqual(refusalsIn(events, new Date("2026-01-01T00:00:10.700Z")), ["ReplicaSet shop-1 4 times", "ReplicaSet shop-2 once"]);
        assert.deepEqual(refusalsIn([], new Date()), []);
    });
});

describe("pods that fill a node", () => {
    const node = { metadata: { name: "n" }, status: { allocatable: { cpu: "4" } } };
    const running = (cpu: string, phase = "Running", nodeName = "n") => ({ metadata: { name: "p" }, spec: { nodeName, containers: [{ name: "c", resources: { requests: { cpu } } }] }, status: { phase } });

    it("request all that is left, in two halves", () => {
        const filler = fillerFor(node, [running("250m"), running("1", "Succeeded"), running("1", "Running", "other")], "jobs");
        assert.deepEqual(
            filler.map(({ metadata, spec }) => [metadata.name, spec]),
            [1, 2].map(n => [
                `n-${n}`,
                {
                    nodeSelector: { "kubernetes.io/hostname": "n" },
                    terminationGracePeriodSeconds: 30,
                    priorityClassName: "jobs",
                    containers: [{ name: "filler", image: "registry.k8s.io/pause:3.10.1", resources: { requests: { cpu: "1875m" } } }],
                },
            ]),
        );
    });

    it("are none where nothing is left", () => {
        assert.deepEqual(fillerFor(node, [running("4")], undefined), []);
    });
});
