// What mocks can't prove: that a cloud gives a token for a token, or that a bucket refuses what its policy does. That Velero 1.18.1 trades a
// pod's token for access to S3 and Cloud Storage was seen with its own code against servers on loopback.
import assert from "node:assert/strict";

import { policySummary } from "../../plan/policy";
import { nameOf } from "../support/clusters";
import { fullApp, twoClouds } from "../support/kubernetes";
import { all, clusterConfigs, find, inputsOf, planConfig, poolNodes, tagsOf, type RawConfig } from "../support/plan";
import { type AccessValues, locationsOn, planBackups, statementsIn, types, valuesOn } from "./backupPlans";

const { eks, gke } = clusterConfigs;

describe("the backups of two clouds", () => {
    it("cross over: each cluster's go to the other cloud, and are read there", async () => {
        const planned = await planBackups([eks, gke]);
        assert.deepEqual(all(planned, types.s3).map(({ name, parent }) => [name, nameOf(parent)]), [["east-backups-central", "east-backups-central"]]);
        assert.deepEqual(all(planned, types.gcs).map(({ name, parent }) => [name, nameOf(parent)]), [["central-backups-east", "central-backups-east"]]);
        const [inGcs, inS3] = [{ bucket: "${central-backups-east.name}", prefix: "east" }, { bucket: "${east-backups-central.id}", prefix: "central" }];
        assert.deepEqual(locationsOn(planned, "east"), {
            east: { provider: "gcp", default: true, accessMode: "ReadWrite", objectStorage: inGcs, config: { serviceAccount: "${east-backup-gcs.email}" } },
            central: { provider: "aws", default: false, accessMode: "ReadOnly", objectStorage: inS3, config: { region: "us-east-1" } },
        });
        assert.deepEqual(locationsOn(planned, "central"), {
            central: { provider: "aws", default: true, accessMode: "ReadWrite", objectStorage: inS3, config: { region: "us-east-1" } },
            east: { provider: "gcp", default: false, accessMode: "ReadOnly", objectStorage: inGcs, config: { serviceAccount: "${central-backup-gcs.email}" } },
        });
        for (const cluster of ["east", "central"]) {
            assert.deepEqual(valuesOn(planned, cluster).initContainers.map(({ name }) => name).sort(), ["plugin-aws", "plugin-gcp"]);
        }
    });

    it("lie in the same buckets, whichever cluster comes first", async () => {
        const urns = async (clusters: readonly RawConfig[]): Promise<readonly string[]> =>
            (await planBackups(clusters)).recording.resources.filter(({ urn }) => urn.includes(":BackupStore")).map(({ urn }) => urn).sort();
        const [forth, back] = [await urns([eks, gke]), await urns([gke, eks])];
        assert.equal(forth.length, 10);
        assert.deepEqual(back, forth);
    });

    it("are protected and outlive the stack, with all that guards them", async () => {
        const planned = await planBackups([eks, gke]);
        for (const [type, name] of [[types.s3, "east-backups-central"], [types.gcs, "central-backups-east"]] as const) {
            const { protect, retainOnDelete, provider } = find(planned, type, name);
            assert.deepEqual([protect, retainOnDelete], [true, true], name);
            assert.equal(nameOf(provider), type === types.s3 ? "east-aws" : "central-gcp");
        }
        const guards = planned.recording.resources.filter(({ type, name }) => type.startsWith("aws:s3/") && type !== types.s3 && name === "east-backups-central");
        assert.deepEqual(guards.map(({ type }) => type.split(":").at(-1)).sort(), [
            "BucketLifecycleConfiguration",
            "BucketPolicy",
            "BucketPublicAccessBlock",
            "BucketServerSideEncryptionConfiguration",
            "BucketVersioning",
        ]);
        assert.deepEqual(guards.filter(({ retainOnDelete }) => !retainOnDelete), []);
        const open = await planBackups([{ ...eks, protect: false }, { ...gke, protect: false }]);
        for (const type of [types.s3, types.gcs]) {
            assert.deepEqual(all(open, type).map(({ protect, retainOnDelete }) => [protect, retainOnDelete]), [[false, true]]);
        }
    });

    it("are closed to the public, encrypted, and to be had back for 14 days on S3", async () => {
        const planned = await planBackups([eks, gke]);
        const of = (kind: string): Readonly<Record<string, unknown>> => inputsOf(find(planned, `aws:s3/bucket${kind}:Bucket${kind}`, "east-backups-central"));
        const common = { bucket: "${east-backups-central.id}", region: "us-east-1" };
        assert.deepEqual(inputsOf(find(planned, types.s3, "east-backups-central")), { region: "us-east-1", tags: tagsOf("east-backups-central") });
        assert.deepEqual(of("Versioning"), { ...common, versioningConfiguration: { status: "Enabled" } });
        assert.deepEqual(of("ServerSideEncryptionConfiguration"), { ...common, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] });
        assert.deepEqual(of("PublicAccessBlock"), { ...common, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true });
        assert.deepEqual(of("LifecycleConfiguration"), {
            ...common,
            rules: [
                {
                    id: "regret",
                    status: "Enabled",
                    filter: {},
                    noncurrentVersionExpiration: { noncurrentDays: 14 },
                    expiration: { expiredObjectDeleteMarker: true },
                    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
                },
            ],
        });
        const arn = "${east-backups-central.arn}";
        const denied = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [arn, `${arn}/*`] };
        assert.deepEqual(statementsIn(of("Policy")["policy"]), [
            { ...denied, Condition: { Bool: { "aws:SecureTransport": "false" } } },
            { ...denied, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
        ]);
    });

    it("are closed to the public, and to be had back for 14 days, on Cloud Storage", async () => {
        assert.deepEqual(inputsOf(find(await planBackups([eks, gke]), types.gcs, "central-backups-east")), {
            project: "acme-prod",
            location: "US-CENTRAL1",
            storageClass: "STANDARD",
            uniformBucketLevelAccess: true,
            publicAccessPrevention: "enforced",
            forceDestroy: false,
            softDeletePolicy: { retentionDurationSeconds: 14 * 24 * 3600 },
            lifecycleRules: [{ action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } }],
        });
    });

    it("are written by one cluster alone, and nobody may delete versions or change the bucket", async () => {
        const planned = await planBackups([eks, gke]);
        const arn = "${east-backups-central.arn}";
        const list = { Effect: "Allow", Action: ["s3:ListBucket"], Resource: arn };
        const own = all(planned, "aws:iam/rolePolicy:RolePolicy").filter(({ name }) => name.includes("-backup-"));
        const policies = Object.fromEntries(own.map(role => [role.name, statementsIn(inputsOf(role)["policy"])]));
        assert.deepEqual(policies, {
            "central-backup-s3": [
                list,
                { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], Resource: `${arn}/*` },
            ],
            "east-backup-s3": [
                list,
                { Effect: "Allow", Action: ["s3:GetObject"], Resource: `${arn}/*` },
                { Effect: "Allow", Action: ["s3:PutObject", "s3:DeleteObject"], Resource: `${arn}/central/restores/*` },
            ],
        });
        const bindings = all(planned, "gcp:storage/bucketIAMMember:BucketIAMMember").map(binding => inputsOf(binding));
        const inGcs = { bucket: "${central-backups-east.name}" };
        assert.deepEqual(bindings.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))), [
            {
                ...inGcs,
                condition: { title: "Results of restores", expression: 'resource.name.startsWith("projects/_/buckets/${central-backups-east.name}/objects/east/restores/")' },
                member: "serviceAccount:${central-backup-gcs.email}",
                role: "roles/storage.objectUser",
            },
            { ...inGcs, member: "serviceAccount:${central-backup-gcs.email}", role: "roles/storage.objectViewer" },
            { ...inGcs, member: "serviceAccount:${east-backup-gcs.email}", role: "roles/storage.objectUser" },
        ]);
        assert.deepEqual(all(planned, "gcp:projects/iAMMember:IAMMember").filter(({ name }) => name.includes("-backup-")), []);
    });

    it("are reached without a key: by tokens, by Pod Identity, and by GKE's own metadata", async () => {
        const planned = await planBackups([eks, gke]);
        assert.deepEqual(planned.recording.resources.filter(({ type }) => /:Secret$|:AccessKey$|serviceaccount\/key|:User$/.test(type)), []);
        const [east, central] = [valuesOn(planned, "east"), valuesOn(planned, "central")];
        const own = (values: AccessValues): unknown[] => values.configuration.extraEnvVars.filter(({ name }) => name !== "HOME");
        // EKS: a token for Google, by a file where Google's libraries look for it; AWS by Pod Identity.
        const token = { serviceAccountToken: { audience: "https://iam.googleapis.com/${east-pool-acme-prod.name}", path: "token" } };
        assert.deepEqual(own(east), []);
        const [google] = all(planned, "kubernetes:core/v1:ConfigMap").filter(({ name }) => name === "east-backup-google");
        assert.ok(google);
        const file = inputsOf<{ data: Record<string, string> }>(google).data;
        assert.deepEqual(Object.keys(file), ["application_default_credentials.json"]);
        assert.equal((JSON.parse(file["application_default_credentials.json"] ?? "") as { type: string }).type, "external_account");
        assert.deepEqual(east.extraVolumes[0], { name: "google-token", projected: { sources: [token] } });
        assert.deepEqual(east.extraVolumeMounts, [
            { name: "google-token", mountPath: "/var/run/secrets/holdfast.google", readOnly: true },
            { name: "google-credentials", mountPath: "/scratch/.config/gcloud", readOnly: true },
        ]);
        assert.deepEqual(east.serviceAccount.server, { create: true, name: "velero", annotations: {} });
        const associations = all(planned, "aws:eks/podIdentityAssociation:PodIdentityAssociation").map(one => inputsOf(one));
        assert.deepEqual(associations.map(({ namespace, serviceAccount }) => [namespace, serviceAccount]), [["velero", "velero"]]);
        // GKE: a token for AWS; Google by the node's metadata server.
        assert.deepEqual(own(central), [
            { name: "AWS_ROLE_ARN", value: "${central-backup-s3.arn}" },
            { name: "AWS_ROLE_SESSION_NAME", value: "central-backup" },
            { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/var/run/secrets/holdfast.aws/token" },
            { name: "AWS_REGION", value: "us-east-1" },
        ]);
        assert.deepEqual(central.extraVolumes, [{ name: "aws-token", projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 3600, path: "token" } }] } }]);
        assert.deepEqual(central.serviceAccount.server, { create: true, name: "velero", annotations: { "iam.gke.io/gcp-service-account": "${central-backup-gcs.email}" } });
        for (const { credentials, nodeAgent, extraVolumes, extraVolumeMounts } of [east, central]) {
            assert.deepEqual(credentials, { useSecret: false });
            // Pods that copy have what the agents have.
            assert.deepEqual([nodeAgent.extraVolumes.slice(1), nodeAgent.extraVolumeMounts.slice(1)], [extraVolumes, extraVolumeMounts]);
        }
    });

    it("break no rule of the policy pack that the stack keeps without them", async () => {
        for (const clusters of [[eks, gke], [{ ...eks, nodes: poolNodes.eks }, { ...gke, nodes: poolNodes.gke }]]) {
            const broken = async (platform: RawConfig): Promise<readonly string[]> => {
                const { recording } = await planConfig({ ...twoClouds, clusters, app: { ...twoClouds.app, state: fullApp.state }, platform });
                return policySummary(recording).violations.map(({ rule, resource }) => `${rule} ${resource}`);
            };
            assert.deepEqual(await broken({ backup: true }), await broken({}));
        }
    });
});
