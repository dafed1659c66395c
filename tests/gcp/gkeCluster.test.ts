// What is asked of GKE, KMS and IAM. A mock cannot prove that Google accepts the combination, that a role is
// enough, or that Autopilot has no further forbidden input: the list here is the Google provider's, 2026-08.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { labels, modes, setting, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, planConfig, poolNodes } from "../support/plan";

const clusterType = "gcp:container/cluster:Cluster";
const serviceType = "gcp:projects/service:Service";

/** Inputs that the provider refuses beside `enableAutopilot`, even as false. */
const forbiddenWithAutopilot = [
    "addonsConfig",
    "clusterAutoscaling.enabled",
    "clusterAutoscaling.resourceLimits",
    "defaultMaxPodsPerNode",
    "dnsConfig",
    "enableIntranodeVisibility",
    "enableShieldedNodes",
    "initialNodeCount",
    "networkPolicy",
    "nodeConfig",
    "nodePools",
    "nodeVersion",
    "removeDefaultNodePool",
    "verticalPodAutoscaling",
];

/** The API that a type of resource is made by. */
const apiOf: Readonly<Record<string, string>> = {
    "gcp:compute": "compute",
    "gcp:container": "container",
    "gcp:kms": "cloudkms",
    "gcp:serviceaccount": "iam",
};

for (const { title, config } of modes.filter(mode => mode.config.kind === "gke")) {
    describe(`GkeCluster, ${title}: what both modes have`, () => {
        let plan: PlannedStack;
        before(async () => {
            plan = await planConfig({ clusters: [{ ...config, version: "1.35" }] });
        });
        const cluster = (path: string): unknown => setting(find(plan, clusterType, "central"), path);

        it("is regional, over the configured zones", () => {
            assert.equal(cluster("location"), "us-central1");
            assert.deepEqual(cluster("nodeLocations"), ["us-central1-a", "us-central1-b", "us-central1-c"]);
        });

        it("has private nodes (CKV_GCP_64/25)", () => {
            assert.deepEqual(cluster("privateClusterConfig"), { enablePrivateNodes: true, enablePrivateEndpoint: false });
        });

        it("answers the named blocks only, not even Google's own addresses (CKV_GCP_20/18)", () => {
            assert.deepEqual(cluster("masterAuthorizedNetworksConfig"), {
                cidrBlocks: [{ cidrBlock: "203.0.113.0/24" }],
                gcpPublicCidrsAccessEnabled: false,
            });
        });

        it("answers its own network only where no block is named (CKV_GCP_18)", async () => {
            const closed = find(await planConfig({ clusters: [{ ...config, apiAccess: [] }] }), clusterType, "central");
            assert.deepEqual(setting(closed, "privateClusterConfig"), { enablePrivateNodes: true, enablePrivateEndpoint: true });
            assert.deepEqual(setting(closed, "masterAuthorizedNetworksConfig"), { cidrBlocks: [], gcpPublicCidrsAccessEnabled: false });
        });

        it("is never opened to 0.0.0.0/0 (CKV_GCP_20)", async () => {
            await assert.rejects(planConfig({ clusters: [{ ...config, apiAccess: ["0.0.0.0/0"] }] }), /apiAccess\[0\]/);
        });

        it("is VPC-native, with ranges of its own subnet (CKV_GCP_23)", () => {
            assert.equal(cluster("networkingMode"), "VPC_NATIVE");
            assert.deepEqual(cluster("ipAllocationPolicy"), { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" });
            assert.deepEqual([cluster("network"), cluster("subnetwork")], ["${central-network.id}", "${central-network.id}"]);
        });

        it("enforces NetworkPolicies by Dataplane V2", () => {
            assert.equal(cluster("datapathProvider"), "ADVANCED_DATAPATH");
        });

        it("has Workload Identity", () => {
            assert.deepEqual(cluster("workloadIdentityConfig"), { workloadPool: "acme-prod.svc.id.goog" });
        });

        it("encrypts secrets with its own key (G5.3.1)", () => {
            assert.deepEqual(cluster("databaseEncryption"), { state: "ENCRYPTED", keyName: "${central-secrets.id}" });
        });

        it("turns the key over every 90 days, and keeps the ring, which Google never deletes", () => {
            const key = find(plan, "gcp:kms/cryptoKey:CryptoKey", "central-secrets");
            assert.deepEqual([setting(key, "rotationPeriod"), setting(key, "purpose")], ["7776000s", "ENCRYPT_DECRYPT"]);
            const ring = find(plan, "gcp:kms/keyRing:KeyRing", "central-secrets");
            assert.equal(setting(ring, "location"), "us-central1");
            assert.equal(ring.retainOnDelete, true);
        });

        it("waits until GKE may use the key", () => {
            assert.deepEqual(inputsOf(find(plan, "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "central-secrets")), {
                cryptoKeyId: "${central-secrets.id}",
                role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
                member: "serviceAccount:${central-secrets.email}",
            });
            assert.deepEqual(inputsOf(find(plan, "gcp:projects/serviceIdentity:ServiceIdentity", "central-secrets")), {
                project: "acme-prod",
                service: "container.googleapis.com",
            });
            const awaited = waitsFor(plan, find(plan, clusterType, "central"));
            assert.ok(awaited.has("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember central-secrets"));
        });

        it("follows a release channel, from its version on (CKV_GCP_70)", () => {
            assert.deepEqual(cluster("releaseChannel"), { channel: "REGULAR" });
            assert.equal(cluster("minMasterVersion"), "1.35");
        });

        it("is upgraded at weekends only, for long enough, in UTC", () => {
            assert.deepEqual(cluster("maintenancePolicy"), {
                recurringWindow: {
                    startTime: "2026-01-03T02:00:00Z",
                    endTime: "2026-01-03T10:00:00Z",
                    recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
                },
            });
            assert.equal(new Date("2026-01-03T02:00:00Z").getUTCDay(), 6, "the first window must be on one of its days");
        });

        it("issues no client certificate (CKV_GCP_13)", () => {
            assert.deepEqual(cluster("masterAuth"), { clientCertificateConfig: { issueClientCertificate: false } });
        });

        it("knows no legacy ABAC (CKV_GCP_7)", () => {
            assert.equal(cluster("enableLegacyAbac"), false);
        });

        it("runs only images that the project's policy lets in (CKV_GCP_66)", () => {
            assert.deepEqual(cluster("binaryAuthorization"), { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" });
        });

        it("reports its security posture", () => {
            assert.deepEqual(cluster("securityPostureConfig"), { mode: "BASIC" });
        });

        it("carries its owner's labels (CKV_GCP_21)", () => {
            assert.deepEqual(cluster("resourceLabels"), { "managed-by": "holdfast", stack: "test" });
            const labelsOfProvider = setting(find(plan, "pulumi:providers:gcp", "central-gcp"), "defaultLabels");
            assert.deepEqual(JSON.parse(String(labelsOfProvider)), { "managed-by": "holdfast", stack: "test" });
        });

        it("logs and measures system and workloads", () => {
            assert.deepEqual(cluster("loggingConfig"), { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] });
            assert.deepEqual(cluster("monitoringConfig"), { enableComponents: ["SYSTEM_COMPONENTS"], managedPrometheus: { enabled: true } });
            assert.deepEqual(cluster("costManagementConfig"), { enabled: true });
        });

        it("refuses deletion in the cloud while protected, and says so even when not", async () => {
            assert.equal(cluster("deletionProtection"), true);
            const open = await planConfig({ clusters: [{ ...config, protect: false }] });
            assert.equal(setting(find(open, clusterType, "central"), "deletionProtection"), false);
        });

        it("runs nodes as an account of its own, with least rights (G5.2.1)", () => {
            const members = all(plan, "gcp:projects/iAMMember:IAMMember");
            assert.deepEqual(members.map(member => setting(member, "role")).sort(), [
                "roles/artifactregistry.reader",
                "roles/container.defaultNodeServiceAccount",
            ]);
            assert.deepEqual([...new Set(members.map(member => setting(member, "member")))], ["serviceAccount:${central-identity.email}"]);
            const accountId = String(setting(find(plan, "gcp:serviceaccount/account:Account", "central-identity"), "accountId"));
            assert.match(accountId, /^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/);
        });

        it("waits for the rights of the nodes' account", () => {
            const awaited = waitsFor(plan, find(plan, clusterType, "central"));
            assert.deepEqual(labels(all(plan, "gcp:projects/iAMMember:IAMMember")).filter(one => !awaited.has(one)), []);
        });

        it("tells the node accounts of two stacks of one project apart", async () => {
            const other = await planConfig({ clusters: [config] }, "second");
            const ids = [plan, other].map(one => setting(find(one, "gcp:serviceaccount/account:Account", "central-identity"), "accountId"));
            assert.equal(new Set(ids).size, 2);
        });

        it("turns on the APIs that it needs, and leaves them on for others", () => {
            const services = all(plan, serviceType);
            assert.ok(services.every(service => setting(service, "disableOnDestroy") === false && setting(service, "project") === "acme-prod"));
            const apis = services.map(service => String(setting(service, "service")));
            // Rights in a project are read and written by Resource Manager.
            const needed = ["cloudkms", "cloudresourcemanager", "compute", "container", "iam"];
            assert.deepEqual(needed.filter(api => !apis.includes(`${api}.googleapis.com`)), []);
        });

        it("makes nothing before its API is on", () => {
            const early = plan.recording.resources.filter(resource => {
                const api = apiOf[resource.type.split("/")[0] ?? ""];
                return api !== undefined && !waitsFor(plan, resource).has(`${serviceType} central-${api}`);
            });
            assert.deepEqual(labels(early), []);
        });

        it("asks gcloud's plugin for tokens", () => {
            const text = setting(find(plan, "pulumi:providers:kubernetes", "central-kubernetes"), "kubeconfig");
            const { clusters, users } = JSON.parse(String(text)) as { clusters: unknown[]; users: { user: unknown }[] };
            assert.deepEqual(clusters, [
                {
                    name: "${central.name}",
                    cluster: { server: "https://${central.endpoint}", "certificate-authority-data": "${central.clusterCaCertificate}" },
                },
            ]);
            assert.deepEqual(users[0]?.user, {
                exec: {
                    apiVersion: "client.authentication.k8s.io/v1beta1",
                    interactiveMode: "IfAvailable",
                    command: "gke-gcloud-auth-plugin",
                    args: [],
                    installHint: "gcloud components install gke-gcloud-auth-plugin",
                    provideClusterInfo: true,
                },
            });
        });
    });
}

describe("GkeCluster with Autopilot", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planConfig({ clusters: [clusterConfigs.gke] });
    });
    const cluster = (path: string): unknown => setting(find(plan, clusterType, "central"), path);

    it("is on", () => {
        assert.equal(cluster("enableAutopilot"), true);
    });

    for (const key of forbiddenWithAutopilot) {
        it(`is never given ${key}`, () => {
            assert.equal(cluster(key), undefined);
        });
    }

    it("runs its nodes as the cluster's own account, not the project's default (G5.2.1)", () => {
        assert.deepEqual(cluster("clusterAutoscaling"), {
            autoProvisioningDefaults: {
                serviceAccount: "${central-identity.email}",
                oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
            },
        });
    });

    it("makes no pool", () => {
        assert.deepEqual(all(plan, "gcp:container/nodePool:NodePool"), []);
    });
});

describe("GkeCluster with node pools", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planConfig({ clusters: [{ ...clusterConfigs.gke, nodes: poolNodes.gke }] });
    });
    const cluster = (path: string): unknown => setting(find(plan, clusterType, "central"), path);

    it("leaves Autopilot alone", () => {
        assert.equal(cluster("enableAutopilot"), undefined);
    });

    it("removes the default pool, which is no project editor while it lives (CKV_GCP_123)", () => {
        assert.deepEqual([cluster("removeDefaultNodePool"), cluster("initialNodeCount")], [true, 1]);
        assert.deepEqual(cluster("nodeConfig"), { serviceAccount: "${central-identity.email}", shieldedInstanceConfig: { enableSecureBoot: true } });
    });

    it("never replaces the cluster for the default pool's sake", () => {
        assert.deepEqual(find(plan, clusterType, "central").ignoreChanges, ["nodeConfig"]);
    });

    it("shields nodes (CKV_GCP_71)", () => {
        assert.equal(cluster("enableShieldedNodes"), true);
    });

    it("sees traffic between pods of one node (CKV_GCP_61)", () => {
        assert.equal(cluster("enableIntranodeVisibility"), true);
    });

    it("plans its pod range for as many pods a node as GKE is told", () => {
        assert.equal(cluster("defaultMaxPodsPerNode"), 64);
    });

    it("has cluster DNS by the cloud, cached on each node: no pod of ours can take it down", () => {
        assert.deepEqual(cluster("dnsConfig"), { clusterDns: "CLOUD_DNS", clusterDnsScope: "CLUSTER_SCOPE" });
        assert.deepEqual(cluster("addonsConfig.dnsCacheConfig"), { enabled: true });
    });

    it("has what the app needs: load balancing, autoscaling, disks", () => {
        assert.deepEqual(cluster("addonsConfig.httpLoadBalancing"), { disabled: false });
        assert.deepEqual(cluster("addonsConfig.horizontalPodAutoscaling"), { disabled: false });
        assert.deepEqual(cluster("addonsConfig.gcePersistentDiskCsiDriverConfig"), { enabled: true });
    });
});
