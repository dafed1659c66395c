// What this can't prove: that a provider replaces what it should; the facts say what was read of each. Inputs are as SDKs take them.
import assert from "node:assert/strict";

import { deletesBeforeReplacing, replacingPaths } from "../../../plan/change/replacing";

type Inputs = Readonly<Record<string, unknown>>;

/** Stands for a value that only an update will know. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const types = {
    cluster: "aws:eks/cluster:Cluster",
    vpc: "aws:ec2/vpc:Vpc",
    subnet: "aws:ec2/subnet:Subnet",
    endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
    nat: "aws:ec2/natGateway:NatGateway",
    nodeGroup: "aws:eks/nodeGroup:NodeGroup",
    ingressRule: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    record: "aws:route53/record:Record",
    gke: "gcp:container/cluster:Cluster",
    nodePool: "gcp:container/nodePool:NodePool",
    range: "gcp:compute/subnetwork:Subnetwork",
    gcs: "gcp:storage/bucket:Bucket",
    deployment: "kubernetes:apps/v1:Deployment",
    statefulSet: "kubernetes:apps/v1:StatefulSet",
    configMap: "kubernetes:core/v1:ConfigMap",
    secret: "kubernetes:core/v1:Secret",
    roleBinding: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    widget: "kubernetes:example.com/v1:Widget",
    release: "kubernetes:helm.sh/v3:Release",
    kubernetes: "pulumi:providers:kubernetes",
    aws: "pulumi:providers:aws",
};

const computed = { enabled: true, nodePools: ["system"], nodeRoleArn: "arn:a" };

/** What is replaced, by the change of which inputs, and by which of them. */
const changes: readonly (readonly [what: string, type: string, before: Inputs, after: Inputs, expected: readonly string[]])[] = [
    ["a cluster by its role", types.cluster, { roleArn: "a" }, { roleArn: "b" }, ["roleArn"]],
    ["no cluster by its version or subnets", types.cluster, { version: "1.34", vpcConfig: { subnetIds: ["a"] } }, { version: "1.35", vpcConfig: { subnetIds: ["b"] } }, []],
    ["a cluster by a setting in a block", types.cluster, {}, { kubernetesNetworkConfig: { serviceIpv4Cidr: "10.0.0.0/16", elasticLoadBalancing: { enabled: true } } }, ["kubernetesNetworkConfig.serviceIpv4Cidr"]],
    ["a cluster by the end of its encryption", types.cluster, { encryptionConfig: { provider: { keyArn: "k" } } }, {}, ["encryptionConfig.provider.keyArn"]],
    ["no cluster by the begin of its encryption", types.cluster, {}, { encryptionConfig: { provider: { keyArn: "k" } } }, []],
    ["a cluster by another role of its nodes", types.cluster, { computeConfig: computed }, { computeConfig: { ...computed, nodeRoleArn: "arn:b" } }, ["computeConfig.nodeRoleArn"]],
    ["no cluster by a role of its nodes where there was none", types.cluster, { computeConfig: { enabled: false } }, { computeConfig: computed }, []],
    ["no cluster by the end of Auto Mode", types.cluster, { computeConfig: computed }, { computeConfig: { enabled: false } }, []],
    ["a cluster by a role that goes without Auto Mode", types.cluster, { computeConfig: computed }, { computeConfig: { enabled: true, nodePools: ["system"] } }, ["computeConfig.nodeRoleArn"]],
    ["a cluster by the end of routing by its customer", types.cluster, { vpcConfig: { controlPlaneEgressMode: "CUSTOMER_ROUTED" } }, { vpcConfig: {} }, ["vpcConfig.controlPlaneEgressMode"]],
    ["a cluster that goes to an outpost", types.cluster, {}, { outpostConfig: { outpostArns: ["a"] } }, ["outpostConfig.outpostArns[0]"]],
    ["a network by its block", types.vpc, { cidrBlock: "10.0.0.0/16" }, { cidrBlock: "10.1.0.0/16" }, ["cidrBlock"]],
    ["no network by a block that comes from elsewhere", types.vpc, { cidrBlock: "10.0.0.0/16" }, { ipv4NetmaskLength: 16, cidrBlock: "10.1.0.0/16" }, ["ipv4NetmaskLength"]],
    ["a network by dedicated hosts", types.vpc, { instanceTenancy: "default" }, { instanceTenancy: "dedicated" }, ["instanceTenancy"]],
    ["no network by the end of dedicated hosts", types.vpc, { instanceTenancy: "dedicated" }, {}, []],
    ["anything of AWS by another region", types.vpc, { region: "a" }, { region: "b" }, ["region"]],
    ["nothing by a region that comes or goes: it may be the provider's", types.vpc, { region: "a" }, {}, []],
    ["a subnet by its IPv6 block where it gives addresses out", types.subnet, { ipv6CidrBlock: "a", assignIpv6AddressOnCreation: true }, { ipv6CidrBlock: "b", assignIpv6AddressOnCreation: true }, ["ipv6CidrBlock"]],
    ["no subnet by its IPv6 block where it does not", types.subnet, { ipv6CidrBlock: "a" }, { ipv6CidrBlock: "b" }, []],
    ["a gateway's endpoint by private names", types.endpoint, { privateDnsEnabled: false }, { privateDnsEnabled: true }, ["privateDnsEnabled"]],
    ["no interface's endpoint by private names", types.endpoint, { vpcEndpointType: "Interface" }, { vpcEndpointType: "Interface", privateDnsEnabled: true }, []],
    ["a NAT gateway by its first addresses", types.nat, {}, { availabilityZoneAddresses: [{ availabilityZone: "a" }] }, ["availabilityZoneAddresses[0].availabilityZone"]],
    ["a private NAT gateway by the number of its addresses", types.nat, { connectivityType: "private" }, { connectivityType: "private", secondaryPrivateIpAddressCount: 2 }, ["secondaryPrivateIpAddressCount"]],
    ["nodes by their machine, and by the template, but not by its version", types.nodeGroup, { instanceTypes: ["a"], launchTemplate: { id: "x", version: "1" } }, { instanceTypes: ["b"], launchTemplate: { id: "y", version: "2" } }, ["instanceTypes[0]", "launchTemplate.id"]],
    ["no nodes by their number and labels", types.nodeGroup, { scalingConfig: { minSize: 1 }, labels: { a: "b" } }, { scalingConfig: { minSize: 2 }, labels: { a: "c" } }, []],
    ["a rule by another kind of source", types.ingressRule, { cidrIpv4: "10.0.0.0/8" }, { referencedSecurityGroupId: "sg" }, ["cidrIpv4", "referencedSecurityGroupId"]],
    ["no rule by another block", types.ingressRule, { cidrIpv4: "10.0.0.0/8" }, { cidrIpv4: "10.0.0.0/9" }, []],
    ["no record by what it answers", types.record, { name: "a", records: ["1"] }, { name: "a", records: ["2"], healthCheckId: "h" }, []],
    ["a GKE cluster by what makes it another kind", types.gke, { enableAutopilot: true }, { defaultMaxPodsPerNode: 64 }, ["enableAutopilot", "defaultMaxPodsPerNode"]],
    ["a GKE cluster by the end of what can only begin", types.gke, { enableL4IlbSubsetting: true, enableFqdnNetworkPolicy: true }, {}, ["enableL4IlbSubsetting", "enableFqdnNetworkPolicy"]],
    ["no GKE cluster by its begin", types.gke, {}, { enableL4IlbSubsetting: true, enableFqdnNetworkPolicy: true, minMasterVersion: "1.35" }, []],
    ["an Autopilot cluster by its domain", types.gke, { enableAutopilot: true }, { enableAutopilot: true, dnsConfig: { additiveVpcScopeDnsDomain: "a" } }, ["dnsConfig.additiveVpcScopeDnsDomain"]],
    ["a node pool by what its nodes are, but not by their size", types.nodePool, { nodeConfig: { machineType: "a", diskSizeGb: 1, spot: false } }, { nodeConfig: { machineType: "b", diskSizeGb: 2, spot: true } }, ["nodeConfig.spot"]],
    ["a range that is another one", types.range, { ipCidrRange: "10.0.0.0/20" }, { ipCidrRange: "10.1.0.0/20" }, ["ipCidrRange"]],
    ["a range that gets smaller", types.range, { ipCidrRange: "10.0.0.0/20" }, { ipCidrRange: "10.0.0.0/21" }, ["ipCidrRange"]],
    ["no range that grows, or that is not known", types.range, { ipCidrRange: "10.0.16.0/20" }, { ipCidrRange: "10.0.0.0/16" }, []],
    ["a bucket by the end of its lock", types.gcs, { retentionPolicy: { isLocked: true } }, {}, ["retentionPolicy.isLocked"]],
    ["an object by its name and namespace", types.widget, { metadata: { name: "a", namespace: "x" } }, { metadata: { name: "b", namespace: "y" } }, ["metadata.name", "metadata.namespace"]],
    ["no object that says that it is in the default namespace", types.widget, { metadata: { name: "a" } }, { metadata: { name: "a", namespace: "default", labels: { b: "c" } } }, []],
    ["a Deployment by its selector, not by its pods", types.deployment, { spec: { selector: { matchLabels: { a: "b" } }, template: {} } }, { spec: { selector: { matchLabels: { a: "c" } }, template: { spec: {} } } }, ["spec.selector.matchLabels.a"]],
    ["a StatefulSet by its claims", types.statefulSet, { spec: { volumeClaimTemplates: [{ spec: { size: 1 } }] } }, { spec: { volumeClaimTemplates: [{ spec: { size: 2 } }] } }, ["spec.volumeClaimTemplates[0].spec.size"]],
    ["a ConfigMap by its data, not by its labels", types.configMap, { data: { a: "1" }, metadata: { labels: {} } }, { data: { a: "2" }, metadata: { labels: { x: "y" } } }, ["data.a"]],
    ["a Secret by its data, its text and its type", types.secret, { data: { a: "1" } }, { stringData: { a: "1" }, type: "Opaque" }, ["data.a", "stringData.a", "type"]],
    ["a binding by its role", types.roleBinding, { roleRef: { name: "a" }, subjects: [] }, { roleRef: { name: "b" }, subjects: [{ name: "c" }] }, ["roleRef.name"]],
    ["a release by its name", types.release, { name: "a", version: "1" }, { name: "b", version: "2" }, ["name"]],
    ["a provider by another cluster's identifier", types.kubernetes, { clusterIdentifier: "a", kubeconfig: "x" }, { clusterIdentifier: "b", kubeconfig: "y" }, ["clusterIdentifier", "kubeconfig"]],
    ["no provider by credentials of the same cluster", types.kubernetes, { clusterIdentifier: "a", kubeconfig: "x", context: "c" }, { clusterIdentifier: "a", kubeconfig: "y", context: "d" }, []],
    ["no provider that is given an identifier", types.kubernetes, { context: "c" }, { context: "c", clusterIdentifier: "a" }, []],
    ["a provider by its context where nothing else says which cluster it is", types.kubernetes, { context: "c" }, { context: "d" }, ["context"]],
    ["no provider of AWS", types.aws, { region: "a", defaultTags: "x" }, { region: "b", defaultTags: "y" }, []],
    ["nothing of a type without facts", "aws:ec2/instance:Instance", { ami: "a" }, { ami: "b" }, []],
    ["an unknown input where it replaces as a whole", types.roleBinding, { roleRef: { name: "a" } }, { roleRef: unknown }, ["roleRef"]],
    ["no unknown input where only a part of it would", types.deployment, { metadata: { name: "a" }, spec: { selector: {} } }, { metadata: unknown, spec: unknown }, []],
];

describe("a provider replaces", () => {
    for (const [what, type, before, after, expected] of changes) {
        it(what, () => {
            assert.deepEqual([...replacingPaths(type, before, after)].sort(), [...expected].sort());
        });
    }

    it("nothing that stays as it is", () => {
        for (const [, type, before, after] of changes) {
            assert.deepEqual([replacingPaths(type, before, structuredClone(before)), replacingPaths(type, after, structuredClone(after))], [[], []], type);
        }
    });
});

describe("a provider deletes before it makes the new one", () => {
    const named = (metadata: Inputs): Inputs => ({ metadata });
    const cases: readonly (readonly [what: string, type: string, before: Inputs, after: Inputs, expected: boolean])[] = [
        ["an object of the same name", types.secret, named({ name: "a", namespace: "x" }), named({ name: "a", namespace: "x" }), true],
        ["none of another name", types.secret, named({ name: "a" }), named({ name: "b" }), false],
        ["none in another namespace", types.secret, named({ name: "a", namespace: "x" }), named({ name: "a", namespace: "y" }), false],
        ["one that is in the default namespace either way", types.secret, named({ name: "a" }), named({ name: "a", namespace: "default" }), true],
        ["none that Pulumi names", types.secret, named({}), named({}), false],
        ["none that Pulumi named and that has a name of its own now", types.secret, named({}), named({ name: "a" }), false],
        ["no release", types.release, { name: "a" }, { name: "a" }, false],
        ["what the program names, in a cloud that names", types.cluster, { name: "a" }, { name: "b" }, true],
        ["nothing that Pulumi names in a cloud", types.gke, {}, {}, false],
        ["nodes of a name", types.nodeGroup, {}, { nodeGroupName: "a" }, true],
        ["nothing whose name is no name of Pulumi's", types.record, { name: "a" }, { name: "a" }, false],
        ["what would delete its own successor", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", {}, {}, true],
        ["no provider", types.kubernetes, {}, {}, false],
    ];
    for (const [what, type, before, after, expected] of cases) {
        it(what, () => {
            assert.equal(deletesBeforeReplacing(type, before, after), expected);
        });
    }
});
