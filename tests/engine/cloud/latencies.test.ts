// What this can't prove: that a cloud takes as long today. It proves that every type has a figure, and that each figure says where it is from.
import assert from "node:assert/strict";

import { readKept } from "../../../charts/kept";
import { planVariant, variants } from "../../../charts/variants";
import type { PlannedStack } from "../../../plan/run";
import { readStackFile, stacksIn } from "../../../plan/stackFile";
import { full } from "../../config/support";
import { planConfig, planProjectStack, projectDirectory } from "../../support/plan";
import { type Latency, latencies, latencyOf } from "./latencies";

/** What dominates an update, in seconds: a cluster of EKS takes about ten minutes, one of GKE five to seven, and so on. */
const anchors: Readonly<Record<string, readonly [least: number, most: number]>> = {
    "aws:eks/cluster:Cluster": [540, 660],
    "aws:eks/nodeGroup:NodeGroup": [120, 180],
    "aws:ec2/natGateway:NatGateway": [90, 150],
    "gcp:container/cluster:Cluster": [300, 420],
    "kubernetes:core/v1:Service": [90, 150],
    "kubernetes:networking.k8s.io/v1:Ingress": [90, 150],
};

/** Versions of the API of what runs pods in charts: of operators', and of Kubernetes' own. */
const workloadApis: Readonly<Record<string, string>> = {
    Alertmanager: "monitoring.coreos.com/v1",
    Prometheus: "monitoring.coreos.com/v1",
    Driver: "csi.ceph.io/v1",
    DaemonSet: "apps/v1",
    Deployment: "apps/v1",
    StatefulSet: "apps/v1",
    Job: "batch/v1",
};

/** What charts come to that matters: what runs pods, and the definitions of custom resources. */
function renderedTypes(): readonly string[] {
    const kinds = [...readKept().charts.values()].flatMap(({ workloads }) => workloads.map(({ kind }) => kind));
    return [...kinds.map(kind => `kubernetes:${workloadApis[kind] ?? "an unknown API"}:${kind}`), "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"];
}

/** Types that a provider makes. Components, stacks and providers are the engine's own. */
function madeTypes({ recording }: PlannedStack): readonly string[] {
    return recording.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:")).map(({ type }) => type);
}

describe("the latencies of the emulated clouds", function () {
    this.timeout(60_000);
    const needed = new Set<string>(renderedTypes());

    before(async () => {
        for (const stack of stacksIn(projectDirectory)) {
            madeTypes(await planProjectStack(stack)).forEach(type => needed.add(type));
        }
        // Every kind of cluster with every add-on, and nodes of both modes.
        for (const variant of variants) {
            madeTypes((await planVariant(variant)).plan).forEach(type => needed.add(type));
        }
        // Of failover only the switch that people throw back is not among them.
        const { config } = readStackFile(projectDirectory, "prod");
        const failover = { ...(config["holdfast:failover"] as object), failback: "manual" };
        madeTypes(await planConfig({ clusters: config["holdfast:clusters"], app: full.app, failover })).forEach(type => needed.add(type));
    });

    it("are there for every type of every stack, and for no other", () => {
        assert.ok(needed.size > 90, `${needed.size} types`);
        assert.deepEqual(Object.keys(latencies).sort(), [...needed].sort());
    });

    it("are finite, and longer than nothing", () => {
        const seconds = ({ createSeconds, updateSeconds, deleteSeconds }: Latency): readonly number[] => [createSeconds, updateSeconds, deleteSeconds];
        const wrong = Object.entries(latencies).filter(([, latency]) => seconds(latency).some(figure => !Number.isFinite(figure) || figure <= 0));
        assert.deepEqual(wrong, []);
    });

    it("say where they are from, or that nothing is published", () => {
        const unsaid = Object.entries(latencies).filter(([, { source }]) => !/^(https:\/\/\S+|no published figure)\b.*: .*\S/.test(source));
        assert.deepEqual(unsaid, []);
    });

    it("are mostly measured", () => {
        const guessed = Object.entries(latencies).filter(([, { source }]) => source.startsWith("no published figure"));
        assert.deepEqual(guessed.map(([type]) => type).sort(), [
            "aws:cloudwatch/eventRule:EventRule",
            "aws:cloudwatch/eventTarget:EventTarget",
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            "aws:route53/healthCheck:HealthCheck",
            "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
            "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
            "gcp:projects/serviceIdentity:ServiceIdentity",
            "kubernetes:apps/v1:StatefulSet",
            "kubernetes:ceph.rook.io/v1:CephBlockPool",
            "kubernetes:ceph.rook.io/v1:CephCluster",
        ]);
    });

    for (const [type, [least, most]] of Object.entries(anchors)) {
        it(`have ${type} made in ${least} to ${most} s`, () => {
            const { createSeconds } = latencyOf(type);
            assert.ok(createSeconds >= least && createSeconds <= most, `${createSeconds} s`);
        });
    }

    it("are refused for a type that the table lacks", () => {
        for (const type of ["aws:rds/cluster:Cluster", "kubernetes:core/v1:Pod", "holdfast:aws:EksCluster", "constructor"]) {
            assert.throws(() => latencyOf(type), new RegExp(`^Error: no latency is known for ${type}; fix: add it`));
        }
    });

    it("tell variants of a type apart by their inputs", () => {
        const creates = (type: string, inputs?: unknown): number => latencyOf(type, inputs).createSeconds;
        const [endpoint, service, claim] = ["aws:ec2/vpcEndpoint:VpcEndpoint", "kubernetes:core/v1:Service", "kubernetes:core/v1:PersistentVolumeClaim"];
        assert.equal(creates(endpoint, { vpcEndpointType: "Interface" }), creates(endpoint));
        assert.equal(creates(endpoint, { vpcEndpointType: "Gateway" }), 6);
        // AWS makes a gateway of what says nothing (@pulumi/aws, ec2/vpcEndpoint.d.ts).
        assert.equal(creates(endpoint, {}), 6);
        assert.equal(creates(service, { spec: { type: "LoadBalancer" } }), creates(service));
        assert.equal(creates(service, { spec: { type: "ClusterIP" } }), 10);
        assert.equal(creates(service, { spec: {} }), 10);
        const unawaited = { metadata: { annotations: { "pulumi.com/skipAwait": "true" } }, spec: { type: "LoadBalancer" } };
        assert.equal(creates(service, unawaited), 1);
        assert.equal(creates("kubernetes:apps/v1:Deployment", unawaited), 1);
        assert.equal(creates("kubernetes:apps/v1:Deployment", { metadata: null }), creates("kubernetes:apps/v1:Deployment"));
        assert.equal(creates(claim, { metadata: { annotations: { "pulumi.com/skipAwait": "false" } } }), creates(claim));
    });
});
