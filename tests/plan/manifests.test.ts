// What this cannot prove: that an API server takes the objects. It proves that the YAML holds what the
// program asks a cluster for, and nothing else.
import assert from "node:assert/strict";

import { parseAllDocuments } from "yaml";

import { manifestsOf } from "../../plan/manifests";
import { objectsByCluster } from "../../plan/objects";
import type { PlannedStack } from "../../plan/run";
import { fullApp } from "../support/kubernetes";
import { clusterConfigs, planConfig, poolNodes } from "../support/plan";

interface KubernetesObject {
    readonly apiVersion?: unknown;
    readonly kind?: unknown;
    readonly metadata?: { readonly name?: unknown; readonly namespace?: unknown };
    readonly stringData?: unknown;
}

/** Kinds that are of the cluster as a whole; all others live in a namespace. */
const ofCluster = ["Namespace", "PriorityClass", "StorageClass", "IngressClass", "IngressClassParams"];

/** Two clusters whose names begin alike, one of each kind otherwise, and every object that there is. */
const config = {
    clusters: [clusterConfigs.existing, { ...clusterConfigs.existing, name: "local-1", zones: ["a", "b", "c"] }, { ...clusterConfigs.eks, nodes: poolNodes.eks }, clusterConfigs.gke],
    app: { ...fullApp, ingress: { host: "shop.example.com", tls: { zone: "example.com", secretName: "shop-tls" } } },
};
const clusters = ["local", "local-1", "east", "central"];

describe("manifests", () => {
    let plan: PlannedStack;
    let again: PlannedStack;

    before(async function () {
        this.timeout(20_000);
        plan = await planConfig(config);
        again = await planConfig(config);
    });

    const text = (cluster: string): string => manifestsOf(objectsByCluster(plan.recording.resources).get(cluster) ?? []);

    const parsed = new Map<string, readonly KubernetesObject[]>();

    function objects(cluster: string): readonly KubernetesObject[] {
        const known = parsed.get(cluster);
        if (known !== undefined) {
            return known;
        }
        const documents = parseAllDocuments(text(cluster));
        assert.deepEqual(documents.flatMap(({ errors }) => errors), []);
        const found = documents.map(document => document.toJS() as KubernetesObject);
        parsed.set(cluster, found);
        return found;
    }

    const identity = ({ apiVersion, kind, metadata }: KubernetesObject): string => [apiVersion, kind, metadata?.namespace ?? "", metadata?.name].join(" ");

    for (const cluster of clusters) {
        describe(`of ${cluster}`, () => {
            it("are objects with an API version, a kind and a name", () => {
                assert.ok(objects(cluster).length > 15);
                for (const object of objects(cluster)) {
                    assert.match(String(object.apiVersion), /^([-a-z0-9.]+\/)?v\d/);
                    assert.match(String(object.kind), /^[A-Z][A-Za-z]+$/);
                    assert.equal(typeof object.metadata?.name, "string");
                    assert.match(String(object.metadata?.name), /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, identity(object));
                }
            });

            it("are what the program asks this cluster for, one by one, without charts", () => {
                const asked = plan.recording.resources
                    .filter(({ type, provider }) => type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh/") && provider?.split("::")[3]?.replace(/-keep$/, "") === `${cluster}-kubernetes`)
                    .map(({ type }) => type.split(":").slice(1).join(" ").replace("core/", ""));
                assert.deepEqual(objects(cluster).map(({ apiVersion, kind }) => `${String(apiVersion)} ${String(kind)}`).sort(), asked.sort());
            });

            it("begin with the namespace, and have what others need before them", () => {
                const kinds = objects(cluster).map(({ kind }) => String(kind));
                const namespaces = kinds.filter(kind => kind === "Namespace").length;
                assert.ok(namespaces > 0);
                assert.deepEqual(kinds.slice(0, namespaces), Array(namespaces).fill("Namespace"));
                for (const [first, then] of [["ServiceAccount", "Deployment"], ["ConfigMap", "Deployment"], ["Secret", "StatefulSet"], ["StorageClass", "PersistentVolumeClaim"], ["PriorityClass", "Deployment"]] as const) {
                    if (kinds.includes(first)) {
                        assert.ok(kinds.lastIndexOf(first) < kinds.indexOf(then), `${first} comes after ${then}`);
                    }
                }
            });

            it("have a namespace, which is one that is made here or the system's", () => {
                const made = objects(cluster).filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata?.name);
                for (const object of objects(cluster)) {
                    const namespace = object.metadata?.namespace;
                    if (ofCluster.includes(String(object.kind))) {
                        assert.equal(namespace, undefined, identity(object));
                    } else {
                        assert.ok(namespace === "kube-system" || made.includes(namespace), `${identity(object)} is in ${String(namespace)}`);
                    }
                }
            });

            it("are each named once", () => {
                const names = objects(cluster).map(identity);
                assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
            });

            it("hold no secret: the Secret is there and its content masked", () => {
                const secrets = objects(cluster).filter(({ kind }) => kind === "Secret");
                assert.equal(secrets.length, 1);
                assert.ok(JSON.stringify(secrets[0]?.stringData).includes("[secret]"));
                assert.equal(text(cluster).includes(fullApp.secrets.API_TOKEN), false);
            });

            it("have every value: nothing is null, or says that it was not known", () => {
                const odd = (value: unknown, path: string): string[] => {
                    if (typeof value === "object" && value !== null) {
                        return Object.entries(value).flatMap(([key, item]) => odd(item, `${path}.${key}`));
                    }
                    const shown = JSON.stringify(value);
                    return value === null || value === undefined || Number.isNaN(value) || /undefined|\bnull\b|NaN|\[object |Calling \[toString\]/.test(shown) ? [`${path}: ${shown}`] : [];
                };
                assert.deepEqual(objects(cluster).flatMap(object => odd(object, identity(object))), []);
            });

            it("refer to resources of the plan alone", () => {
                const names = new Set(plan.recording.resources.map(({ name }) => name));
                const references = [...text(cluster).matchAll(/\$\{([^}]*)\.[^.}]+\}/g)].map(match => match[1] ?? "");
                assert.equal(references.length, [...text(cluster).matchAll(/\$\{/g)].length);
                assert.deepEqual(references.filter(name => !names.has(name)), []);
            });

            it("are the same in a second run, to the byte", () => {
                assert.equal(manifestsOf(objectsByCluster(again.recording.resources).get(cluster) ?? []), text(cluster));
            });
        });
    }

    it("leave out a chart that there is", () => {
        assert.ok(plan.recording.resources.some(({ type, provider }) => type.startsWith("kubernetes:helm.sh/") && provider?.endsWith("::east-kubernetes") === true));
        assert.doesNotMatch(text("east"), /helm\.sh/);
    });

    it("refer to something: a certificate, or an address", () => {
        assert.match(text("east") + text("central"), /\$\{/);
    });

    it("of a cluster that there is not are none", () => {
        assert.equal(manifestsOf(objectsByCluster(plan.recording.resources).get("loca") ?? []), "");
        assert.equal(manifestsOf(objectsByCluster(plan.recording.resources).get("nowhere") ?? []), "");
    });
});
