// What this can't prove: what operators make of their resources today. That was read in their sources, at the version that is named there.
import assert from "node:assert/strict";

import { type KubernetesObject, objectsIn, readRendering, selects } from "../../charts/objects";
import { podFactsOf } from "../../charts/podFacts";
import { type Workload, workloadsOf } from "../../charts/workloads";

const sound = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
        {
            name: "main",
            resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "512Mi" } },
            securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        },
    ],
};
const [main] = sound.containers;
const labels = { app: "shop" };

function object(kind: string, spec: object, apiVersion = "apps/v1"): KubernetesObject {
    const [made] = objectsIn({ apiVersion, kind, metadata: { name: "shop" }, spec }, "shop");
    assert.ok(made !== undefined);
    return made;
}

function only(...objects: readonly KubernetesObject[]): Workload {
    const [workload, ...others] = workloadsOf(objects, "shop");
    assert.ok(workload !== undefined && others.length === 0);
    return workload;
}

const template = { metadata: { labels }, spec: sound };

describe("facts of a pod", () => {
    it("are those of a sound one", () => {
        const { cores, gib, ...rest } = podFactsOf(sound, { labels });
        assert.deepEqual({ cores, gib }, { cores: 0.25, gib: 0.25 });
        assert.deepEqual(rest, {
            requests: true, memoryLimit: true, priorityClass: undefined, spread: [], apart: [], host: [], podSecurity: "restricted", nonRoot: true, seccomp: true, readOnlyRoot: true,
        });
    });

    it("add up what runs together, or what the start takes where that is more", () => {
        const container = (cpu: string, more: object = {}): object => ({ resources: { requests: { cpu, memory: "1Gi" } }, ...more });
        const sidecar = container("100m", { restartPolicy: "Always" });
        const cores = (init: readonly object[], containers: readonly object[]): number => podFactsOf({ initContainers: init, containers }, {}).cores;
        assert.equal(cores([container("50m")], [container("1"), container("500m")]), 1.5);
        assert.equal(cores([sidecar], [container("1")]), 1.1);
        assert.equal(cores([sidecar, container("2")], [container("1")]), 2.1);
        assert.equal(podFactsOf({ containers: [{ resources: { limits: { cpu: "2" } } }] }, {}).cores, 2);
    });

    it("say what is missing in any container, of those that keep running", () => {
        assert.equal(podFactsOf({ containers: [main, { resources: { requests: { cpu: "1" } } }] }, {}).requests, false);
        assert.equal(podFactsOf({ containers: [main, { resources: { requests: { memory: "1Gi" } } }] }, {}).memoryLimit, false);
        assert.equal(podFactsOf({ initContainers: [{}], containers: [main] }, {}).memoryLimit, true);
        assert.equal(podFactsOf({ containers: [main, { securityContext: { runAsNonRoot: false } }], securityContext: { runAsNonRoot: true } }, {}).nonRoot, false);
    });

    it("count a rule of spread only where its selector picks the pod", () => {
        const spread = (labelSelector: object | undefined): object => ({ topologySpreadConstraints: [{ topologyKey: "zone", labelSelector }] });
        assert.deepEqual(podFactsOf({ ...sound, ...spread({ matchLabels: labels }) }, { labels }).spread, ["zone"]);
        assert.deepEqual(podFactsOf({ ...sound, ...spread({ matchLabels: { app: "other" } }) }, { labels }).spread, []);
        assert.deepEqual(podFactsOf({ ...sound, ...spread(undefined) }, { labels }).spread, []);
        const term = { topologyKey: "zone", labelSelector: { matchLabels: labels } };
        const apart = podFactsOf({ ...sound, affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }] } } }, { labels }).apart;
        assert.deepEqual(apart, ["zone"]);
    });

    for (const [what, change, level, host] of [
        ["a capability of the baseline", { containers: [{ ...main, securityContext: { ...main?.securityContext, capabilities: { drop: ["ALL"], add: ["CHOWN"] } } }] }, "baseline", []],
        ["a capability beyond it", { containers: [{ ...main, securityContext: { ...main?.securityContext, capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } } }] }, "privileged", []],
        ["no seccomp profile", { securityContext: { runAsNonRoot: true } }, "baseline", []],
        ["seccomp off", { securityContext: { runAsNonRoot: true, seccompProfile: { type: "Unconfined" } } }, "privileged", []],
        ["the node's network", { hostNetwork: true }, "privileged", ["hostNetwork"]],
        ["a privileged container", { containers: [{ ...main, securityContext: { privileged: true } }] }, "privileged", ["privileged"]],
        ["a port of the node", { containers: [{ ...main, ports: [{ hostPort: 80 }] }] }, "privileged", ["hostPort 80"]],
        ["a directory of the node", { volumes: [{ name: "log", hostPath: { path: "/var/log" } }], containers: [{ ...main, volumeMounts: [{ name: "log", readOnly: true }] }] }, "privileged", ["hostPath /var/log (read-only)"]],
        ["one that it writes to", { volumes: [{ name: "log", hostPath: { path: "/data" } }], containers: [{ ...main, volumeMounts: [{ name: "log" }] }] }, "privileged", ["hostPath /data"]],
    ] as const) {
        it(`tell the level and the host access of ${what}`, () => {
            const facts = podFactsOf({ ...sound, ...change }, { labels });
            assert.equal(facts.podSecurity, level);
            assert.deepEqual(facts.host, host);
        });
    }
});

describe("workloads of a rendering", () => {
    it("have the replicas that are asked for, or the autoscaler's lowest", () => {
        const deployment = object("Deployment", { replicas: 2, template });
        const scaler = object("HorizontalPodAutoscaler", { minReplicas: 3, scaleTargetRef: { kind: "Deployment", name: "shop" } }, "autoscaling/v2");
        assert.equal(only(deployment).pods, 2);
        assert.equal(only(deployment, scaler).pods, 3);
        assert.equal(only(object("Deployment", { template })).pods, 1);
        assert.equal(only(object("DaemonSet", { template })).pods, "each node");
        assert.equal(only(object("Job", { template }, "batch/v1")).pods, "once");
        assert.equal(only(object("CronJob", { jobTemplate: { spec: { template } } }, "batch/v1")).pods, "by schedule");
    });

    it("claim a volume each, and are held by the budget that picks them", () => {
        const claim = { spec: { resources: { requests: { storage: "10Gi" } } } };
        const set = object("StatefulSet", { replicas: 3, template, volumeClaimTemplates: [claim] });
        const budget = (app: string): KubernetesObject => object("PodDisruptionBudget", { selector: { matchLabels: { app } } }, "policy/v1");
        assert.deepEqual(only(set).volumesGib, [10]);
        assert.equal(only(set, budget("shop")).budget, true);
        assert.equal(only(set, budget("other")).budget, false);
    });

    it("are made by operators too: Prometheus with its sidecar", () => {
        const operator = object("Deployment", { template: { spec: { containers: [{ ...main, args: ["--config-reloader-cpu-request=10m", "--config-reloader-memory-request=64Mi", "--config-reloader-memory-limit=0"] }] } } });
        const resources = { requests: { cpu: "500m", memory: "2Gi" }, limits: { memory: "2Gi" } };
        const storage = { volumeClaimTemplate: { spec: { resources: { requests: { storage: "50Gi" } } } } };
        const prometheus = object("Prometheus", { replicas: 2, resources, storage }, "monitoring.coreos.com/v1");
        const [, workload] = workloadsOf([operator, prometheus], "shop");
        assert.deepEqual([workload?.pods, workload?.cores, workload?.gib, workload?.memoryLimit, workload?.volumesGib], [2, 0.51, 2.0625, false, [50]]);
    });

    it("are made by operators too: Elasticsearch with the operator's defaults", () => {
        const sets = [{ name: "a", count: 3, podTemplate: { spec: { containers: [{ name: "elasticsearch", resources: { requests: { cpu: "1", memory: "4Gi" }, limits: { memory: "4Gi" } } }] } } }, { name: "b", count: 1 }];
        const found = workloadsOf([object("Elasticsearch", { nodeSets: sets }, "elasticsearch.k8s.elastic.co/v1")], "shop");
        assert.deepEqual(found.map(({ name, pods, cores, gib, podSecurity }) => [name, pods, cores, gib, podSecurity]), [["shop a", 3, 1, 4, "restricted"], ["shop b", 1, 0, 2, "restricted"]]);
    });

    it("are made by operators too: Ceph's daemons", () => {
        const claim = { spec: { resources: { requests: { storage: "100Gi" } } } };
        const spec = {
            dataDirHostPath: "/var/lib/rook",
            mon: { count: 3 },
            mgr: { count: 2 },
            resources: { mon: { requests: { cpu: "1", memory: "1Gi" } }, osd: { requests: { cpu: "2", memory: "4Gi" } } },
            storage: { storageClassDeviceSets: [{ count: 3, volumeClaimTemplates: [claim] }] },
            crashCollector: { disable: true },
            monitoring: { metricsDisabled: true },
        };
        const found = workloadsOf([object("CephCluster", spec, "ceph.rook.io/v1")], "shop");
        assert.deepEqual(found.map(({ name, pods, cores, volumesGib }) => [name, pods, cores, volumesGib]), [["shop mon", 3, 1, []], ["shop mgr", 2, 0, []], ["shop osd", 3, 2, [100]]]);
        assert.deepEqual(found.map(({ host }) => host), [["hostPath /var/lib/rook"], ["hostPath /var/lib/rook"], ["hostPath /var/lib/rook", "privileged"]]);
    });
});

describe("a rendered text", () => {
    it("is taken apart: documents, lists, and definitions as they are", () => {
        const list = { apiVersion: "v1", kind: "ConfigMapList", items: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } }] };
        const text = `---\n# Source: x\nkind: Service\napiVersion: v1\nmetadata: { name: a, namespace: other }\n---\n\n---\nkind: CustomResourceDefinition\nmetadata: { name: b }\n---\n${JSON.stringify(list)}\n`;
        const { objects, definitions } = readRendering(text, "shop");
        assert.deepEqual(objects.map(({ kind, namespace, name }) => [kind, namespace, name]), [["Service", "other", "a"], ["ConfigMap", "shop", "c"]]);
        assert.equal(definitions.length, 1);
    });

    it("has selectors of labels and of expressions", () => {
        const expression = (operator: string, values?: readonly string[]): boolean => selects({ matchExpressions: [{ key: "app", operator, values }] }, labels);
        assert.deepEqual([expression("In", ["shop"]), expression("In", ["x"]), expression("NotIn", ["x"]), expression("Exists"), expression("DoesNotExist")], [true, false, true, true, false]);
        assert.ok(selects({}, labels) && selects({ matchLabels: labels }, labels) && !selects({ matchLabels: { app: "x" } }, labels));
    });
});
