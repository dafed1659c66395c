// What mocks can't prove: that Fluent Bit reads, ships and holds lines as its configuration says, that a cloud lets its pods onto a node,
// and that Prometheus finds the agents. That Helm renders these values as they are meant is in the rendered facts.
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import { configWarnings, parseConfig } from "../../components/config";
import { addOns } from "../../components/platform";
import type { PlannedStack } from "../../plan/run";
import { isSecret } from "../../plan/wire";
import type { Found } from "../../policy/inputs";
import { fullApp, zonedCluster } from "../support/kubernetes";
import { all, clusterConfigs, find, inputsOf, minimalApp, planConfig, type RawConfig } from "../support/plan";
import { chartNamed, everyKind, planPlatform, platformResources } from "./support";

interface Agents {
    readonly kind: string;
    readonly config: Readonly<Record<"service" | "inputs" | "filters" | "outputs", string>>;
    readonly env: readonly Found<k8s.types.output.core.v1.EnvVar>[];
    readonly daemonSetVolumes: readonly Found<k8s.types.output.core.v1.Volume>[];
    readonly daemonSetVolumeMounts: readonly k8s.types.output.core.v1.VolumeMount[];
    readonly extraVolumes: readonly Found<k8s.types.output.core.v1.Volume>[];
    readonly priorityClassName: string;
}

type Policy = Found<k8s.types.output.networking.v1.NetworkPolicy>;

const endpoint = { host: "logs.example.com", port: 443, user: "shipper", secret: "hunter2" };
const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

function agentsOf(plan: PlannedStack): Agents {
    return chartNamed(plan, "fluent-bit").inputs.values as unknown as Agents;
}

/** An entry of a part of Fluent Bit's configuration. Throws where there is not exactly one. */
function entry(part: string, key: string): string {
    const values = part.split("\n").flatMap(line => (line.startsWith(`    ${key} `) ? [line.slice(key.length + 5)] : []));
    const [value] = values;
    assert.ok(value !== undefined && values.length === 1, `${values.length} × ${key} in ${part}`);
    return value;
}

function agentPolicies(plan: PlannedStack, cluster: string): readonly Policy[] {
    return all(plan, "kubernetes:networking.k8s.io/v1:NetworkPolicy")
        .filter(({ name }) => name.startsWith(`${cluster}-logging-agents-`))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(resource => inputsOf<Policy>(resource));
}

describe("logging", () => {
    for (const { label, cluster, zones } of everyKind) {
        const name = String(cluster["name"]);

        it(`is off by default on ${label}, and where it is set to false`, async () => {
            assert.deepEqual(platformResources(await planPlatform(cluster, {})), []);
            assert.deepEqual(platformResources(await planPlatform(cluster, { logging: false })), []);
        });

        it(`puts agents, operator and Elasticsearch on ${label}`, async () => {
            const plan = await planPlatform(cluster, { logging: true });
            const resources = platformResources(plan);
            for (const wanted of [`Namespace ${name}-logging-namespace`, `Namespace ${name}-logging-store-namespace`, `Chart ${name}-logging`, `Chart ${name}-logging-store-operator`, `Elasticsearch ${name}-logging-store`, `Job ${name}-logging-store-setup`]) {
                assert.equal(resources.filter(resource => resource === wanted).length, 1, wanted);
            }
            assert.deepEqual(resources.filter(resource => /^(PodMonitor|PrometheusRule) /.test(resource)), []);
            const { resource, inputs } = chartNamed(plan, "fluent-bit");
            assert.equal(inputs.namespace, "logging");
            assert.ok(resource.provider?.endsWith(`${name}-kubernetes`));
            assert.equal(resources.includes(`ClusterRole ${name}-logging-store-node-reader`), zones > 1);
        });

        it(`takes no more of a node than ${label} gives`, async () => {
            const { daemonSetVolumes, daemonSetVolumeMounts, extraVolumes } = agentsOf(await planPlatform(cluster, { logging: true }));
            const docker = label === "GKE Autopilot" ? [] : ["/var/lib/docker/containers"];
            assert.deepEqual(daemonSetVolumes.map(({ hostPath }) => hostPath?.path), ["/var/log", ...docker]);
            assert.deepEqual(daemonSetVolumeMounts.map(({ mountPath, readOnly }) => [mountPath, readOnly]), ["/var/log", ...docker].map(path => [path, true]));
            assert.deepEqual(extraVolumes.map(({ name: volume, emptyDir, secret }) => [volume, emptyDir?.sizeLimit ?? secret?.secretName]), [["buffer", "1024Mi"], ["authority", "elasticsearch"]]);
        });
    }

    it("asks nothing of the cluster, runs as nobody, and on every node", async () => {
        const plan = await planPlatform(zonedCluster, { logging: true });
        const { priorityClassName, ...values } = chartNamed(plan, "fluent-bit").inputs.values;
        const user = { runAsNonRoot: true, runAsUser: 10_001, runAsGroup: 0 };
        const expected: RawConfig = {
            kind: "DaemonSet",
            rbac: { create: false },
            serviceAccount: { automountServiceAccountToken: false },
            testFramework: { enabled: false },
            tolerations: [{ operator: "Exists" }],
            podSecurityContext: { ...user, seccompProfile: { type: "RuntimeDefault" } },
            securityContext: { ...user, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
            resources: { requests: { cpu: "50m", memory: "192Mi", "ephemeral-storage": "1024Mi" }, limits: { memory: "192Mi", "ephemeral-storage": "1024Mi" } },
        };
        assert.deepEqual(Object.fromEntries(Object.keys(expected).map(key => [key, values[key]])), expected);
        assert.match(String(priorityClassName), /^local-logging-priority-/);
        const namespace = inputsOf<Found<k8s.types.output.core.v1.Namespace>>(find(plan, "kubernetes:core/v1:Namespace", "local-logging-namespace"));
        assert.equal(namespace.metadata?.labels?.["pod-security.kubernetes.io/enforce"], "privileged");
        assert.match(namespace.metadata.annotations?.["holdfast.dev/pod-security-because"] ?? "", /read the logs/);
    });

    it("yields to the app, whatever its priority", async () => {
        for (const [scheduling, value] of [[{}, 500_000], [{ scheduling: { priority: 7 } }, 3]] as const) {
            const plan = await planPlatform(zonedCluster, { logging: true }, { ...minimalApp, ...scheduling });
            assert.equal(inputsOf(find(plan, "kubernetes:scheduling.k8s.io/v1:PriorityClass", "local-logging-priority"))["value"], value);
        }
    });

    it("holds lines on disk, less than the volume has, and tries until they are taken", async () => {
        const { config } = agentsOf(await planPlatform(zonedCluster, { logging: true }));
        assert.equal(entry(config.inputs, "storage.type"), "filesystem");
        assert.equal(entry(config.inputs, "DB"), "/buffer/tail.db");
        assert.equal(entry(config.inputs, "Exclude_Path"), "/var/log/containers/*_logging_fluent-bit-*.log");
        assert.equal(entry(config.service, "storage.path"), "/buffer/chunks");
        assert.equal(entry(config.service, "storage.backlog.flush_on_shutdown"), "On");
        assert.equal(entry(config.outputs, "storage.total_limit_size"), "512M");
        assert.equal(entry(config.outputs, "Retry_Limit"), "no_limits");
        assert.equal(entry(config.outputs, "Buffer_Size"), "False");
        assert.ok(!config.outputs.includes("Generate_ID"), "with ids of its own an agent tries for ever to ship what is there");
        assert.ok(Number(entry(config.service, "scheduler.cap")) <= 60);
    });

    it("verifies Elasticsearch's certificate against ECK's authority, and logs in by a Secret that no plan has", async () => {
        const plan = await planPlatform(zonedCluster, { logging: true });
        const { config, env } = agentsOf(plan);
        assert.equal(entry(config.outputs, "Host"), "logs-es-http.elasticsearch.svc");
        assert.equal(entry(config.outputs, "Index"), "logs-kubernetes-local");
        for (const key of ["tls", "tls.verify", "tls.verify_hostname"]) {
            assert.equal(entry(config.outputs, key), "On");
        }
        assert.equal(entry(config.outputs, "tls.ca_file"), "/authority/ca.crt");
        assert.equal(entry(config.outputs, "HTTP_Passwd"), "${LOG_SECRET}");
        assert.deepEqual(env.map(({ name, value, valueFrom }) => [name, value, valueFrom?.secretKeyRef]), [
            ["NODE_NAME", undefined, undefined],
            ["LOG_USER", undefined, { name: "elasticsearch", key: "user" }],
            ["LOG_SECRET", undefined, { name: "elasticsearch", key: "secret" }],
        ]);
        const secret = find(plan, "kubernetes:core/v1:Secret", "local-logging-access");
        assert.deepEqual(Object.keys(inputsOf(secret)).filter(key => ["data", "stringData"].includes(key)), []);
        assert.deepEqual(secret.ignoreChanges, ["data", "stringData"]);
    });

    it("lets agents out to Elasticsearch and DNS alone", async () => {
        const policies = agentPolicies(await planPlatform(zonedCluster, { logging: true }), "local");
        assert.deepEqual(policies.map(({ metadata, spec }) => [metadata?.name, spec?.podSelector?.matchLabels, spec?.ingress, spec?.egress]), [
            ["allow-dns", undefined, undefined, [{ ports: [{ protocol: "UDP", port: 53 }, { protocol: "TCP", port: 53 }] }]],
            [
                "allow-ship",
                { "app.kubernetes.io/name": "fluent-bit" },
                undefined,
                [{
                    to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "elasticsearch" } }, podSelector: { matchLabels: { "elasticsearch.k8s.elastic.co/cluster-name": "logs" } } }],
                    ports: [{ protocol: "TCP", port: 9200 }],
                }],
            ],
            ["deny-all", undefined, undefined, undefined],
        ]);
    });

    it("is looked at by Prometheus only where that is there", async () => {
        const plan = await planPlatform(zonedCluster, { logging: true, monitoring: true });
        const own = plan.recording.resources.filter(({ type, name }) => type.startsWith("kubernetes:monitoring.coreos.com/v1:") && name.startsWith("local-logging-"));
        const objects = own.map(resource => inputsOf<{ readonly kind: string; readonly metadata: { readonly labels: RawConfig } }>(resource));
        assert.deepEqual(objects.map(({ kind }) => kind), ["PodMonitor", "PrometheusRule"]);
        assert.deepEqual(objects.map(({ metadata }) => metadata.labels["release"]), ["local-monitoring", "local-monitoring"]);
        const prometheus = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } }, podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } };
        assert.deepEqual(agentPolicies(plan, "local").flatMap(({ spec }) => spec?.ingress ?? []), [{ from: [prometheus], ports: [{ protocol: "TCP", port: 2020 }] }]);
    });

    describe("to an endpoint of the user's", () => {
        it("makes no Elasticsearch, and shows the secret nowhere but in a Secret", async () => {
            const plan = await planPlatform(zonedCluster, { logging: { to: { ...endpoint, ca } } });
            assert.deepEqual(platformResources(plan).filter(resource => /Elasticsearch|Job|operator|StorageClass|-store/.test(resource)), []);
            const secret = find(plan, "kubernetes:core/v1:Secret", "local-logging-access");
            assert.deepEqual(inputsOf(secret)["stringData"], { user: "shipper", secret: "hunter2", "ca.crt": ca });
            assert.ok(isSecret((secret.wireInputs as RawConfig)["stringData"]));
            const others = plan.recording.resources.filter(resource => resource !== secret);
            assert.deepEqual(others.filter(({ wireInputs }) => JSON.stringify(wireInputs).includes("hunter2")).map(({ name }) => name), []);
        });

        for (const { title, to, lines, keys } of [
            { title: "a user", to: endpoint, lines: ["HTTP_User ${LOG_USER}", "HTTP_Passwd ${LOG_SECRET}"], keys: ["user", "secret"] },
            { title: "an API key", to: { host: "logs.example.com", secret: "hunter2" }, lines: ["HTTP_API_Key ${LOG_SECRET}"], keys: ["secret"] },
            { title: "an authority of its own", to: { ...endpoint, ca }, lines: ["tls.ca_file /authority/ca.crt", "HTTP_User ${LOG_USER}", "HTTP_Passwd ${LOG_SECRET}"], keys: ["user", "secret"] },
        ]) {
            it(`by ${title}`, async () => {
                const { config, env, extraVolumes } = agentsOf(await planPlatform(zonedCluster, { logging: { to } }));
                assert.deepEqual(config.outputs.split("\n").map(line => line.trim()).filter(line => /^(HTTP_|tls\.ca)/.test(line)), lines);
                assert.equal(entry(config.outputs, "Host"), "logs.example.com");
                assert.equal(entry(config.outputs, "Port"), String("port" in to ? to.port : 9200));
                assert.deepEqual(env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? []), keys);
                assert.deepEqual(extraVolumes.map(({ name }) => name), "ca" in to ? ["buffer", "authority"] : ["buffer"]);
            });
        }

        it("lets agents out to its port, but not to the node's metadata", async () => {
            const ship = agentPolicies(await planPlatform(zonedCluster, { logging: { to: endpoint } }), "local").find(({ metadata }) => metadata?.name === "allow-ship");
            assert.deepEqual(ship?.spec?.egress, [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }], ports: [{ protocol: "TCP", port: 443 }] }]);
        });
    });

    it("says that lines go with their cluster, and where two zones are too few", () => {
        const warningsOf = (raw: RawConfig): readonly string[] => configWarnings(parseConfig(raw), { stack: "dev", today: new Date("2026-11-01") }).filter(text => /logging|Elasticsearch/.test(text));
        const two = { ...zonedCluster, zones: ["rack-a", "rack-b"] };
        assert.deepEqual(warningsOf({ clusters: [clusterConfigs.eks, two], platform: {} }), []);
        assert.deepEqual(warningsOf({ clusters: [two], platform: { logging: { to: endpoint } } }), []);
        const [stays, quorum, ...others] = warningsOf({ clusters: [clusterConfigs.eks, two], platform: { logging: { retentionDays: 30 } } });
        assert.match(stays ?? "", /^logging: each cluster keeps its own lines, 30 days of them, and they go with it/);
        assert.match(quorum ?? "", /^local: 3 Elasticsearch nodes over 2 zones lose their majority/);
        assert.deepEqual(others, []);
    });

    it("counts operators, Elasticsearch and volumes where they are here, and agents on each node", () => {
        const footprint = (logging: unknown) => {
            const config = parseConfig({ clusters: [clusterConfigs.eks], platform: { logging } });
            const [cluster] = config.clusters;
            const addOn = addOns.find(({ key }) => key === "logging");
            assert.ok(cluster !== undefined && addOn !== undefined);
            return addOn.footprint(config, cluster);
        };
        const eachNode = { cores: 0.05, gib: 0.1875 };
        assert.deepEqual(footprint(true), { pods: { cores: 2 * 0.1 + 3 * 0.5, gib: 2 * 0.5 + 3 * 2 }, eachNode, volumesGib: [50, 50, 50] });
        assert.deepEqual(footprint({ size: "1Ti", memory: "8Gi" }), { pods: { cores: 2 * 0.1 + 3 * 2, gib: 2 * 0.5 + 3 * 8 }, eachNode, volumesGib: [1024, 1024, 1024] });
        assert.deepEqual(footprint({ to: endpoint }), { pods: { cores: 0, gib: 0 }, eachNode, volumesGib: [] });
    });

    it("is on each cluster of a stack by itself", async () => {
        const plan = await planConfig({ clusters: [clusterConfigs.eks, clusterConfigs.gke], app: fullApp, platform: { logging: true } });
        const streams = ["east", "central"].map(name => entry((inputsOf(find(plan, "kubernetes:helm.sh/v4:Chart", `${name}-logging`))["values"] as Agents).config.outputs, "Index"));
        assert.deepEqual(streams, ["logs-kubernetes-east", "logs-kubernetes-central"]);
    });
});
