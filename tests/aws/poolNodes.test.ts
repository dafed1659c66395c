// Managed node groups and add-ons as they are asked for. A mock cannot prove that an add-on takes its
// configuration, that a machine type exists in a zone, or that pods get their identity.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { label, labels, setting, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, planConfig, poolNodes } from "../support/plan";

const groupType = "aws:eks/nodeGroup:NodeGroup";
const templateType = "aws:ec2/launchTemplate:LaunchTemplate";
const addonType = "aws:eks/addon:Addon";
const { zones } = clusterConfigs.eks;

function planPools(pools: readonly object[], over: readonly string[] = zones, name = "east"): Promise<PlannedStack> {
    return planConfig({ clusters: [{ ...clusterConfigs.eks, name, zones: over, nodes: { mode: "pools", pools } }] });
}

/** Sizes of a pool's groups, in the order of the zones: [min, desired, max]. */
function sizes(plan: PlannedStack, pool: string): unknown[] {
    return zones.map(zone => {
        const group = find(plan, groupType, `east-nodes-${pool}-${zone}`);
        return ["minSize", "desiredSize", "maxSize"].map(key => setting(group, `scalingConfig.${key}`));
    });
}

describe("PoolNodes: node groups", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planPools(poolNodes.eks.pools);
    });

    it("has one group for each zone, in that zone's private subnet", () => {
        assert.deepEqual(labels(all(plan, groupType)), zones.map(zone => `${groupType} east-nodes-general-${zone}`));
        for (const zone of zones) {
            assert.deepEqual(setting(find(plan, groupType, `east-nodes-general-${zone}`), "subnetIds"), [`\${east-network-private-${zone}.id}`]);
        }
    });

    for (const [min, max, expected] of [
        [3, 9, [[1, 1, 3], [1, 1, 3], [1, 1, 3]]],
        [4, 11, [[2, 2, 4], [1, 1, 4], [1, 1, 3]]],
        [5, 7, [[2, 2, 3], [2, 2, 2], [1, 1, 2]]],
    ] as const) {
        it(`shares ${min} to ${max} nodes out exactly`, async () => {
            const shared = sizes(await planPools([{ ...poolNodes.eks.pools[0], minNodes: min, maxNodes: max }]), "general");
            assert.deepEqual(shared, expected);
        });
    }

    it("lets a spot pool come down to no node", async () => {
        const pools = [...poolNodes.eks.pools, { name: "cheap", machine: "m7i.large", minNodes: 0, maxNodes: 3, spot: true }];
        assert.deepEqual(sizes(await planPools(pools), "cheap"), [[0, 0, 1], [0, 0, 1], [0, 0, 1]]);
    });

    it("follows config in its present size, while no autoscaler owns that: a raised minimum would be refused otherwise", () => {
        assert.deepEqual(all(plan, groupType).map(({ ignoreChanges }) => ignoreChanges), [[], [], []]);
    });

    it("replaces one node at a time", () => {
        assert.deepEqual(all(plan, groupType).map(group => setting(group, "updateConfig")), Array(3).fill({ maxUnavailable: 1 }));
    });

    it("repairs nodes by itself, with the agent that tells it which", () => {
        assert.deepEqual(all(plan, groupType).map(group => setting(group, "nodeRepairConfig")), Array(3).fill({ enabled: true }));
        assert.equal(setting(find(plan, addonType, "east-nodes-monitoring"), "addonName"), "eks-node-monitoring-agent");
    });

    it("opens no SSH (CKV_AWS_100)", () => {
        assert.deepEqual(all(plan, groupType).filter(group => "remoteAccess" in inputsOf(group)), []);
        assert.equal("keyName" in inputsOf(find(plan, templateType, "east-nodes-general")), false);
    });

    it("keeps to the cluster's version, so that both move together", () => {
        assert.deepEqual(all(plan, groupType).map(group => setting(group, "version")), ["1.35", "1.35", "1.35"]);
    });

    it("waits for rights, node add-ons and routes, without which a node never gets ready", () => {
        for (const group of all(plan, groupType)) {
            const awaited = waitsFor(plan, group);
            const needed = [
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment east-nodes-AmazonEKSWorkerNodePolicy",
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment east-nodes-AmazonEC2ContainerRegistryPullOnly",
                ...["vpc-cni", "kube-proxy", "pod-identity"].map(addon => `${addonType} east-nodes-${addon}`),
                ...zones.map(zone => `aws:ec2/route:Route east-network-private-${zone}-default`),
            ];
            assert.deepEqual(needed.filter(one => !awaited.has(one)), [], label(group));
        }
    });

    it("gives nodes the worker's rights and the right to pull images, and not the network's", () => {
        const rights = all(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(
            one => setting(one, "role") === "${east-node.name}",
        );
        assert.deepEqual(rights.map(one => setting(one, "policyArn")).sort(), [
            "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
            "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        ]);
    });

    it("labels nodes with their pool, and taints none that may carry anything", () => {
        for (const group of all(plan, groupType)) {
            assert.deepEqual(inputsOf<{ labels: unknown }>(group).labels, { "holdfast.dev/pool": "general" });
            assert.equal("taints" in inputsOf(group), false);
            assert.equal(setting(group, "capacityType"), "ON_DEMAND");
        }
    });

    it("keeps spot nodes for pods that can lose them", async () => {
        const pools = [...poolNodes.eks.pools, { name: "cheap", machine: "m7i.large", minNodes: 0, maxNodes: 3, spot: true }];
        const group = find(await planPools(pools), groupType, "east-nodes-cheap-us-east-1b");
        assert.equal(setting(group, "capacityType"), "SPOT");
        assert.deepEqual(setting(group, "taints"), [{ key: "holdfast.dev/spot", value: "true", effect: "NO_SCHEDULE" }]);
        assert.deepEqual(inputsOf<{ labels: unknown }>(group).labels, { "holdfast.dev/pool": "cheap", "holdfast.dev/spot": "true" });
    });

    for (const [machine, image] of [
        ["m7i.large", "AL2023_x86_64_STANDARD"],
        ["m7g.large", "AL2023_ARM_64_STANDARD"],
        ["c7gn.xlarge", "AL2023_ARM_64_STANDARD"],
        ["im4gn.large", "AL2023_ARM_64_STANDARD"],
        ["r6gd.large", "AL2023_ARM_64_STANDARD"],
        ["g5.xlarge", "AL2023_x86_64_STANDARD"],
    ] as const) {
        it(`starts ${machine} from ${image}`, async () => {
            const made = all(await planPools([{ ...poolNodes.eks.pools[0], machine }]), groupType);
            assert.deepEqual(made.map(group => setting(group, "amiType")), Array(3).fill(image));
            assert.deepEqual(made.map(group => setting(group, "instanceTypes")), Array(3).fill([machine]));
        });
    }

    it("names a group by pool, zone and what can't change in place, so that a replacement comes before the old one goes", async () => {
        const names = async (change: object): Promise<unknown[]> =>
            all(await planPools([{ ...poolNodes.eks.pools[0], ...change }]), groupType).map(group => setting(group, "nodeGroupName"));
        const before = await names({});
        assert.deepEqual(await names({ minNodes: 6, maxNodes: 12 }), before);
        for (const change of [{ machine: "m7i.xlarge" }, { spot: true }, { diskGb: 100 }]) {
            // A pool of spot nodes needs another beside it; its own groups are told by their pool.
            const pools = [{ ...poolNodes.eks.pools[0], ...change }, { ...poolNodes.eks.pools[0], name: "other" }];
            const after = all(await planPools(pools), groupType).map(group => setting(group, "nodeGroupName"));
            assert.deepEqual(after.filter(name => before.includes(name)), [], JSON.stringify(change));
        }
    });

    it("keeps names within EKS's 63 characters, for the longest names and zones allowed", async () => {
        const long = "a".repeat(20);
        const zones = ["ap-southeast-1a", "ap-southeast-1b"];
        const config = { ...clusterConfigs.eks, name: long, region: "ap-southeast-1", zones };
        const nodes = { mode: "pools", pools: [{ ...poolNodes.eks.pools[0], name: long }] };
        const groups = all(await planConfig({ clusters: [{ ...config, nodes }] }), groupType);
        const lengths = groups.map(group => String(setting(group, "nodeGroupName")).length);
        assert.equal(lengths.length, 2);
        assert.ok(Math.max(...lengths) <= 63, lengths.join(", "));
    });
});

describe("PoolNodes: launch templates", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planPools([{ ...poolNodes.eks.pools[0], diskGb: 80 }]);
    });
    const template = (path: string): unknown => setting(find(plan, templateType, "east-nodes-general"), path);

    it("is one for each pool, and its newest version is what the groups run", () => {
        assert.deepEqual(labels(all(plan, templateType)), [`${templateType} east-nodes-general`]);
        assert.equal(template("updateDefaultVersion"), true);
        for (const group of all(plan, groupType)) {
            assert.deepEqual(setting(group, "launchTemplate"), { id: "${east-nodes-general.id}", version: "1" });
        }
    });

    it("hands out instance metadata by token only, and not to pods (CKV_AWS_79, CKV_AWS_341)", () => {
        assert.deepEqual(template("metadataOptions"), { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 });
    });

    it("encrypts the nodes' disks", () => {
        assert.deepEqual(template("blockDeviceMappings"), [
            {
                deviceName: "/dev/xvda",
                ebs: { volumeSize: 80, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
            },
        ]);
    });

    it("asks for no public address (CKV_AWS_88)", () => {
        assert.equal("networkInterfaces" in inputsOf(find(plan, templateType, "east-nodes-general")), false);
    });
});

describe("PoolNodes: add-ons", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planPools(poolNodes.eks.pools);
    });
    const configuration = (name: string): unknown =>
        JSON.parse(String(setting(find(plan, addonType, name), "configurationValues")));

    it("are these seven, each of this cluster", () => {
        const addons = all(plan, addonType);
        assert.deepEqual(addons.map(addon => setting(addon, "addonName")).sort(), [
            "aws-ebs-csi-driver",
            "coredns",
            "eks-node-monitoring-agent",
            "eks-pod-identity-agent",
            "kube-proxy",
            "metrics-server",
            "vpc-cni",
        ]);
        assert.deepEqual([...new Set(addons.map(addon => setting(addon, "clusterName")))], ["holdfast-test-east"]);
    });

    it("take over what is there at first, and keep what people changed later", () => {
        for (const addon of all(plan, addonType)) {
            assert.deepEqual(
                [setting(addon, "resolveConflictsOnCreate"), setting(addon, "resolveConflictsOnUpdate")],
                ["OVERWRITE", "PRESERVE"],
                label(addon),
            );
        }
    });

    it("enforce NetworkPolicies (E5.4.4)", () => {
        assert.deepEqual(configuration("east-nodes-vpc-cni"), { enableNetworkPolicy: "true" });
    });

    it("keep cluster DNS alive through the loss of a zone: scaled, spread, three replicas at least", () => {
        const { autoScaling, topologySpreadConstraints } = configuration("east-nodes-coredns") as {
            autoScaling: unknown;
            topologySpreadConstraints: { topologyKey: string; labelSelector: unknown }[];
        };
        assert.deepEqual(autoScaling, { enabled: true, minReplicas: 3, maxReplicas: 12 });
        assert.deepEqual(topologySpreadConstraints.map(({ topologyKey }) => topologyKey), [
            "topology.kubernetes.io/zone",
            "kubernetes.io/hostname",
        ]);
        assert.deepEqual(topologySpreadConstraints[0]?.labelSelector, { matchLabels: { "k8s-app": "kube-dns" } });
    });

    for (const [addon, role, serviceAccount, policy] of [
        ["east-nodes-vpc-cni", "east-nodes-network", "aws-node", "AmazonEKS_CNI_Policy"],
        ["east-nodes-ebs-csi", "east-nodes-volumes", "ebs-csi-controller-sa", "AmazonEBSCSIDriverPolicyV2"],
    ] as const) {
        it(`gives ${serviceAccount} a role of its own, by Pod Identity (E5.2.1)`, () => {
            const made = find(plan, addonType, addon);
            assert.deepEqual(setting(made, "podIdentityAssociations"), [{ serviceAccount, roleArn: `\${${role}.arn}` }]);
            const { assumeRolePolicy } = inputsOf<{ assumeRolePolicy: string }>(find(plan, "aws:iam/role:Role", role));
            const { Statement } = JSON.parse(assumeRolePolicy) as { Statement: unknown[] };
            assert.deepEqual(Statement, [
                { Effect: "Allow", Principal: { Service: "pods.eks.amazonaws.com" }, Action: ["sts:AssumeRole", "sts:TagSession"] },
            ]);
            const rights = all(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(one => setting(one, "role") === `\${${role}.name}`);
            assert.deepEqual(rights.map(one => setting(one, "policyArn")), [`arn:aws:iam::aws:policy/${policy}`]);
            assert.ok(rights.every(one => waitsFor(plan, made).has(label(one))), "pods must not start without their rights");
        });
    }

    it("come after the nodes where their pods need some", () => {
        for (const name of ["coredns", "ebs-csi", "metrics-server"]) {
            const awaited = waitsFor(plan, find(plan, addonType, `east-nodes-${name}`));
            assert.deepEqual(zones.filter(zone => !awaited.has(`${groupType} east-nodes-general-${zone}`)), [], name);
        }
    });

    it("say that nothing scales the pools yet", () => {
        assert.match(plan.recording.warnings.join("\n"), /autoscaler/);
    });
});
