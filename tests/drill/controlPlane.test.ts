// What this can't prove: that the programs take these flags, and kwok these stages; `npm run drill` runs them.
import assert from "node:assert/strict";
import { X509Certificate, createPrivateKey } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { isIPv4 } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import { type AggregatedApi, aggregatedApi, faultyImage } from "../../drill/controlPlane";
import { apiServerFlags, controllerManagerFlags, etcdFlags, kwokFlags, schedulerFlags } from "../../drill/controlPlane/flags";
import { kubeconfigOf } from "../../drill/controlPlane/kubeconfig";
import { fakeNode, podRange } from "../../drill/controlPlane/nodes";
import { Authority, type Pki, makePki, makeTokens, tokenFile, users } from "../../drill/controlPlane/pki";
import { kwokAccess } from "../../drill/controlPlane/rbac";
import { loopback } from "../../drill/process/ports";
import { stagesFile } from "../../drill/controlPlane/stages";
import { goneAt, readyAt } from "../../drill/controlPlane/stages/podStages";

const kubelet = { name: "system:node:east-a-1", groups: ["system:nodes"] };

describe("a drill's control plane", () => {
    let folder = "";
    let pki: Pki;
    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-pki-"));
        pki = await makePki(folder, { address: loopback, members: [kubelet] });
    });
    after(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    const all = (): readonly string[] => [
        ...etcdFlags("/run/etcd"),
        ...apiServerFlags({ address: loopback, port: 20_001 }, "/run", pki),
        ...controllerManagerFlags("/run/cm.kubeconfig", "/run/plugins", pki),
        ...schedulerFlags("/run/scheduler.kubeconfig"),
        ...kwokFlags("/run/kwok.kubeconfig", "/run/stages.yaml", "zone-a", podRange(0)),
    ];

    it("listens on loopback alone, and there on the API server's port alone", () => {
        const listening = all().filter(flag => /^--([\w-]*(listen|bind)[\w-]*|secure-port|node-port|server-address)=/.test(flag));
        assert.deepEqual(listening, [
            "--listen-client-urls=unix://localhost:2379",
            "--listen-peer-urls=unix://localhost:2380",
            "--bind-address=127.0.0.1",
            "--secure-port=20001",
            "--secure-port=0",
            "--secure-port=0",
            "--node-port=0",
        ]);
    });

    it("lets nobody in without a token, and decides by roles", () => {
        const flags = apiServerFlags({ address: loopback, port: 20_001 }, "/run", pki);
        assert.ok(flags.includes("--anonymous-auth=false"));
        assert.ok(flags.includes("--allow-privileged"));
        assert.ok(flags.includes("--authorization-mode=Node,RBAC"));
        assert.ok(flags.includes("--etcd-servers=unix:///run/localhost:2379"));
    });

    it("leaves admission, and every time that a recovery depends on, at Kubernetes' defaults", () => {
        const tuned = all().filter(flag => /admission|feature-gates|grace-period|sync-period|lease-duration=|renew|eviction|toleration|runtime-config|controllers=/.test(flag));
        assert.deepEqual(tuned, []);
    });

    it("has one kwok a zone, which renews its nodes' leases as a kubelet does", () => {
        const flags = kwokFlags("/run/kwok.kubeconfig", "/run/stages.yaml", "zone-a", podRange(0));
        assert.ok(flags.includes("--manage-all-nodes=false"));
        assert.ok(flags.includes("--manage-nodes-with-label-selector=topology.kubernetes.io/zone=zone-a"));
        assert.ok(flags.includes("--node-lease-duration-seconds=40"));
    });

    it("keeps its secrets from other users", () => {
        for (const file of readdirSync(folder)) {
            assert.equal(statSync(join(folder, file)).mode & 0o077, 0, file);
        }
        assert.match(readFileSync(pki.files.serviceAccountKey, "utf8"), /^-----BEGIN EC PRIVATE KEY-----/);
    });

    it("has certificates that its authorities vouch for, the server's for loopback", () => {
        const certificate = (file: string): X509Certificate => new X509Certificate(readFileSync(file));
        const server = certificate(pki.files.serverCertificate);
        assert.ok(server.verify(certificate(pki.files.ca).publicKey));
        assert.equal(server.checkIP("127.0.0.1"), "127.0.0.1");
        assert.equal(server.checkHost("kubernetes.default.svc"), "kubernetes.default.svc");
        assert.ok(server.checkPrivateKey(createPrivateKey(readFileSync(pki.files.serverKey))));
        const proxy = certificate(pki.files.frontProxyCertificate);
        assert.ok(proxy.verify(certificate(pki.files.frontProxyCa).publicKey));
        assert.ok(!proxy.verify(certificate(pki.files.ca).publicKey));
        assert.match(proxy.subject, /CN=front-proxy-client/);
    });

    it("issues certificates for the servers of aggregated APIs", async () => {
        const authority = await Authority.create("test");
        const { certificate } = await authority.server("metrics-server.kube-system.svc");
        const issued = new X509Certificate(certificate);
        assert.equal(issued.checkHost("metrics-server.kube-system.svc"), "metrics-server.kube-system.svc");
        assert.ok(issued.verify(new X509Certificate(authority.certificate).publicKey));
    });

    it("knows its users by tokens of their own, with the groups that roles are bound to", () => {
        const known = [...Object.values(users), kubelet];
        const tokens = makeTokens(known);
        assert.equal(new Set(tokens.values()).size, known.length);
        const file = tokenFile(known, new Map(known.map(({ name }, index) => [name, String(index)])));
        assert.deepEqual(file.split("\n"), [
            '0,holdfast:admin,holdfast:admin,"system:masters"',
            '1,system:kube-scheduler,system:kube-scheduler,""',
            '2,system:kube-controller-manager,system:kube-controller-manager,""',
            '3,holdfast:kwok,holdfast:kwok,""',
            '4,system:node:east-a-1,system:node:east-a-1,"system:nodes"',
            "",
        ]);
        assert.ok(pki.tokens.has(kubelet.name));
    });

    it("makes no kubeconfig for a user that it does not know", () => {
        assert.throws(() => kubeconfigOf("east", "https://127.0.0.1:20001", pki, { name: "system:node:other" }), /east knows no user system:node:other/);
    });

    it("answers on the address that it listens on by a name of its certificate", async () => {
        const elsewhere = await Authority.create("test");
        const { certificate } = await elsewhere.server("kube-apiserver", "10.200.0.1");
        const issued = new X509Certificate(certificate);
        assert.deepEqual([issued.checkIP("10.200.0.1"), issued.checkIP(loopback), issued.checkIP("10.200.0.2")], ["10.200.0.1", loopback, undefined]);
    });

    it("gives kwok no more than nodes, pods, leases and events", () => {
        const [role] = kwokAccess;
        const rules = role?.["rules"] as readonly { resources: readonly string[]; verbs: readonly string[] }[];
        assert.deepEqual(rules.flatMap(({ resources }) => resources), ["nodes", "pods", "nodes/status", "pods/status", "leases", "events"]);
        assert.ok(rules.every(({ verbs }) => !verbs.includes("*")));
    });

    it("has kubeconfigs that trust its authority alone", () => {
        const kubeconfig = kubeconfigOf("east", "https://127.0.0.1:20001", pki, users.admin);
        const cluster = kubeconfig.getCurrentCluster();
        assert.equal(cluster?.server, "https://127.0.0.1:20001");
        assert.equal(cluster.skipTLSVerify, false);
        assert.equal(Buffer.from(cluster.caData ?? "", "base64").toString(), pki.authority.certificate);
        assert.equal(kubeconfig.getCurrentUser()?.token, pki.tokens.get(users.admin.name));
    });
});

describe("fake nodes", () => {
    const shape = {
        region: "us-east-1",
        zones: ["us-east-1a", "us-east-1b"],
        nodeShape: { cpu: "4", memory: "16Gi", pods: 110, instanceType: "m7g.xlarge" },
        extraLabels: { "eks.amazonaws.com/compute-type": "auto" },
        binaries: { paths: { etcd: "", "kube-apiserver": "", "kube-controller-manager": "", "kube-scheduler": "", kwok: "" }, kubernetesVersion: "v1.36.3" },
    };

    it("have the labels that zones, classes and spreading go by", () => {
        assert.deepEqual(fakeNode(shape, "us-east-1b", 2).metadata["labels"], {
            "eks.amazonaws.com/compute-type": "auto",
            "kubernetes.io/arch": "amd64",
            "kubernetes.io/hostname": "us-east-1b-node-2",
            "kubernetes.io/os": "linux",
            "node.kubernetes.io/instance-type": "m7g.xlarge",
            "topology.kubernetes.io/region": "us-east-1",
            "topology.kubernetes.io/zone": "us-east-1b",
        });
    });

    it("have an address each, outside the ranges of pods", () => {
        const addresses = shape.zones.flatMap(zone =>
            Array.from({ length: 600 }, (_, n) => {
                const { addresses: [internal] } = fakeNode(shape, zone, n + 1)["status"] as { addresses: [{ address: string }] };
                return internal.address;
            }),
        );
        assert.equal(new Set(addresses).size, 1200);
        assert.ok(addresses.every(isIPv4));
        const prefix = (range: string): string => range.split(".").slice(0, 2).join(".");
        const ranges = shape.zones.map((_, index) => prefix(podRange(index)));
        assert.equal(new Set(ranges).size, 2);
        assert.ok(addresses.every(address => !ranges.includes(prefix(address))));
    });
});

describe("fake pods", () => {
    interface Stage {
        readonly metadata: { readonly name: string };
        readonly spec: {
            readonly resourceRef: { readonly kind: string };
            readonly selector: { readonly matchExpressions: readonly { jq: { key: string; operator: string; values?: readonly string[] } }[] };
            readonly delay?: { readonly durationMilliseconds: number; readonly durationFrom?: { jq: { expression: string } } };
            readonly steps: readonly { patch?: { subresource: string; root: string; type: string; template: string }; delete?: boolean; event?: object }[];
        };
    }
    const read = (text: string): readonly Stage[] =>
        parseAllDocuments(text).map(document => {
            assert.deepEqual(document.errors, []);
            return document.toJS() as Stage;
        });

    it("run, get ready and end by stages that kwok can read", () => {
        const stages = read(stagesFile());
        assert.deepEqual(stages.map(({ metadata }) => metadata.name), ["node-ready", "node-heartbeat", "pod-runs", "pod-cannot-pull", "pod-ready", "pod-completes", "pod-stops"]);
        for (const { metadata, spec } of stages) {
            assert.equal(spec.resourceRef.kind, metadata.name.startsWith("node") ? "Node" : "Pod");
            assert.ok(spec.selector.matchExpressions.length > 0);
            for (const { jq } of spec.selector.matchExpressions) {
                assert.equal(jq.values === undefined, jq.operator === "Exists" || jq.operator === "DoesNotExist", metadata.name);
            }
            for (const { patch } of spec.steps) {
                if (patch !== undefined) {
                    assert.deepEqual([patch.subresource, patch.root, patch.type], ["status", "status", "strategic"]);
                    const opened = patch.template.match(/{{ (if|range|with) /g)?.length ?? 0;
                    assert.equal(patch.template.match(/{{ end }}/g)?.length ?? 0, opened, metadata.name);
                }
            }
        }
    });

    it("are never changed by two stages at once, nor once they are deleted", () => {
        const pods = read(stagesFile()).filter(({ spec }) => spec.resourceRef.kind === "Pod");
        const living = pods.filter(({ spec }) => spec.selector.matchExpressions.some(({ jq }) => jq.key === ".metadata.deletionTimestamp" && jq.operator === "DoesNotExist"));
        assert.deepEqual(pods.filter(stage => !living.includes(stage)).map(({ metadata }) => metadata.name), ["pod-stops"]);
        const [runs, cannotPull] = living.map(({ spec }) => spec.selector.matchExpressions.find(({ jq }) => jq.key.includes("unpullable"))?.jq.operator);
        assert.deepEqual([runs, cannotPull], ["NotIn", "In"]);
    });

    it("take the times that a drill gives, by points in time where a change of the pod must not begin them anew", () => {
        const stages = new Map(read(stagesFile({ startSeconds: 3, readySeconds: 5, jobSeconds: 7, stopSeconds: 9 })).map(({ metadata, spec }) => [metadata.name, spec.delay]));
        assert.equal(stages.get("pod-runs")?.durationMilliseconds, 3000);
        assert.equal(stages.get("pod-ready")?.durationFrom?.jq.expression, readyAt(5));
        assert.equal(stages.get("pod-completes")?.durationMilliseconds, 7000);
        assert.equal(stages.get("pod-stops")?.durationFrom?.jq.expression, goneAt(9));
        assert.match(goneAt(9), /lifecycle\.preStop\.sleep\.seconds/);
        assert.match(readyAt(5), /drill\.holdfast\.dev\/ready-seconds/);
    });

    it("are bad where their image's tag says so", () => {
        assert.equal(faultyImage("ghcr.io/team/app:1.2", "unpullable"), "ghcr.io/team/app:1.2-drill-unpullable");
        assert.equal(faultyImage("localhost:5000/app", "unready"), "localhost:5000/app:drill-unready");
        assert.equal(faultyImage("app:1@sha256:00", "unready"), "app:1-drill-unready");
    });
});

describe("an aggregated API", () => {
    it("is handed to a server on loopback, which must prove who it is", () => {
        const api: AggregatedApi = { group: "metrics.k8s.io", version: "v1beta1", service: "metrics-server", namespace: "kube-system", port: 20_002, authority: "PEM" };
        const [service, registration] = aggregatedApi(api);
        assert.deepEqual(service?.["spec"], { type: "ExternalName", externalName: "localhost" });
        assert.equal(registration?.metadata.name, "v1beta1.metrics.k8s.io");
        const spec = registration["spec"] as Record<string, unknown>;
        assert.deepEqual(spec["service"], { name: "metrics-server", namespace: "kube-system", port: 20_002 });
        assert.equal(spec["caBundle"], Buffer.from("PEM").toString("base64"));
        assert.ok(!("insecureSkipTLSVerify" in spec));
    });
});
