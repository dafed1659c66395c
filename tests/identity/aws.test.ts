// Access to AWS as it is asked for. A mock cannot prove that IAM reads the conditions so, that EKS sets those tags on every session, or that
// AWS reaches an issuer: that takes an account.
import assert from "node:assert/strict";

import { awsTokenOf } from "../../components/identity/awsToken";
import { nameOf } from "../support/clusters";
import { clusterConfigs, inputsOf, poolNodes } from "../support/plan";
import { accessAws, jsonOf, ofType, only, rack, statements, valueOf } from "./support";

const types = {
    issuer: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    role: "aws:iam/role:Role",
    policy: "aws:iam/rolePolicy:RolePolicy",
    association: "aws:eks/podIdentityAssociation:PodIdentityAssociation",
} as const;

const gkeIssuer = "container.googleapis.com/v1/projects/acme-prod/locations/us-central1/clusters/${central.name}";

describe("access to AWS", () => {
    for (const nodes of [{ mode: "auto" }, poolNodes.eks]) {
        describe(`from EKS, nodes by ${nodes.mode}`, () => {
            const made = () => accessAws({ ...clusterConfigs.eks, nodes });

            it("is EKS's for one service account of one cluster, by the tags of the session", async () => {
                const { recording, accesses } = await made();
                const role = ofType(recording, types.role).find(({ name }) => name === "copies");
                assert.ok(role);
                assert.deepEqual(jsonOf(role, "assumeRolePolicy"), {
                    Version: "2012-10-17",
                    Statement: [
                        {
                            Effect: "Allow",
                            Principal: { Service: "pods.eks.amazonaws.com" },
                            Action: ["sts:AssumeRole", "sts:TagSession"],
                            Condition: {
                                StringEquals: {
                                    "aws:RequestTag/eks-cluster-arn": "${east.arn}",
                                    "aws:RequestTag/kubernetes-namespace": "velero",
                                    "aws:RequestTag/kubernetes-service-account": "server",
                                },
                            },
                        },
                    ],
                });
                assert.deepEqual(accesses.map(({ by }) => by), ["pod"]);
            });

            it("is associated with that service account, and waits for its rights and its association", async () => {
                const { recording, accesses } = await made();
                const association = ofType(recording, types.association).find(({ name }) => name === "copies");
                assert.ok(association);
                assert.deepEqual(inputsOf(association), {
                    clusterName: "holdfast-test-east",
                    namespace: "velero",
                    serviceAccount: "server",
                    roleArn: "${copies.arn}",
                });
                const ready = await Promise.all(accesses.flatMap(access => access.ready).map(({ urn }) => valueOf(urn)));
                assert.deepEqual(ready.map(urn => urn.split("::").slice(-2).join(" ").replace(/.*\$/, "")), [`${types.policy} copies`, `${types.association} copies`]);
            });

            it("needs no issuer in AWS and no provider but the cluster's own", async () => {
                const { recording, asked } = await made();
                assert.deepEqual(ofType(recording, types.issuer), []);
                assert.equal(asked, 0);
                const own = recording.resources.filter(({ name, custom }) => custom && name === "copies");
                assert.deepEqual([...new Set(own.map(({ provider }) => nameOf(provider)))], ["east-aws"]);
            });
        });
    }

    for (const { label, cluster, parent, key } of [
        { label: "GKE Autopilot", cluster: clusterConfigs.gke, parent: "central", key: gkeIssuer },
        { label: "GKE node pools", cluster: { ...clusterConfigs.gke, nodes: poolNodes.gke }, parent: "central", key: gkeIssuer },
        { label: "an existing cluster", cluster: rack, parent: "rack", key: "oidc.example.com/rack" },
    ]) {
        describe(`from ${label}`, () => {
            it("is for the tokens of one service account of its issuer, made out to AWS", async () => {
                const { recording, accesses } = await accessAws(cluster);
                assert.deepEqual(jsonOf(only(recording, types.role), "assumeRolePolicy"), {
                    Version: "2012-10-17",
                    Statement: [
                        {
                            Effect: "Allow",
                            Principal: { Federated: `\${${parent}-issuer.arn}` },
                            Action: ["sts:AssumeRoleWithWebIdentity"],
                            Condition: { StringEquals: { [`${key}:aud`]: "sts.amazonaws.com", [`${key}:sub`]: "system:serviceaccount:velero:server" } },
                        },
                    ],
                });
                assert.deepEqual(accesses.map(({ by }) => by), ["token"]);
            });

            it("has AWS know the issuer once, below the cluster, whoever needs it", async () => {
                const { recording } = await accessAws(cluster, ["copies", "zones"]);
                const issuer = only(recording, types.issuer);
                assert.deepEqual(inputsOf(issuer), { url: `https://${key}`, clientIdLists: ["sts.amazonaws.com"] });
                assert.equal(nameOf(issuer.parent), parent);
                assert.deepEqual(ofType(recording, types.role).map(({ name }) => name), ["copies", "zones"]);
                const own = recording.resources.filter(({ type, custom }) => custom && type.startsWith("aws:"));
                assert.deepEqual([...new Set(own.map(({ provider }) => nameOf(provider)))], ["dns"]);
            });
        });
    }

    for (const cluster of [clusterConfigs.eks, clusterConfigs.gke, rack]) {
        it(`allows from ${cluster.kind} what was asked, and no more`, async () => {
            const { recording } = await accessAws(cluster);
            const policies = ofType(recording, types.policy).filter(({ name }) => name === "copies");
            assert.deepEqual(policies.map(policy => jsonOf(policy, "policy")), [{ Version: "2012-10-17", Statement: statements }]);
        });
    }

    describe("in a pod", () => {
        it("is there without a word where the cloud brings it", async () => {
            const { accesses } = await accessAws(clusterConfigs.eks);
            assert.deepEqual(accesses.map(access => awsTokenOf(access, "copies")), [{ env: [], volumes: [], volumeMounts: [] }]);
        });

        it("is elsewhere a short-lived token for AWS alone, where AWS's SDKs look", async () => {
            const { accesses } = await accessAws(clusterConfigs.gke);
            const [access] = accesses;
            assert.ok(access);
            const { env, volumes, volumeMounts } = awsTokenOf(access, "copies");
            assert.deepEqual(env.slice(1), [
                { name: "AWS_ROLE_SESSION_NAME", value: "copies" },
                { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: "/var/run/secrets/holdfast.aws/token" },
                { name: "AWS_REGION", value: "us-east-1" },
            ]);
            assert.equal(env[0]?.name, "AWS_ROLE_ARN");
            assert.equal(env[0].value, access.roleArn);
            assert.deepEqual(volumes, [
                { name: "aws-token", projected: { sources: [{ serviceAccountToken: { audience: "sts.amazonaws.com", expirationSeconds: 3600, path: "token" } }] } },
            ]);
            assert.deepEqual(volumeMounts, [{ name: "aws-token", mountPath: "/var/run/secrets/holdfast.aws", readOnly: true }]);
        });
    });
});
