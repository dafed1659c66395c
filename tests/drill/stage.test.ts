// What this cannot prove: that a real API server takes the objects in this order, and that an app comes to rest on such nodes;
// `npm run drill` shows that.
import assert from "node:assert/strict";

import type { V1EndpointSlice } from "@kubernetes/client-node";

import type { Api, KubeObject, Wire } from "../../drill/api";
import { applyOrder } from "../../drill/stage/apply";
import { customTypesOf } from "../../drill/stage/customTypes";
import { factsOf } from "../../drill/stage/facts";
import { fleetOf, nodeLabelsOf } from "../../drill/stage/fleet";
import { givenObjects } from "../../drill/stage/given";
import { knownLater, withoutReferences } from "../../drill/stage/references";
import { readyEndpoints } from "../../drill/stage/sampler";
import { type Subject, stackSubjects } from "../../drill/stage/subject";
import { Timeline, longestGap } from "../../drill/stage/timeline";
import { applyTwice, differences } from "../../drill/stage/twice";
import { planConfig, planProjectStack } from "../support/plan";

const object = (kind: string, name: string, rest: Readonly<Record<string, unknown>> = {}): KubeObject => ({ apiVersion: "v1", kind, metadata: { name, namespace: "shop" }, ...rest });

const labels = { app: "web" };

/** An app of the least that a stage takes. */
function app(deployment: Readonly<Record<string, unknown>> = {}, autoscaler?: Readonly<Record<string, unknown>>, container: Readonly<Record<string, unknown>> = {}): readonly KubeObject[] {
    const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1", ...container }] } };
    return [
        object("Deployment", "web", { spec: { selector: { matchLabels: labels }, template, ...deployment } }),
        object("Service", "web", { spec: { type: "LoadBalancer", selector: labels, ports: [{ port: 80 }] } }),
        ...(autoscaler === undefined ? [] : [object("HorizontalPodAutoscaler", "web", { spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, ...autoscaler } })]),
    ];
}

describe("the subjects of a stack", () => {
    let subjects: readonly Subject[] = [];
    before(async () => {
        subjects = stackSubjects(await planProjectStack("prod"));
    });

    it("are its clusters, with the zones that config names and the addresses of their cloud", () => {
        assert.deepEqual(
            subjects.map(({ subject, cluster, region, zones, addressKind }) => ({ subject, cluster, region, zones, addressKind })),
            [
                { subject: "stack", cluster: "east", region: "us-east-1", zones: ["us-east-1a", "us-east-1b", "us-east-1c"], addressKind: "hostname" },
                { subject: "stack", cluster: "central", region: "us-central1", zones: ["us-central1-a", "us-central1-b", "us-central1-c"], addressKind: "ip" },
            ],
        );
    });

    it("have harmless values where only an update knows", () => {
        assert.deepEqual(
            subjects.map(({ replaced }) => replaced),
            [["${east-shop-entry-certificate.arn}"], ["${central-shop-entry.name}"]],
        );
        assert.ok(subjects.every(({ objects }) => !JSON.stringify(objects).includes("${") && JSON.stringify(objects).includes(knownLater)));
    });

    it("have the numbers of their config", () => {
        for (const { objects } of subjects) {
            const { namespace, deployment, service, autoscaler, budget, state } = factsOf(objects);
            assert.deepEqual(
                { namespace, service, autoscaler, budget, replicas: deployment.replicas, cores: deployment.requestCores, surge: deployment.maxSurge, unavailable: deployment.maxUnavailable },
                {
                    namespace: "shop",
                    service: { name: "shop" },
                    autoscaler: { name: "shop", min: 3, max: 12, targetPercent: 60 },
                    budget: { name: "shop", maxUnavailable: 1, minAvailable: undefined },
                    replicas: 3,
                    cores: 0.25,
                    surge: 1,
                    unavailable: 0,
                },
            );
            assert.equal(deployment.selector, "app.kubernetes.io/component=app,app.kubernetes.io/name=shop");
            assert.equal(state?.replicas, 3);
            assert.deepEqual(state.claims, ["my-data-shop-state-0", "my-data-shop-state-1", "my-data-shop-state-2"]);
            assert.deepEqual(state.budget, { name: "shop-state", maxUnavailable: 1, minAvailable: undefined });
        }
    });

    it("stand on two nodes a zone, with the labels that their volumes ask for", () => {
        const [east, central] = subjects.map(({ objects, zones }) => fleetOf(objects, zones.length));
        // 12 at most, 3 of surge, 12 that are ending: 27 in two zones, 14 and one more each; and 3 with data. 18 × 250m.
        assert.deepEqual(east, { nodesPerZone: 2, nodeShape: { cpu: "8", memory: "32Gi", pods: 110 }, extraLabels: { "eks.amazonaws.com/compute-type": "auto" } });
        assert.deepEqual(central?.extraLabels, {});
    });

    it("bring the clouds' own types along", () => {
        assert.deepEqual(
            subjects.map(({ objects }) => customTypesOf(objects).map(({ metadata }) => metadata.name)),
            [["ingressclassparams.eks.amazonaws.com"], ["backendconfigs.cloud.google.com", "frontendconfigs.networking.gke.io"]],
        );
    });

    it("are none where a stack has no app, and have one zone where config names none", async () => {
        assert.deepEqual(stackSubjects(await planProjectStack("prod-global")), []);
        const [local] = stackSubjects(await planConfig({ clusters: [{ name: "local", kind: "existing", region: "here" }], app: { name: "shop", image: "shop:1", port: 8080 } }));
        assert.deepEqual(local?.zones, ["here-1"]);
    });
});

describe("references", () => {
    it("are replaced wherever they stand, if they name a resource", () => {
        const names = new Set(["east-entry", "cert"]);
        assert.deepEqual(withoutReferences({ a: ["x ${cert.arn} y ${east-entry.name}", 1, null], "k.${cert.arn}": true }, names), {
            value: { a: [`x ${knownLater} y ${knownLater}`, 1, null], "k.${cert.arn}": true },
            replaced: ["${cert.arn}", "${east-entry.name}"],
        });
        assert.deepEqual(withoutReferences("echo ${HOME} ${other.thing} $(cert.arn)", names), { value: "echo ${HOME} ${other.thing} $(cert.arn)", replaced: [] });
    });
});

describe("the facts of an app", () => {
    it("are Kubernetes' defaults where the manifest says nothing", () => {
        const { deployment, autoscaler, budget, state } = factsOf(app());
        assert.deepEqual(deployment, {
            name: "web",
            labels,
            selector: "app=web",
            image: "web:1",
            replicas: 1,
            requestCores: 0,
            maxSurge: 1,
            maxUnavailable: 0,
            minReadySeconds: 0,
            progressDeadlineSeconds: 600,
        });
        assert.deepEqual([autoscaler, budget, state], [undefined, undefined, undefined]);
        assert.equal(factsOf(app({}, { maxReplicas: 5 })).autoscaler?.targetPercent, 80);
    });

    it("have the replicas of rest: the manifest's, or the autoscaler's minimum where that is more", () => {
        assert.equal(factsOf(app({ replicas: 3 }, { minReplicas: 1, maxReplicas: 10 })).deployment.replicas, 3);
        assert.equal(factsOf(app({}, { minReplicas: 4, maxReplicas: 10 })).deployment.replicas, 4);
    });

    it("round a rollout's percentages as Kubernetes does, and know that Recreate leaves nothing", () => {
        const rolling = factsOf(app({ replicas: 10, strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } } })).deployment;
        assert.deepEqual([rolling.maxSurge, rolling.maxUnavailable], [3, 2]);
        const recreated = factsOf(app({ replicas: 10, strategy: { type: "Recreate" } })).deployment;
        assert.deepEqual([recreated.maxSurge, recreated.maxUnavailable], [0, 10]);
    });

    it("count a limit for a request where there is none", () => {
        const { deployment } = factsOf(app({}, undefined, { resources: { limits: { cpu: "1500m" } } }));
        assert.equal(deployment.requestCores, 1.5);
    });

    it("can't be had without a Deployment or the world's way in", () => {
        assert.throws(() => factsOf([]), /one Deployment, and there are 0/);
        assert.throws(() => factsOf([...app(), ...app()]), /one Deployment, and there are 2/);
        assert.throws(() => factsOf(app().filter(({ kind }) => kind !== "Service")), /LoadBalancer Service/);
    });
});

describe("the nodes of a stage", () => {
    it("grow with the largest demand, of which one zone is lost and one node drained", () => {
        const heavy = (max: number, zones: number): unknown => fleetOf(app({}, { maxReplicas: max }, { resources: { requests: { cpu: "2", memory: "4Gi" } } }), zones).nodeShape.cpu;
        // 4 + 1 + 4 pods in two zones: 5 and one more, 12 cores.
        assert.equal(heavy(4, 3), "16");
        // In one: 9 pods, 18 cores.
        assert.equal(heavy(4, 1), "32");
        assert.equal(heavy(4, 2), "32");
    });

    it("are more where the pods are more than a node may hold", () => {
        assert.equal(fleetOf(app({}, { maxReplicas: 200 }), 3).nodesPerZone, 4);
        assert.equal(fleetOf(app(), 3).nodesPerZone, 2);
    });

    it("have the labels that pods and classes ask for, but those that each has anyway", () => {
        const selecting = (selector: Readonly<Record<string, string>>): readonly KubeObject[] =>
            app({ template: { metadata: { labels }, spec: { containers: [{ name: "web", image: "web:1" }], nodeSelector: selector } } });
        const topology = (key: string, ...values: string[]): KubeObject => object("StorageClass", key, { allowedTopologies: [{ matchLabelExpressions: [{ key, values }] }] });
        assert.deepEqual(nodeLabelsOf([...selecting({ tier: "web", "kubernetes.io/os": "linux" }), topology("disk", "fast", "slow"), topology("topology.kubernetes.io/zone", "a")]), { tier: "web", disk: "fast" });
        assert.throws(() => nodeLabelsOf([...selecting({ disk: "slow" }), topology("disk", "fast")]), /disk=fast and disk=slow/);
    });
});

describe("what a cluster has already", () => {
    const claim = (storageClassName?: string): KubeObject => object("PersistentVolumeClaim", "data", { spec: storageClassName === undefined ? {} : { storageClassName } });
    const named = (objects: readonly KubeObject[]): readonly string[] => givenObjects(objects).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

    it("is nothing where the objects define what they name", () => {
        assert.deepEqual(named([claim("own"), object("StorageClass", "own"), object("Ingress", "web", { spec: {} })]), []);
    });

    it("is a default storage class, and the classes that are named", () => {
        const set = object("StatefulSet", "db", {
            spec: { selector: {}, template: { spec: { containers: [] } }, volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { storageClassName: "fast" } }] },
        });
        assert.deepEqual(named([claim(), set, object("Ingress", "web", { spec: { ingressClassName: "traefik" } })]), ["StorageClass fast", "StorageClass standard", "IngressClass traefik"]);
        const defaults = givenObjects([claim(), set]).map(({ metadata }) => (metadata["annotations"] as Readonly<Record<string, string>>)["storageclass.kubernetes.io/is-default-class"]);
        assert.deepEqual(defaults, ["false", "true"]);
    });
});

describe("the order of applying", () => {
    it("puts first what others need, then the rest as it was, and what makes pods last", () => {
        const kinds = ["HorizontalPodAutoscaler", "Deployment", "Ingress", "PersistentVolumeClaim", "Service", "ResourceQuota", "Namespace", "StatefulSet", "StorageClass"];
        assert.deepEqual(
            applyOrder(kinds.map(kind => object(kind, "x"))).map(({ kind }) => kind),
            ["Namespace", "StorageClass", "ResourceQuota", "PersistentVolumeClaim", "Ingress", "Service", "Deployment", "StatefulSet", "HorizontalPodAutoscaler"],
        );
    });
});

describe("a second apply", () => {
    /** An API whose objects are the given ones, and become what is applied in some way. */
    const api = (live: KubeObject, become: (applied: KubeObject) => unknown): Api => ({ get: () => Promise.resolve(live), apply: (applied: KubeObject) => Promise.resolve(become(applied)) }) as unknown as Api;

    it("changes nothing where only the status and the API server's books differ", async () => {
        const live = object("Deployment", "web", { spec: { replicas: 3 }, status: { readyReplicas: 2 } });
        const after = { ...live, metadata: { ...live.metadata, resourceVersion: "8", managedFields: [{ manager: "before-first-apply" }] }, status: { readyReplicas: 3, conditions: [] } };
        assert.deepEqual(await applyTwice(api(live, () => after), [live]), []);
    });

    it("tells each path that it changed", async () => {
        const live = object("Deployment", "web", { spec: { replicas: 10, paused: true } });
        const after = { ...live, metadata: { ...live.metadata, generation: 2 }, spec: { replicas: 3 } };
        assert.deepEqual(await applyTwice(api(live, () => after), [live]), [{ object: "Deployment shop/web", paths: ["metadata.generation", "spec.paused", "spec.replicas"] }]);
    });

    it("compares lists whole and mappings by key", () => {
        assert.deepEqual(differences({ a: [1, 2], b: { c: 1 } }, { a: [1, 3], b: { c: 1, d: 2 } }), ["a", "b.d"]);
        assert.deepEqual(differences({ a: 1 }, { a: 1 }), []);
    });
});

describe("a timeline", () => {
    const line = (...samples: readonly (readonly [number, number])[]): Timeline => {
        const timeline = new Timeline();
        for (const [seconds, value] of samples) {
            timeline.add(seconds, value);
        }
        return timeline;
    };
    const dip = line([0, 3], [10, 2], [12, 1], [20, 2], [30, 3]);

    it("holds each value until the next", () => {
        assert.deepEqual([-1, 0, 9.9, 10, 15, 99].map(seconds => dip.at(seconds)), [undefined, 3, 3, 2, 1, 3]);
        assert.equal(dip.last, 3);
        assert.equal(line().last, undefined);
    });

    it("knows its least and greatest between two times, that at the beginning included", () => {
        assert.equal(dip.min(), 1);
        assert.equal(dip.min(0, 5), 3);
        assert.equal(dip.min(13, 15), 1);
        assert.equal(dip.min(20), 2);
        assert.equal(dip.max(11, 25), 2);
    });

    it("does not judge a time that nobody saw", () => {
        assert.throws(() => line().min(), /nothing was sampled/);
        assert.throws(() => line([10, 3]).min(0, 5), /nothing was sampled/);
    });

    it("knows when it was first so high, or under", () => {
        assert.equal(dip.firstAtLeast(3), 0);
        assert.equal(dip.firstAtLeast(3, 11), 30);
        assert.equal(dip.firstAtLeast(2, 15), 20);
        assert.equal(dip.firstAtLeast(4), undefined);
        assert.equal(dip.firstUnder(3), 10);
        assert.equal(dip.firstUnder(2, 5), 12);
        assert.equal(dip.firstUnder(1), undefined);
    });

    it("knows since when it has been at least so much for good", () => {
        const lost = new Timeline();
        for (const [at, value] of [[0, 3], [10, 2], [12, 3], [20, 1], [25, 2], [30, 3], [40, 4]] as const) {
            lost.add(at, value);
        }
        assert.deepEqual([lost.atLeastForGood(3), lost.atLeastForGood(2), lost.atLeastForGood(1)], [30, 25, 0]);
        assert.deepEqual([lost.atLeastForGood(3, 11), lost.atLeastForGood(3, 35), lost.atLeastForGood(2, 15)], [30, 35, 25]);
        assert.deepEqual([lost.atLeastForGood(5), lost.atLeastForGood(5, 50), new Timeline().atLeastForGood(1)], [undefined, undefined, undefined]);
    });

    it("counts reversals, of which a plateau is none", () => {
        assert.equal(dip.reversals(), 1);
        assert.equal(line([0, 3], [1, 5], [2, 5], [3, 8]).reversals(), 0);
        assert.equal(line([0, 3], [1, 5], [2, 4], [3, 4], [4, 6]).reversals(), 2);
        assert.equal(line([0, 3], [1, 5], [2, 4], [3, 4], [4, 6]).reversals(0, 2), 1);
    });

    it("keeps the order of time", () => {
        assert.deepEqual(line([5, 1], [4, 2]).samples, [
            [5, 1],
            [5, 2],
        ]);
    });
});

describe("ready endpoints", () => {
    const endpoint = (address: string, ready: boolean | undefined, zone?: string): Wire<V1EndpointSlice>["endpoints"][number] => ({
        addresses: [address],
        conditions: ready === undefined ? {} : { ready },
        ...(zone === undefined ? {} : { zone, nodeName: `node-${zone}` }),
    });
    const slice = (endpoints: Wire<V1EndpointSlice>["endpoints"] | null): Parameters<typeof readyEndpoints>[0][number] => ({ addressType: "IPv4", endpoints });

    it("are those that get requests, once each, with their zone and node", () => {
        const ready = readyEndpoints([slice([endpoint("10.0.0.1", true, "a"), endpoint("10.0.0.2", false, "a"), endpoint("10.0.0.3", undefined, "b")]), slice([endpoint("10.0.0.1", true, "a"), endpoint("10.0.0.4", true)])]);
        assert.deepEqual([...ready], [
            ["10.0.0.1", { zone: "a", node: "node-a" }],
            ["10.0.0.4", { zone: "", node: "" }],
        ]);
    });

    it("are none in a slice without any, which the API server writes as null", () => {
        assert.equal(readyEndpoints([slice(null)]).size, 0);
    });
});

describe("the longest gap", () => {
    it("is between two looks that follow each other", () => {
        assert.equal(longestGap([0, 0.4, 3, 3.4]), 2.6);
        assert.equal(longestGap([]), 0);
    });
});
