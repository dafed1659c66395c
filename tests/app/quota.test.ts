/**
 * Quota and default limits, against a sum over the very objects that were registered. A mock cannot
 * prove how the quota controller counts pods that are ending, or when it counts them.
 */
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { all, clusterConfigs, inputsOf, minimalApp, type RawConfig } from "../support/plan";
import { type Container, first, fullApp, type Manifest, onlyManifest, planApp, podOwners, quantity, types, zonedCluster } from "../support/kubernetes";

type Hard = Readonly<Record<string, string>>;

const hardOf = (plan: PlannedStack): Hard => onlyManifest<{ readonly hard: Hard }>(plan, types.quota).spec.hard;

/** The share of a percentage, rounded up, as the Deployment controller takes a surge. */
const percentOf = (percent: string, count: number): number => Math.ceil((Number(percent.replace("%", "")) / 100) * count);

/** How many pods of a part there may be at one moment, from the objects that make them. */
function mostPods(plan: PlannedStack, part: string, zones: number): number {
    if (part === "app") {
        const max = onlyManifest<k8s.types.output.autoscaling.v2.HorizontalPodAutoscalerSpec>(plan, types.autoscaler).spec.maxReplicas;
        const { strategy } = onlyManifest<k8s.types.output.apps.v1.DeploymentSpec>(plan, types.deployment).spec;
        const inLostZone = zones > 1 ? Math.ceil(max / zones) : max;
        return max + percentOf(String(strategy.rollingUpdate.maxSurge), max) + inLostZone;
    }
    if (part === "state") {
        return onlyManifest<k8s.types.output.apps.v1.StatefulSetSpec>(plan, types.statefulSet).spec.replicas;
    }
    return 2;
}

/** Every container that may exist at one moment, one by one. */
function everyContainer(plan: PlannedStack, zones: number): Container[] {
    return podOwners(plan).flatMap(({ part, container }) => Array<Container>(mostPods(plan, part, zones)).fill(container));
}

function sum(containers: readonly Container[], side: "requests" | "limits", resource: string): number {
    return containers.reduce((total, { resources }) => total + quantity(resources[side][resource] ?? "0"), 0);
}

/** CPU sums are of thousandths, which are not exact in binary. */
const close = 1e-6;

const cases: readonly { readonly what: string; readonly app: RawConfig; readonly cluster: RawConfig; readonly zones: number; readonly pods: number }[] = [
    { what: "the least app in one zone", app: minimalApp, cluster: clusterConfigs.existing, zones: 0, pods: 12 + 3 + 12 },
    { what: "the least app over three zones", app: minimalApp, cluster: zonedCluster, zones: 3, pods: 12 + 3 + 4 },
    { what: "every part on EKS", app: fullApp, cluster: clusterConfigs.eks, zones: 3, pods: 12 + 3 + 4 + 3 + 4 },
    { what: "every part on GKE", app: fullApp, cluster: clusterConfigs.gke, zones: 3, pods: 12 + 3 + 4 + 3 + 4 },
    {
        what: "odd numbers, where every rounding shows",
        app: {
            ...fullApp,
            replicas: { min: 7, max: 13 },
            scaling: { cpu: 40 },
            resources: { cpu: "333m", memory: "300Mi", cpuLimit: "1" },
            state: { ...fullApp.state, replicas: 5, size: "3Gi", resources: { cpu: "2", memory: "1Gi" } },
            jobs: [{ name: "migrate", command: ["./migrate"], resources: { cpu: "50m", memory: "64Mi" } }],
        },
        cluster: { ...zonedCluster, zones: ["rack-a", "rack-b"] },
        zones: 2,
        pods: 13 + 4 + 7 + 5 + 2,
    },
];

for (const { what, app, cluster, zones, pods } of cases) {
    describe(`the quota of ${what}`, () => {
        let plan: PlannedStack;
        let containers: readonly Container[];

        before(async () => {
            plan = await planApp(app, cluster);
            containers = everyContainer(plan, zones);
        });

        it(`has room for ${pods} pods: the most there can be, and not one more`, () => {
            assert.equal(containers.length, pods);
            assert.equal(hardOf(plan)["pods"], String(pods));
        });

        for (const side of ["requests", "limits"] as const) {
            for (const resource of ["cpu", "memory"]) {
                it(`has room for the ${side} of ${resource} of all of them, and with one pod less would not`, () => {
                    const hard = quantity(hardOf(plan)[`${side}.${resource}`] ?? "0");
                    assert.ok(sum(containers, side, resource) <= hard + close, "all fit");
                    const smallest = Math.min(...containers.map(({ resources }) => quantity(resources[side][resource] ?? "0")));
                    assert.ok(sum(containers, side, resource) > hard - smallest, "there is no room to spare for another");
                });
            }
        }

        it("has room for the claims and their storage, and no more", () => {
            const claims = all(plan, types.claim).map(claim => inputsOf<Manifest<k8s.types.output.core.v1.PersistentVolumeClaimSpec>>(claim).spec);
            const stored = claims.reduce((total, { resources }) => total + quantity(resources.requests["storage"] ?? "0"), 0);
            assert.equal(hardOf(plan)["persistentvolumeclaims"], String(claims.length));
            assert.equal(quantity(hardOf(plan)["requests.storage"] ?? ""), stored);
        });

        it("has room for the load balancers there are, and no more", () => {
            const balancers = all(plan, types.service).filter(
                service => inputsOf<Manifest<k8s.types.output.core.v1.ServiceSpec>>(service).spec.type === "LoadBalancer",
            );
            assert.equal(hardOf(plan)["services.loadbalancers"], String(balancers.length));
        });
    });
}

describe("the quota and the claims", () => {
    it("are changed in order: a volume can grow only once the quota has", async () => {
        const plan = await planApp(fullApp);
        const quota = first(all(plan, types.quota));
        const claims = all(plan, types.claim);
        assert.equal(claims.length, 3);
        for (const claim of claims) {
            assert.ok(claim.dependencies.includes(quota.urn), `${claim.name} does not wait for ${quota.name}`);
        }
    });
});

describe("default limits", () => {
    it("bound containers that name none, with requests under limits", async () => {
        const { limits } = onlyManifest<k8s.types.output.core.v1.LimitRangeSpec>(await planApp(minimalApp), types.limits).spec;
        assert.equal(limits.length, 1);
        const [limit] = limits;
        assert.equal(limit?.type, "Container");
        for (const resource of ["cpu", "memory"]) {
            const requested = quantity(limit.defaultRequest[resource] ?? "0");
            assert.ok(requested > 0 && requested <= quantity(limit.default[resource] ?? "0"), resource);
        }
    });
});
