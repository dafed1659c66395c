// What mocks can't prove: that nodes come, that the scheduler pushes placeholders out before it waits, and that AWS reads the condition
// as it is meant. How Helm renders these values is in the rendered facts; what the room is enough for, in the model's tests.
import assert from "node:assert/strict";

import { standardSupportEnds } from "../../components/aws/versions";
import { policySummary } from "../../plan/policy";
import type { PlannedStack } from "../../plan/run";
import { summarise } from "../../plan/summarise";
import { type Container, type PodTemplate, first, types } from "../support/kubernetes";
import { all, clusterConfigs, find, inputsOf, minimalApp, planConfig, poolNodes, type RawConfig } from "../support/plan";
import { chartNamed, chartType, everyKind, planPlatform, platformResources } from "./support";

interface Values {
    readonly image: { readonly tag: string };
    readonly replicaCount: number;
    readonly awsRegion: string;
    readonly autoDiscovery: unknown;
    readonly rbac: unknown;
    readonly extraArgs: Readonly<Record<string, unknown>>;
    readonly expanderPriorities: unknown;
    readonly podDisruptionBudget: unknown;
    readonly topologySpreadConstraints: readonly { readonly topologyKey: string }[];
}

const pools = { ...clusterConfigs.eks, nodes: poolNodes.eks };
const spot = { name: "cheap", machine: "m7i.large", minNodes: 0, maxNodes: 30, spot: true };
const mixed = { ...pools, nodes: { mode: "pools", pools: [...poolNodes.eks.pools, spot] } };

async function valuesOn(cluster: RawConfig, settings: RawConfig | true = true): Promise<Values> {
    return chartNamed(await planPlatform(cluster, { autoscaling: settings }), "cluster-autoscaler").inputs.values as unknown as Values;
}

/** What keeps the room, by the cluster's name. */
function roomResources(name: string): readonly string[] {
    const prefix = `${name}-autoscaling-room`;
    return [
        `Namespace ${prefix}-namespace`,
        `PriorityClass ${prefix}-priority`,
        `ServiceAccount ${prefix}-account`,
        `NetworkPolicy ${prefix}-deny-all`,
        `ResourceQuota ${prefix}-quota`,
        `LimitRange ${prefix}-limits`,
        `Deployment ${prefix}-pods`,
    ];
}

/** The placeholders of a plan of one cluster. */
function placeholders(plan: PlannedStack): { readonly replicas: number; readonly template: PodTemplate; readonly container: Container } {
    const found = all(plan, types.deployment).filter(({ name }) => name.endsWith("-room-pods"));
    const { spec } = inputsOf<{ readonly spec: { readonly replicas: number; readonly template: PodTemplate } }>(first(found));
    return { ...spec, container: first(spec.template.spec.containers) };
}

describe("autoscaling", () => {
    for (const { label, cluster, zones } of everyKind) {
        const name = String(cluster["name"]);
        const installs = label === "EKS node pools";

        it(`is off by default on ${label}`, async () => {
            assert.deepEqual(platformResources(await planPlatform(cluster, {})), []);
        });

        it(`on ${label} is ${[...(installs ? ["an autoscaler"] : []), zones > 0 ? "room in each zone" : "nothing"].join(" and ")}, under the rules`, async () => {
            const plan = await planPlatform(cluster, { autoscaling: true });
            const autoscaler = ["Role", "RolePolicy", "PodIdentityAssociation", "Chart"].map(type => `${type} ${name}-autoscaling-nodes`);
            assert.deepEqual([...platformResources(plan)].sort(), [...(installs ? autoscaler : []), ...(zones > 0 ? roomResources(name) : [])].sort());
            assert.deepEqual(policySummary(plan.recording).violations, []);
            assert.ok(all(plan, types.deployment).every(({ provider }) => provider?.endsWith(`${name}-kubernetes`)));
        });
    }

    describe("installs the cluster autoscaler for EKS node pools", () => {
        it("twice over zones, next to the system's own", async () => {
            const { inputs } = chartNamed(await planPlatform(pools, { autoscaling: true }), "cluster-autoscaler");
            const values = inputs.values as unknown as Values;
            assert.equal(inputs.namespace, "kube-system");
            assert.equal(values.replicaCount, 2);
            assert.deepEqual(values.topologySpreadConstraints.map(({ topologyKey }) => topologyKey), ["topology.kubernetes.io/zone"]);
            assert.deepEqual(values.podDisruptionBudget, { maxUnavailable: 1 });
            assert.deepEqual(values.rbac, { serviceAccount: { name: "cluster-autoscaler" } });
            assert.deepEqual([values.awsRegion, values.autoDiscovery], ["us-east-1", { clusterName: "holdfast-test-east" }]);
            assert.deepEqual(values.extraArgs, {
                expander: "priority,least-waste",
                "balance-similar-node-groups": true,
                "skip-nodes-with-local-storage": false,
                "max-total-unready-percentage": 45,
            });
        });

        for (const version of Object.keys(standardSupportEnds)) {
            it(`in its release for Kubernetes ${version}`, async () => {
                assert.ok((await valuesOn({ ...pools, version })).image.tag.startsWith(`v${version}.`));
            });
        }

        it("which goes on when one of two zones is lost", async () => {
            const cluster = { ...pools, zones: clusterConfigs.eks.zones.slice(0, 2) };
            const plan = await planPlatform(cluster, { autoscaling: true }, { ...minimalApp, scaling: { cpu: 30 } });
            assert.equal((chartNamed(plan, "cluster-autoscaler").inputs.values as unknown as Values).extraArgs["max-total-unready-percentage"], 60);
        });

        it("with spot pools first, or the others", async () => {
            const groups = all(await planPlatform(mixed, {}), "aws:eks/nodeGroup:NodeGroup").map(group => inputsOf<{ readonly nodeGroupName: string; readonly capacityType: string }>(group));
            for (const [prefer, capacityType] of [["spot", "SPOT"], ["on-demand", "ON_DEMAND"]] as const) {
                const { expanderPriorities } = await valuesOn(mixed, { prefer });
                const { "20": patterns, ...others } = expanderPriorities as Readonly<Record<string, readonly string[]>>;
                assert.deepEqual(others, { "10": [".*"] });
                for (const { nodeGroupName, capacityType: own } of groups) {
                    // EKS names a scaling group after its node group.
                    assert.equal(patterns?.some(pattern => new RegExp(pattern).test(`eks-${nodeGroupName}-2ec8a4d1`)), own === capacityType, `${nodeGroupName}, ${prefer}`);
                }
            }
        });

        it("which changes the groups of its own cluster alone, as the pods of one service account", async () => {
            const plan = await planPlatform(pools, { autoscaling: true });
            const { policy } = inputsOf<{ readonly policy: string }>(find(plan, "aws:iam/rolePolicy:RolePolicy", "east-autoscaling-nodes"));
            const { Statement: statements } = JSON.parse(policy) as { readonly Statement: readonly { readonly Action: readonly string[]; readonly Condition?: unknown }[] };
            const changing = statements.filter(({ Action }) => Action.some(action => !/:(Describe|Get)/.test(action)));
            assert.deepEqual(changing.map(({ Action, Condition }) => [Action, Condition]), [
                [
                    ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
                    { StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/holdfast-test-east": "owned" } },
                ],
            ]);
            const identity = inputsOf(find(plan, "aws:eks/podIdentityAssociation:PodIdentityAssociation", "east-autoscaling-nodes"));
            assert.deepEqual([identity["namespace"], identity["serviceAccount"]], ["kube-system", "cluster-autoscaler"]);
        });

        it("and leaves it the number of nodes", async () => {
            const ignored = async (platform: RawConfig) => all(await planPlatform(pools, platform), "aws:eks/nodeGroup:NodeGroup").map(({ ignoreChanges }) => ignoreChanges);
            assert.deepEqual(await ignored({ autoscaling: true }), [["scalingConfig.desiredSize"], ["scalingConfig.desiredSize"], ["scalingConfig.desiredSize"]]);
            assert.deepEqual(await ignored({}), [[], [], []]);
        });
    });

    describe("keeps room", () => {
        const app = {
            ...minimalApp,
            replicas: { min: 3, max: 12 },
            resources: { cpu: "300m", memory: "512Mi" },
            scheduling: { nodeSelector: { disk: "ssd" }, tolerations: [{ key: "dedicated", value: "shop", effect: "NoSchedule" }], giveUpNodeSeconds: 20 },
        };
        const planRoom = (settings: RawConfig | true): Promise<PlannedStack> => planPlatform(pools, { autoscaling: settings }, app);

        it("for the app at its most, by the model", async () => {
            assert.equal(placeholders(await planRoom(true)).replicas, 6);
            const twoZones = { ...pools, zones: clusterConfigs.eks.zones.slice(0, 2) };
            assert.equal(placeholders(await planPlatform(twoZones, { autoscaling: true }, { ...app, scaling: { cpu: 30 } })).replicas, 12);
        });

        it("for the app at its least, or none", async () => {
            assert.equal(placeholders(await planRoom({ room: "min" })).replicas, 3);
            const without = await planRoom({ room: "none" });
            assert.deepEqual(all(without, types.deployment).map(({ name }) => name), ["east-shop-deployment"]);
            assert.equal(all(without, chartType).length, 1);
        });

        it("of the very shape of a replica, where replicas may go", async () => {
            const plan = await planRoom(true);
            const replica = inputsOf<{ readonly spec: { readonly template: PodTemplate } }>(find(plan, types.deployment, "east-shop-deployment")).spec.template;
            const { template, container } = placeholders(plan);
            assert.deepEqual(container.resources, first(replica.spec.containers).resources);
            assert.deepEqual(container.resources.requests, { cpu: "300m", memory: "512Mi", "ephemeral-storage": "64Mi" });
            assert.deepEqual(template.spec.nodeSelector, { disk: "ssd" });
            assert.deepEqual(template.spec.tolerations, replica.spec.tolerations);
            const places = ({ spec }: PodTemplate) => spec.topologySpreadConstraints.map(({ labelSelector, ...place }) => ({ ...place, own: labelSelector.matchLabels }));
            const own = { "app.kubernetes.io/name": "headroom", "app.kubernetes.io/component": "app" };
            assert.deepEqual(places(template), places(replica).map(place => ({ ...place, own })));
            assert.deepEqual(Object.entries(own).filter(([key, value]) => template.metadata.labels[key] !== value), []);
        });

        it("by pods that give way to all others, hold no node, and do nothing", async () => {
            const plan = await planPlatform(pools, { autoscaling: true }, { ...app, jobs: [{ name: "report", command: ["./report"], schedule: "30 3 * * *" }] });
            const classes = all(plan, types.priority).map(priority => ({ name: priority.name, ...inputsOf<{ readonly value: number; readonly preemptionPolicy?: string }>(priority) }));
            const own = classes.filter(({ name }) => name === "east-autoscaling-room-priority");
            // The least that autoscalers of nodes still look at.
            assert.deepEqual(own.map(({ value, preemptionPolicy }) => [value, preemptionPolicy]), [[-10, "Never"]]);
            assert.equal(classes.length, 3);
            assert.ok(classes.every(({ name, value }) => name === own[0]?.name || value > 0));
            const { template, container } = placeholders(plan);
            assert.ok(template.spec.priorityClassName.startsWith("east-autoscaling-room-priority"));
            assert.equal(template.metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"], "true");
            assert.match(container.image, /^registry\.k8s\.io\/pause:\d/);
            assert.equal(template.spec.terminationGracePeriodSeconds, 1);
            assert.equal(template.spec.automountServiceAccountToken, false);
        });

        it("that an update doesn't wait for, and that never takes more", async () => {
            const { metadata, spec } = inputsOf<{ readonly metadata: { readonly annotations: unknown }; readonly spec: { readonly strategy: unknown } }>(
                find(await planRoom(true), types.deployment, "east-autoscaling-room-pods"),
            );
            assert.deepEqual(metadata.annotations, { "pulumi.com/skipAwait": "true" });
            assert.deepEqual(spec.strategy, { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } });
            const { spec: quota } = inputsOf<{ readonly spec: { readonly hard: unknown } }>(find(await planRoom(true), types.quota, "east-autoscaling-room-quota"));
            // Six, and the two of a lost zone until they are gone.
            assert.deepEqual(quota.hard, { pods: "8", "requests.cpu": "2400m", "limits.cpu": "9600m", "requests.memory": "4096Mi", "limits.memory": "4096Mi" });
        });

        it("in a namespace of its own under the restricted standard", async () => {
            const { metadata } = inputsOf<{ readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> } }>(
                find(await planRoom(true), types.namespace, "east-autoscaling-room-namespace"),
            );
            assert.deepEqual([metadata.name, metadata.labels["pod-security.kubernetes.io/enforce"]], ["headroom", "restricted"]);
        });

        it("that is in the bill where nodes are paid by what pods request", async () => {
            const nodes = async (platform: RawConfig): Promise<number> => {
                const { cost } = summarise(await planConfig({ clusters: [clusterConfigs.gke], app, platform }));
                return cost.parts.find(part => part.name === "nodes")?.monthlyUsd ?? 0;
            };
            // Three replicas without, nine with the six placeholders.
            const [without, withRoom] = [await nodes({}), await nodes({ autoscaling: true })];
            assert.ok(without > 0 && Math.abs(withRoom - 3 * without) < 0.02 * without, `${without} and ${withRoom}`);
        });

        it("for no app where there is none", async () => {
            const plan = await planConfig({ clusters: [clusterConfigs.gke], platform: { autoscaling: true } });
            assert.deepEqual(platformResources(plan), []);
        });
    });
});
