// What is asked of EKS, KMS and IAM. A mock cannot prove that AWS accepts the combination, that the policies
// grant enough, or that the log group receives anything.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { labels, modes, setting, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, planConfig, poolNodes } from "../support/plan";

const clusterType = "aws:eks/cluster:Cluster";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

/** Who may take on a role, and how. */
function trust(plan: PlannedStack, role: string): { service: unknown; actions: unknown } {
    const policy = JSON.parse(String(setting(find(plan, "aws:iam/role:Role", role), "assumeRolePolicy"))) as {
        Statement: { Principal: { Service: string }; Action: string[] }[];
    };
    assert.equal(policy.Statement.length, 1);
    return { service: policy.Statement[0]?.Principal.Service, actions: policy.Statement[0]?.Action };
}

/** Managed policies of a role, by the names of their attachments. */
function policiesOf(plan: PlannedStack, role: string): string[] {
    return all(plan, attachment)
        .filter(one => setting(one, "role") === `\${${role}.name}`)
        .map(one => String(setting(one, "policyArn")))
        .sort();
}

for (const { title, config } of modes.filter(mode => mode.config.kind === "eks")) {
    describe(`EksCluster, ${title}: what both modes have`, () => {
        let plan: PlannedStack;
        before(async () => {
            plan = await planConfig({ clusters: [{ ...config, version: "1.35" }] });
        });
        const cluster = (path: string): unknown => setting(find(plan, clusterType, "east"), path);

        it("has a private endpoint, and a public one for the named blocks only (CKV_AWS_38/39, E5.4.1/2)", () => {
            assert.equal(cluster("vpcConfig.endpointPrivateAccess"), true);
            assert.equal(cluster("vpcConfig.endpointPublicAccess"), true);
            assert.deepEqual(cluster("vpcConfig.publicAccessCidrs"), ["203.0.113.0/24"]);
        });

        it("has no public endpoint where no block is named (CKV_AWS_39, E5.4.2)", async () => {
            const closed = find(await planConfig({ clusters: [{ ...config, apiAccess: [] }] }), clusterType, "east");
            assert.equal(setting(closed, "vpcConfig.endpointPublicAccess"), false);
            assert.equal(setting(closed, "vpcConfig.endpointPrivateAccess"), true);
            assert.equal(setting(closed, "vpcConfig.publicAccessCidrs"), undefined);
        });

        for (const open of ["0.0.0.0/0", "0.0.0.0/1"]) {
            it(`refuses to open the endpoint to ${open} (CKV_AWS_38)`, async () => {
                await assert.rejects(planConfig({ clusters: [{ ...config, apiAccess: [open] }] }), /apiAccess\[0\]/);
            });
        }

        it("writes all five logs of the control plane (CKV_AWS_37)", () => {
            assert.deepEqual(cluster("enabledClusterLogTypes"), ["api", "audit", "authenticator", "controllerManager", "scheduler"]);
        });

        it("keeps those logs for a year, in a group that exists before EKS would make one (CKV_AWS_338)", () => {
            const group = find(plan, "aws:cloudwatch/logGroup:LogGroup", "east-control-plane");
            assert.equal(setting(group, "name"), `/aws/eks/${String(cluster("name"))}/cluster`);
            assert.equal(setting(group, "retentionInDays"), 365);
            assert.ok(waitsFor(plan, find(plan, clusterType, "east")).has("aws:cloudwatch/logGroup:LogGroup east-control-plane"));
        });

        it("encrypts secrets with its own key (CKV_AWS_58)", () => {
            assert.deepEqual(cluster("encryptionConfig"), { provider: { keyArn: "${east-secrets.arn}" }, resources: ["secrets"] });
        });

        it("turns the key over, and lets its deletion be taken back for 30 days (CKV_AWS_7)", () => {
            assert.deepEqual(labels(all(plan, "aws:kms/key:Key")), ["aws:kms/key:Key east-secrets"]);
            const key = find(plan, "aws:kms/key:Key", "east-secrets");
            assert.equal(setting(key, "enableKeyRotation"), true);
            assert.equal(setting(key, "deletionWindowInDays"), 30);
        });

        it("pins its version", () => {
            assert.equal(cluster("version"), "1.35");
        });

        it("never pays for extended support: supportType STANDARD", () => {
            assert.deepEqual(cluster("upgradePolicy"), { supportType: "STANDARD" });
        });

        it("knows access entries only, and gives its creator no rights", () => {
            assert.deepEqual(cluster("accessConfig"), { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false });
        });

        it("makes an entry with cluster-admin rights for each admin, by account and name", async () => {
            const admins = ["arn:aws:iam::123456789012:role/platform", "arn:aws:iam::210987654321:user/ops/jo"];
            const two = await planConfig({ clusters: [{ ...config, admins }] });
            const names = ["east-admin-123456789012-role/platform", "east-admin-210987654321-user/ops/jo"];
            assert.deepEqual(all(two, "aws:eks/accessEntry:AccessEntry").map(({ name }) => name).sort(), names);
            for (const [index, name] of names.entries()) {
                assert.equal(setting(find(two, "aws:eks/accessEntry:AccessEntry", name), "principalArn"), admins[index]);
                assert.deepEqual(inputsOf(find(two, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation", name)), {
                    clusterName: "holdfast-test-east",
                    principalArn: admins[index],
                    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
                    accessScope: { type: "cluster" },
                });
            }
            assert.equal(all(two, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation").length, 2);
        });

        it("tells admins apart whose ARNs differ only by a slash", async () => {
            const admins = ["arn:aws:iam::123456789012:role/team/ops", "arn:aws:iam::123456789012:role/team-ops"];
            const urns = all(await planConfig({ clusters: [{ ...config, admins }] }), "aws:eks/accessEntry:AccessEntry").map(({ urn }) => urn);
            assert.equal(new Set(urns).size, 2, `both are ${urns[0]}`);
        });

        it("refuses an admin that is named twice, before Pulumi does", async () => {
            const [admin] = clusterConfigs.eks.admins;
            await assert.rejects(planConfig({ clusters: [{ ...config, admins: [admin, admin] }] }), /admins/);
        });

        it("lets nobody talk to Kubernetes before the admins' rights are there", () => {
            const awaited = waitsFor(plan, find(plan, "pulumi:providers:kubernetes", "east-kubernetes"));
            assert.ok(awaited.has("aws:eks/accessPolicyAssociation:AccessPolicyAssociation east-admin-123456789012-role/platform"));
        });

        it("refuses deletion in the cloud while protected, and only then", async () => {
            assert.equal(cluster("deletionProtection"), true);
            const open = await planConfig({ clusters: [{ ...config, protect: false }] });
            assert.equal(setting(find(open, clusterType, "east"), "deletionProtection"), false);
        });

        it("takes part in zonal shift", () => {
            assert.deepEqual(cluster("zonalShiftConfig"), { enabled: true });
        });

        it("lies in the private subnet of every zone", () => {
            assert.deepEqual(
                cluster("vpcConfig.subnetIds"),
                ["a", "b", "c"].map(letter => `\${east-network-private-us-east-1${letter}.id}`),
            );
        });

        it("brings no add-ons that nobody chose", () => {
            assert.equal(cluster("bootstrapSelfManagedAddons"), false);
        });

        it("waits for the rights of its role, so that it can also clean up with them", () => {
            const awaited = waitsFor(plan, find(plan, clusterType, "east"));
            const rights = labels(all(plan, attachment).filter(one => setting(one, "role") === "${east-cluster.name}"));
            assert.ok(rights.length > 0);
            assert.deepEqual(rights.filter(one => !awaited.has(one)), []);
        });

        it("asks the AWS CLI for tokens of this very cluster", () => {
            const text = setting(find(plan, "pulumi:providers:kubernetes", "east-kubernetes"), "kubeconfig");
            assert.deepEqual(JSON.parse(String(text)), {
                apiVersion: "v1",
                kind: "Config",
                clusters: [
                    {
                        name: "holdfast-test-east",
                        cluster: { server: "https://${east.endpoint}", "certificate-authority-data": "${east.certificateAuthority}" },
                    },
                ],
                users: [
                    {
                        name: "holdfast-test-east",
                        user: {
                            exec: {
                                apiVersion: "client.authentication.k8s.io/v1beta1",
                                interactiveMode: "IfAvailable",
                                command: "aws",
                                args: ["--region", "us-east-1", "eks", "get-token", "--cluster-name", "holdfast-test-east", "--output", "json"],
                            },
                        },
                    },
                ],
                contexts: [{ name: "holdfast-test-east", context: { cluster: "holdfast-test-east", user: "holdfast-test-east" } }],
                "current-context": "holdfast-test-east",
            });
        });

        it("works in its own region, and tags everything with its owner", () => {
            const provider = find(plan, "pulumi:providers:aws", "east-aws");
            assert.equal(setting(provider, "region"), "us-east-1");
            assert.deepEqual(JSON.parse(String(setting(provider, "defaultTags"))), { tags: { "managed-by": "holdfast", stack: "test" } });
        });
    });
}

describe("EksCluster with Auto Mode", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planConfig({ clusters: [clusterConfigs.eks] });
    });
    const cluster = (path: string): unknown => setting(find(plan, clusterType, "east"), path);

    it("turns on compute, load balancing and block storage together: EKS refuses fewer", () => {
        assert.deepEqual(cluster("computeConfig"), { enabled: true, nodePools: ["general-purpose", "system"], nodeRoleArn: "${east-node.arn}" });
        assert.deepEqual(cluster("kubernetesNetworkConfig"), { ipFamily: "ipv4", elasticLoadBalancing: { enabled: true } });
        assert.deepEqual(cluster("storageConfig"), { blockStorage: { enabled: true } });
    });

    it("gives the cluster's role what Auto Mode needs, and EKS the right to tag its sessions", () => {
        assert.deepEqual(trust(plan, "east-cluster"), { service: "eks.amazonaws.com", actions: ["sts:AssumeRole", "sts:TagSession"] });
        assert.deepEqual(
            policiesOf(plan, "east-cluster"),
            ["BlockStorage", "Cluster", "Compute", "LoadBalancing", "Networking"].map(part => `arn:aws:iam::aws:policy/AmazonEKS${part}Policy`),
        );
    });

    it("lets EC2 alone take on the nodes' role", () => {
        assert.deepEqual(trust(plan, "east-node"), { service: "ec2.amazonaws.com", actions: ["sts:AssumeRole"] });
    });
});

describe("EksCluster with node pools", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planConfig({ clusters: [{ ...clusterConfigs.eks, nodes: poolNodes.eks }] });
    });
    const cluster = (path: string): unknown => setting(find(plan, clusterType, "east"), path);

    it("turns all three parts of Auto Mode off together", () => {
        assert.deepEqual(cluster("computeConfig"), { enabled: false });
        assert.deepEqual(cluster("kubernetesNetworkConfig"), { ipFamily: "ipv4", elasticLoadBalancing: { enabled: false } });
        assert.deepEqual(cluster("storageConfig"), { blockStorage: { enabled: false } });
    });

    it("gives the cluster's role the cluster's policy alone", () => {
        assert.deepEqual(trust(plan, "east-cluster"), { service: "eks.amazonaws.com", actions: ["sts:AssumeRole"] });
        assert.deepEqual(policiesOf(plan, "east-cluster"), ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]);
    });
});
