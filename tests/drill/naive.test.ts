// What this cannot prove: that the naive stack breaks; the drills do that. Here, that it is what its comment says: a beginner's
// manifest that lacks what beginners' manifests lack, and nothing worse.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import { factsOf } from "../../drill/stage/facts";
import { fleetOf } from "../../drill/stage/fleet";
import { givenObjects } from "../../drill/stage/given";
import { naiveSubject } from "../../drill/stage/subject";

const text = readFileSync(join(__dirname, "naive.yaml"), "utf8");

describe("the naive stack", () => {
    const subject = naiveSubject(text);
    const facts = factsOf(subject.objects);

    it("is a subject of three zones", () => {
        assert.equal(subject.subject, "naive");
        assert.equal(subject.zones.length, 3);
        assert.deepEqual(subject.replaced, []);
    });

    it("is well-formed, in a namespace of its own that asks nothing of its pods", () => {
        assert.ok(parseAllDocuments(text).every(({ errors }) => errors.length === 0));
        const [namespace, ...others] = subject.objects;
        assert.deepEqual(namespace?.metadata, { name: "naive" });
        assert.ok(others.every(({ metadata }) => metadata.namespace === "naive"));
    });

    it("has what tutorials have", () => {
        assert.ok(facts.service.name.length > 0);
        assert.deepEqual(facts.autoscaler, { name: "web", min: 1, max: 10, targetPercent: 50 });
        assert.equal(facts.deployment.replicas, 3);
        assert.deepEqual([facts.deployment.maxSurge, facts.deployment.maxUnavailable], [1, 1]);
        assert.deepEqual(facts.state?.claims, ["data-db-0"]);
    });

    it("has not what they leave out", () => {
        assert.equal(facts.budget, undefined);
        assert.equal(facts.state?.budget, undefined);
        assert.equal(facts.deployment.minReadySeconds, 0);
        const objects = JSON.stringify(subject.objects);
        for (const word of ["preStop", "tolerations", "topologySpreadConstraints", "affinity", "Probe", "PodDisruptionBudget", "priorityClassName", "behavior", "storageClassName"]) {
            assert.ok(!objects.includes(word), word);
        }
    });

    it("stands on the cluster's default class, and on nodes that hold its maximum", () => {
        assert.deepEqual(givenObjects(subject.objects).map(({ metadata }) => metadata.name), ["standard"]);
        assert.deepEqual(fleetOf(subject.objects, subject.zones.length), { nodesPerZone: 2, nodeShape: { cpu: "4", memory: "16Gi", pods: 110 }, extraLabels: {} });
    });
});
