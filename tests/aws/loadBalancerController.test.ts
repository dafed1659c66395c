// The controller's release and rights as they are asked for. A mock cannot prove that the chart takes these
// values, nor that the policy is enough: only the controller's own installation guide says so.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { below, fullApp, labels, made, setting, waitsFor } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, planConfig, poolNodes, tagsOf } from "../support/plan";

interface Statement {
    readonly Effect: string;
    readonly Action: readonly string[];
    readonly Resource: unknown;
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const name = "east-nodes-load-balancers";
const releaseType = "kubernetes:helm.sh/v3:Release";

describe("LoadBalancerController", () => {
    let plan: PlannedStack;
    before(async () => {
        plan = await planConfig({ clusters: [{ ...clusterConfigs.eks, nodes: poolNodes.eks }], app: fullApp });
    });
    const release = (path: string): unknown => setting(find(plan, releaseType, name), path);
    const statements = (): Statement[] =>
        (JSON.parse(String(setting(find(plan, "aws:iam/rolePolicy:RolePolicy", name), "policy"))) as { Statement: Statement[] }).Statement;

    it("is a release, a role with its rights, and the pods' identity", () => {
        const inside = new Set(below(plan, find(plan, "holdfast:aws:LoadBalancerController", name)));
        assert.deepEqual(labels(made(plan).filter(resource => inside.has(resource))), [
            `aws:eks/podIdentityAssociation:PodIdentityAssociation ${name}`,
            `aws:iam/role:Role ${name}`,
            `aws:iam/rolePolicy:RolePolicy ${name}`,
            `${releaseType} ${name}`,
        ]);
    });

    it("comes from a pinned chart", () => {
        assert.equal(release("chart"), "aws-load-balancer-controller");
        assert.match(String(release("version")), /^\d+\.\d+\.\d+$/);
        assert.deepEqual(release("repositoryOpts"), { repo: "https://aws.github.io/eks-charts" });
        assert.equal(release("namespace"), "kube-system");
    });

    it("knows cluster, region and VPC by itself: pods don't reach the node's metadata", () => {
        assert.deepEqual(
            [release("values.clusterName"), release("values.region"), release("values.vpcId")],
            ["holdfast-test-east", "us-east-1", "${east-network.id}"],
        );
    });

    it("outlives a node and a zone: two replicas, spread over zones, with a budget that lets drains end", () => {
        assert.equal(release("values.replicaCount"), 2);
        assert.deepEqual(release("values.resources"), { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } });
        assert.deepEqual(release("values.podDisruptionBudget"), { maxUnavailable: 1 });
        assert.deepEqual(release("values.topologySpreadConstraints"), [
            {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: { "app.kubernetes.io/name": "aws-load-balancer-controller" } },
            },
        ]);
    });

    it("sends to pods, and takes no Service or class that does not ask for it", () => {
        assert.equal(release("values.defaultTargetType"), "ip");
        assert.equal(release("values.enableServiceMutatorWebhook"), false);
        assert.equal(release("values.createIngressClassResource"), false);
        assert.deepEqual(release("values.ingressClassParams"), { create: false });
    });

    it("keeps the certificate of its webhook over upgrades", () => {
        assert.equal(release("values.keepTLSSecret"), true);
    });

    it("acts as a role of its own, by Pod Identity for its one service account (E5.2.1)", () => {
        assert.deepEqual(inputsOf(find(plan, "aws:eks/podIdentityAssociation:PodIdentityAssociation", name)), {
            clusterName: "holdfast-test-east",
            namespace: "kube-system",
            serviceAccount: "aws-load-balancer-controller",
            roleArn: `\${${name}.arn}`,
            tags: tagsOf(name),
        });
        assert.deepEqual(release("values.serviceAccount"), { create: true, name: "aws-load-balancer-controller" });
    });

    it("may delete and change only what carries its own tag", () => {
        const changing = statements().filter(({ Action, Resource }) => Resource === "*" && Action.some(action => /:Delete(LoadBalancer|TargetGroup|SecurityGroup)$/.test(action)));
        assert.equal(changing.length, 2);
        for (const { Condition } of changing) {
            assert.deepEqual(Condition, { Null: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "false" } });
        }
    });

    it("may make load balancers only with its tag on them", () => {
        const making = statements().filter(({ Action }) => Action.includes("elasticloadbalancing:CreateLoadBalancer"));
        assert.deepEqual(making.map(({ Condition }) => Condition), [{ Null: { "aws:RequestTag/elbv2.k8s.aws/cluster": "false" } }]);
    });

    it("is never given a whole service, or a role to hand on", () => {
        const actions = statements().flatMap(({ Action }) => Action);
        assert.deepEqual(actions.filter(action => action.includes("*")), []);
        assert.deepEqual(actions.filter(action => /^iam:(PassRole|Put|Attach|CreateRole|CreatePolicy)/.test(action)), []);
        assert.ok(actions.length > 60, "the guide's list is long");
    });

    it("starts after the nodes, its rights and its identity", () => {
        const awaited = waitsFor(plan, find(plan, releaseType, name));
        const needed = [
            `aws:iam/rolePolicy:RolePolicy ${name}`,
            `aws:eks/podIdentityAssociation:PodIdentityAssociation ${name}`,
            ...clusterConfigs.eks.zones.map(zone => `aws:eks/nodeGroup:NodeGroup east-nodes-general-${zone}`),
        ];
        assert.deepEqual(needed.filter(one => !awaited.has(one)), []);
    });

    for (const [type, object] of [
        ["kubernetes:core/v1:Service", "east-shop-service"],
        ["kubernetes:networking.k8s.io/v1:Ingress", "east-shop-ingress"],
        ["kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams", "east-shop-entry-params"],
        ["kubernetes:networking.k8s.io/v1:IngressClass", "east-shop-entry-class"],
    ] as const) {
        it(`is there before ${object}, and goes after it: it brings the types and cleans up in the cloud`, () => {
            assert.ok(waitsFor(plan, find(plan, type, object)).has(`${releaseType} ${name}`));
        });
    }

    it("is not there where Auto Mode brings its own", async () => {
        assert.deepEqual(all(await planConfig({ clusters: [clusterConfigs.eks] }), releaseType), []);
    });
});
