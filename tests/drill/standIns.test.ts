// What this cannot prove: that the scheduler, the volume controller and the autoscaler of a real control plane accept what the
// stand-ins write; `npm run drill` shows that.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { V1Lease, V1Node, V1PersistentVolumeClaim, V1Pod, V1StorageClass } from "@kubernetes/client-node";

import type { Wire } from "../../drill/api";
import { Authority, type Certificate, makePki } from "../../drill/controlPlane/pki";
import { addressOf, isServed } from "../../drill/standIns/loadBalancers";
import { LoadModel } from "../../drill/standIns/loadModel";
import { steady } from "../../drill/standIns/loads";
import { nodeMetrics, podMetrics, questionOf } from "../../drill/standIns/metricsApi";
import { startMetricsServer } from "../../drill/standIns/metricsServer";
import { type Look, scrapeOf } from "../../drill/standIns/scrape";
import { isWaiting, volumeFor } from "../../drill/standIns/volumes";

describe("the load balancers' stand-in", () => {
    it("serves the classes of the cluster's own cloud, and what names none", () => {
        assert.equal(isServed(undefined, "hostname"), true);
        assert.equal(isServed(undefined, "ip"), true);
        assert.equal(isServed("eks.amazonaws.com/nlb", "hostname"), true);
        assert.equal(isServed("service.k8s.aws/nlb", "hostname"), true);
        assert.equal(isServed("networking.gke.io/l4-regional-external", "ip"), true);
        assert.equal(isServed("gce", "ip"), true);
    });

    it("serves no class of another cloud, and none that nobody knows", () => {
        assert.equal(isServed("eks.amazonaws.com/nlb", "ip"), false);
        assert.equal(isServed("networking.gke.io/l4-regional-external", "hostname"), false);
        assert.equal(isServed("eks.amazonaws.com/nlbb", "hostname"), false);
        assert.equal(isServed("toString", "hostname"), false);
    });

    it("gives names or addresses that lead nowhere", () => {
        const door = { namespace: "shop", name: "web", region: "us-east-1" };
        assert.deepEqual(addressOf("hostname", { ...door, n: 1 }), { hostname: "web-shop-1.elb.us-east-1.invalid" });
        assert.deepEqual(addressOf("ip", { ...door, n: 1 }), { ip: "192.0.2.1" });
        assert.deepEqual(addressOf("ip", { ...door, n: 254 }), { ip: "192.0.2.254" });
        assert.deepEqual(addressOf("ip", { ...door, n: 255 }), { ip: "192.0.2.1" });
    });
});

describe("the volumes' stand-in", () => {
    const claim: Wire<V1PersistentVolumeClaim> = {
        metadata: {
            name: "data-0",
            namespace: "shop",
            uid: "1234",
            resourceVersion: "7",
            annotations: { "volume.kubernetes.io/selected-node": "a-node-1", "volume.kubernetes.io/storage-provisioner": "ebs.csi.eks.amazonaws.com" },
        },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "shop-state", resources: { requests: { storage: "10Gi" } } },
    };
    const node: Wire<V1Node> = { metadata: { name: "a-node-1", labels: { "topology.kubernetes.io/zone": "us-east-1a", "eks.amazonaws.com/compute-type": "auto", other: "label" } } };
    const storageClass: Wire<V1StorageClass> = {
        metadata: { name: "shop-state" },
        provisioner: "ebs.csi.eks.amazonaws.com",
        reclaimPolicy: "Retain",
        allowedTopologies: [{ matchLabelExpressions: [{ key: "eks.amazonaws.com/compute-type", values: ["auto"] }] }],
    };
    const without = (annotation: string): Wire<V1PersistentVolumeClaim> => ({
        ...claim,
        metadata: { ...claim.metadata, annotations: Object.fromEntries(Object.entries(claim.metadata?.annotations ?? {}).filter(([key]) => !key.endsWith(annotation))) },
    });

    it("waits for the scheduler to choose a node and for the volume controller to ask", () => {
        assert.equal(isWaiting(claim), true);
        assert.equal(isWaiting(without("selected-node")), false);
        assert.equal(isWaiting(without("storage-provisioner")), false);
        assert.equal(isWaiting({ ...claim, spec: { ...claim.spec, volumeName: "pvc-1234" } }), false);
    });

    it("makes the volume that was asked for, reachable from the node's zone and as the class asks, and no wider", () => {
        assert.deepEqual(volumeFor(claim, storageClass, node), {
            apiVersion: "v1",
            kind: "PersistentVolume",
            metadata: { name: "pvc-1234", annotations: { "pv.kubernetes.io/provisioned-by": "ebs.csi.eks.amazonaws.com" } },
            spec: {
                accessModes: ["ReadWriteOnce"],
                capacity: { storage: "10Gi" },
                claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name: "data-0", namespace: "shop", uid: "1234", resourceVersion: "7" },
                csi: { driver: "ebs.csi.eks.amazonaws.com", volumeHandle: "drill-pvc-1234" },
                nodeAffinity: {
                    required: {
                        nodeSelectorTerms: [
                            {
                                matchExpressions: [
                                    { key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1a"] },
                                    { key: "eks.amazonaws.com/compute-type", operator: "In", values: ["auto"] },
                                ],
                            },
                        ],
                    },
                },
                persistentVolumeReclaimPolicy: "Retain",
                storageClassName: "shop-state",
                volumeMode: "Filesystem",
            },
        });
    });

    it("deletes where the class says nothing, and gives a provisioner with a slash a driver's name", () => {
        const { spec } = volumeFor(claim, { metadata: { name: "standard" }, provisioner: "k8s.io/minikube-hostpath" }, node) as unknown as { spec: { persistentVolumeReclaimPolicy: string; csi: { driver: string } } };
        assert.equal(spec.persistentVolumeReclaimPolicy, "Delete");
        assert.equal(spec.csi.driver, "k8s.io.minikube-hostpath");
    });
});

describe("the metrics' stand-in", () => {
    const at = new Date("2026-01-01T00:01:00.900Z");
    const ready = (is: boolean): { readonly conditions: { type: string; status: string }[] } => ({ conditions: [{ type: "Ready", status: is ? "True" : "False" }] });
    const pod = (name: string, nodeName: string, rest: { readonly app?: string; readonly ready?: boolean; readonly phase?: string; readonly ending?: boolean } = {}): Wire<V1Pod> => ({
        metadata: { name, namespace: "shop", labels: { app: rest.app ?? "web" }, ...(rest.ending === true ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}) },
        spec: { nodeName, containers: [{ name: "main", resources: { requests: { memory: "128Mi" }, limits: { cpu: "500m" } } }] },
        status: { phase: rest.phase ?? "Running", ...ready(rest.ready ?? true) },
    });
    const lease = (name: string, age: number): Wire<V1Lease> => ({ metadata: { name }, spec: { renewTime: new Date(at.getTime() - age * 1000).toISOString() } });
    const look = (pods: readonly Wire<V1Pod>[]): Look => ({ at, windowSeconds: 15, nodes: [{ metadata: { name: "n1" } }, { metadata: { name: "n2" } }], leases: [lease("n1", 9), lease("n2", 25)], pods });
    const cores = (pods: readonly Wire<V1Pod>[], load = 0.5): Readonly<Record<string, number>> =>
        Object.fromEntries(scrapeOf(look(pods), [{ carrier: { namespace: "shop", labels: { app: "web" } }, load: new LoadModel(steady(load)) }]).pods.map(({ name, containers }) => [name, containers[0]?.cpuCores ?? NaN]));

    it("puts the load on the app's ready pods alone", () => {
        const idle = 0.001;
        const pods = [pod("a", "n1"), pod("b", "n1"), pod("db", "n1", { app: "db" }), pod("late", "n1", { ready: false }), pod("ending", "n1", { ending: true })];
        assert.deepEqual(cores(pods), { a: 0.25, b: 0.25, db: idle, late: idle, ending: idle });
    });

    it("knows nothing of pods that do not run and of nodes that are not heard of", () => {
        assert.deepEqual(cores([pod("a", "n1"), pod("waits", "n1", { phase: "Pending" }), pod("silent", "n2")], 0.25), { a: 0.25 });
    });

    it("caps a pod at its limit", () => {
        assert.deepEqual(cores([pod("a", "n1")], 2), { a: 0.5 });
    });

    it("counts a node's pods together", () => {
        const { nodes } = scrapeOf(look([pod("a", "n1"), pod("b", "n1")]), [{ carrier: { namespace: "shop", labels: { app: "web" } }, load: new LoadModel(steady(0.5)) }]);
        assert.deepEqual(nodes, [{ name: "n1", cpuCores: 0.5, memoryMiB: 128 }]);
    });

    it("speaks as metrics.k8s.io does", () => {
        const scrape = { at, windowSeconds: 15, pods: [], nodes: [] };
        assert.deepEqual(podMetrics({ name: "a", namespace: "shop", labels: { app: "web" }, containers: [{ name: "main", cpuCores: 0.25, memoryMiB: 64 }] }, scrape), {
            kind: "PodMetrics",
            apiVersion: "metrics.k8s.io/v1beta1",
            metadata: { name: "a", namespace: "shop", labels: { app: "web" }, creationTimestamp: "2026-01-01T00:01:00.900Z" },
            timestamp: "2026-01-01T00:01:00Z",
            window: "15s",
            containers: [{ name: "main", usage: { cpu: "250000000n", memory: "65536Ki" } }],
        });
        assert.deepEqual(nodeMetrics({ name: "n1", cpuCores: 1e-9, memoryMiB: 1 }, scrape), {
            kind: "NodeMetrics",
            apiVersion: "metrics.k8s.io/v1beta1",
            metadata: { name: "n1", creationTimestamp: "2026-01-01T00:01:00.900Z" },
            timestamp: "2026-01-01T00:01:00Z",
            window: "15s",
            usage: { cpu: "1n", memory: "1024Ki" },
        });
    });

    it("takes questions apart", () => {
        const base = "/apis/metrics.k8s.io/v1beta1";
        assert.deepEqual(questionOf("/apis/metrics.k8s.io"), { about: "group" });
        assert.deepEqual(questionOf(base), { about: "resources" });
        assert.deepEqual(questionOf(`${base}/nodes`), { about: "nodes", name: undefined });
        assert.deepEqual(questionOf(`${base}/nodes/n1`), { about: "nodes", name: "n1" });
        assert.deepEqual(questionOf(`${base}/pods?labelSelector=a%3Db`), { about: "pods", namespace: undefined, name: undefined, labels: "a=b" });
        assert.deepEqual(questionOf(`${base}/namespaces/shop/pods?labelSelector=a%3Db%2Cc%20in%20%28d%29`), { about: "pods", namespace: "shop", name: undefined, labels: "a=b,c in (d)" });
        assert.deepEqual(questionOf(`${base}/namespaces/shop/pods/a`), { about: "pods", namespace: "shop", name: "a", labels: undefined });
        for (const path of ["/", "/apis", "/apis/other.k8s.io/v1beta1", "/apis/metrics.k8s.io/v1", `${base}/namespaces/shop`, `${base}/namespaces/shop/pods/a/b`, `${base}/nodes/n1/b`]) {
            assert.equal(questionOf(path), undefined, path);
        }
    });
});

describe("who may ask the metrics' stand-in", () => {
    let folder = "";
    let frontProxyAuthority = "";
    let serving: Certificate = { certificate: "", key: "" };
    let authority = "";
    let apiServer: Certificate = { certificate: "", key: "" };

    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-pki-"));
        const pki = await makePki(folder, { address: "127.0.0.1", members: [] });
        frontProxyAuthority = pki.frontProxyAuthority;
        serving = await pki.authority.server("metrics-server.kube-system.svc");
        authority = pki.authority.certificate;
        const read = (file: string): string => readFileSync(file, "utf8");
        apiServer = { certificate: read(pki.files.frontProxyCertificate), key: read(pki.files.frontProxyKey) };
    });
    after(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    /** HTTP status of a question that proves itself with a certificate, or the code of the error. */
    async function ask(callers: string, shown: Certificate | undefined, method = "GET"): Promise<number | string> {
        const server = await startMetricsServer({ own: serving, callers, answer: path => Promise.resolve({ status: 200, body: { path } }) });
        try {
            const asked = request({
                host: "127.0.0.1",
                servername: "metrics-server.kube-system.svc",
                port: server.port,
                path: "/apis/metrics.k8s.io/v1beta1",
                method,
                ca: authority,
                agent: false,
                ...(shown === undefined ? {} : { cert: shown.certificate, key: shown.key }),
            });
            asked.end();
            const [response] = (await once(asked, "response")) as [{ statusCode: number; resume(): void }];
            response.resume();
            return response.statusCode;
        } catch (error) {
            return error instanceof Error && "code" in error ? String(error.code) : String(error);
        } finally {
            server.close();
        }
    }

    it("is the API server", async () => {
        assert.equal(await ask(frontProxyAuthority, apiServer), 200);
    });

    it("is nobody without a certificate, or with one of another authority", async () => {
        const stranger = await (await Authority.create("strangers")).client("front-proxy-client");
        for (const shown of [undefined, stranger]) {
            assert.match(String(await ask(frontProxyAuthority, shown)), /^(ERR_SSL|ECONNRESET|EPROTO)/);
        }
    });

    it("is nobody else whom the same authority vouches for", async () => {
        const own = await Authority.create("front proxy");
        assert.equal(await ask(own.certificate, await own.client("somebody")), 403);
        assert.equal(await ask(own.certificate, await own.client("front-proxy-client")), 200);
    });

    it("finds it on another port where one was taken meanwhile", async () => {
        const options = { own: serving, callers: frontProxyAuthority, answer: () => Promise.resolve({ status: 200, body: {} }) };
        const first = await startMetricsServer(options);
        const picks = [first.port, first.port];
        const second = await startMetricsServer({ ...options, pickPort: () => Promise.resolve(picks.shift() ?? 0) });
        assert.notEqual(second.port, first.port);
        assert.deepEqual(picks, []);
        second.close();
        await assert.rejects(startMetricsServer({ ...options, pickPort: () => Promise.resolve(first.port) }), /EADDRINUSE/);
        first.close();
    });

    it("only asks", async () => {
        assert.equal(await ask(frontProxyAuthority, apiServer, "DELETE"), 405);
    });
});
