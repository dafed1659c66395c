/**
 * What a stack promises, against what it registered. A mock cannot prove that the promise holds: an
 * outage shows that, and the drills come closest.
 */
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { Objectives } from "../components/objectives";
import type { PlannedStack } from "../plan/run";
import { revealSecrets } from "../plan/wire";
import { clusterConfigs, minimalApp, planConfig, type RawConfig } from "./support/plan";
import {
    answersOf,
    type DnsRecord,
    endpointChecks,
    first,
    fullApp,
    onlyManifest,
    ownerOf,
    planApp,
    twoClouds,
    twoMembers,
    types,
    zonedCluster,
} from "./support/kubernetes";

/** Seconds that resolvers keep an alias of a load balancer: Route 53 API reference, ResourceRecordSet.TTL. */
const aliasTtl = 60;

const objectivesOf = ({ recording }: PlannedStack): Objectives =>
    (revealSecrets(recording.outputs) as { readonly objectives: Objectives }).objectives;

function ttlOf({ aliases = [], ttl }: DnsRecord): number {
    return aliases.length > 0 ? aliasTtl : (ttl ?? NaN);
}

/** The time to notice plus the time that old answers live on, by the registered checks and records alone. */
function registeredRto(plan: PlannedStack): number {
    const answers = [...answersOf(plan).values()];
    const notice = answers.map(({ healthCheckId }) => {
        const { requestInterval = NaN, failureThreshold = NaN } = first(endpointChecks(plan, healthCheckId));
        // A check has four seconds to connect and two more for a status.
        return (requestInterval + 4 + 2) * failureThreshold;
    });
    return Math.max(...notice) + Math.max(...answers.map(ttlOf));
}

const gkePair = [
    clusterConfigs.gke,
    { ...clusterConfigs.gke, name: "west", region: "us-west1", zones: ["us-west1-a", "us-west1-b", "us-west1-c"], cidr: "10.48.0.0/16" },
];

describe("the recovery time objective", () => {
    const cases: readonly { readonly what: string; readonly config: RawConfig; readonly seconds: number }[] = [
        { what: "an alias and an address", config: twoClouds, seconds: 16 * 2 + 60 },
        {
            what: "slower checks",
            config: { ...twoClouds, failover: { ...twoClouds.failover, check: { interval: 30, failures: 3 } } },
            seconds: 36 * 3 + 60,
        },
        {
            what: "addresses alone, with config's TTL",
            config: { ...twoClouds, clusters: gkePair, failover: { ...twoClouds.failover, primary: "central", ttl: 17 } },
            seconds: 16 * 2 + 17,
        },
        {
            what: "a short TTL that an alias does not have",
            config: { ...twoClouds, failover: { ...twoClouds.failover, ttl: 1 } },
            seconds: 16 * 2 + 60,
        },
        { what: "failback by hand", config: { ...twoClouds, failover: { ...twoClouds.failover, failback: "manual" } }, seconds: 92 },
        { what: "failback at once", config: { ...twoClouds, failover: { ...twoClouds.failover, failback: { holdMinutes: 0 } } }, seconds: 92 },
        {
            what: "active-active",
            config: { ...twoClouds, failover: { domain: "shop.example.com", zone: "example.com", mode: "active-active" } },
            seconds: 92,
        },
        { what: "clusters of other stacks", config: twoMembers, seconds: 92 },
    ];

    for (const { what, config, seconds } of cases) {
        it(`is ${seconds} s with ${what}, by what was registered`, async () => {
            const plan = await planConfig(config);
            assert.equal(answersOf(plan).size, 2);
            assert.equal(registeredRto(plan), seconds);
            assert.equal(objectivesOf(plan).rtoSeconds, seconds);
        });
    }

    it("is not stated without failover", async () => {
        assert.equal(objectivesOf(await planApp(minimalApp)).rtoSeconds, null);
    });
});

describe("the time to replace lost replicas", () => {
    for (const [giveUpNodeSeconds, seconds] of [[undefined, 80], [0, 50], [300, 350]] as const) {
        it(`is ${seconds} s: the node's grace of 50 s and the pods' own toleration`, async () => {
            const plan = await planApp({ ...minimalApp, ...(giveUpNodeSeconds === undefined ? {} : { scheduling: { giveUpNodeSeconds } }) });
            const tolerated = ownerOf(plan, "app").template.spec.tolerations.map(({ tolerationSeconds }) => tolerationSeconds);
            assert.equal(50 + Math.max(...tolerated), seconds);
            assert.equal(objectivesOf(plan).replacementSeconds, seconds);
        });
    }

    it("is not stated without an app", async () => {
        assert.equal(objectivesOf(await planConfig({ clusters: [clusterConfigs.existing] })).replacementSeconds, null);
    });
});

describe("availability", () => {
    /** Two commitments of 99.99 % in a row. */
    const one = 0.9999 * 0.9999;

    const close = (actual: number | null, wanted: number): void => {
        assert.ok(actual !== null && Math.abs(actual - wanted) < 1e-12, `${String(actual)} against ${wanted}`);
    };

    it("of one cluster multiplies what a request passes", async () => {
        for (const cluster of [clusterConfigs.eks, clusterConfigs.gke]) {
            const { availability, availabilityBasis } = objectivesOf(await planApp(minimalApp, cluster));
            close(availability, one);
            assert.match(availabilityBasis, new RegExp(`${cluster.name} 99\\.98`));
            assert.doesNotMatch(availabilityBasis, /independent/);
        }
    });

    it("of two clusters takes them as independent, and says so", async () => {
        const { availability, availabilityBasis } = objectivesOf(await planConfig(twoClouds));
        close(availability, 1 - (1 - one) ** 2);
        assert.match(availabilityBasis, /independent/);
    });

    it("is not stated for a cluster that nobody commits to, nor beside one", async () => {
        const alone = objectivesOf(await planApp(minimalApp));
        assert.equal(alone.availability, null);
        assert.match(alone.availabilityBasis, /no cloud commits/);
        const beside = objectivesOf(await planConfig({ clusters: [clusterConfigs.eks, clusterConfigs.existing], app: minimalApp }));
        assert.equal(beside.availability, null);
    });

    it("is not added up over clusters that no name joins: without failover one cluster's loss is an outage", async () => {
        const plan = await planConfig({ clusters: [clusterConfigs.eks, clusterConfigs.gke], app: minimalApp });
        const { availability } = objectivesOf(plan);
        assert.ok(availability === null || availability <= one + 1e-12, String(availability));
    });

    it("is not stated where the clusters are in other stacks", async () => {
        const { availability, availabilityBasis } = objectivesOf(await planConfig(twoMembers));
        assert.equal(availability, null);
        assert.match(availabilityBasis, /other stacks/);
    });
});

describe("the recovery point objective", () => {
    it("is nothing lost where the app keeps nothing", async () => {
        const { rpo } = objectivesOf(await planConfig(twoClouds));
        assert.equal(rpo.zoneLoss.loses, "nothing");
        assert.equal(rpo.clusterLoss.loses, "nothing");
    });

    it("says in plain words that volumes stay in their zone and in their cloud", async () => {
        const { rpo } = objectivesOf(await planConfig({ ...twoClouds, app: { ...twoClouds.app, state: fullApp.state } }));
        assert.notEqual(rpo.zoneLoss.loses, "nothing");
        assert.notEqual(rpo.clusterLoss.loses, "nothing");
        assert.match(rpo.zoneLoss.because, /volume stays in its zone/);
        assert.match(rpo.clusterLoss.because, /volumes stay in one cloud/);
        assert.match(rpo.clusterLoss.because, /nothing here copies them/);
    });

    const kept = { ...twoClouds, app: { ...twoClouds.app, state: fullApp.state } };

    for (const [schedule, loses, seconds] of [
        ["0 */6 * * *", "at most 6 hours + a backup", 21_600],
        ["*/30 * * * *", "at most 30 minutes + a backup", 1800],
        ["@every 90m", "at most 90 minutes + a backup", 5400],
        ["0 2 * * 1-5", "at most 3 days + a backup", 3 * 86_400],
    ] as const) {
        it(`is ${loses} where backups are made by ${schedule}`, async () => {
            const { rpo } = objectivesOf(await planConfig({ ...kept, platform: { backup: { schedule } } }));
            for (const loss of [rpo.zoneLoss, rpo.clusterLoss]) {
                assert.deepEqual([loss.loses, loss.seconds], [loses, seconds]);
            }
            assert.match(rpo.zoneLoss.because, /volume stays in its zone/);
            assert.match(rpo.clusterLoss.because, /east to Google Cloud in us-central1, central to AWS in us-east-1/);
            assert.match(rpo.clusterLoss.because, /while one is made/);
            assert.match(rpo.clusterLoss.because, /as after a crash/);
        });
    }

    it("has no number where nothing here copies, and none where nothing has to", async () => {
        const platform = { backup: true };
        for (const config of [kept, twoClouds, { ...twoClouds, platform }]) {
            const { rpo } = objectivesOf(await planConfig(config));
            assert.deepEqual([rpo.zoneLoss.seconds, rpo.clusterLoss.seconds], [null, null]);
        }
        assert.equal(objectivesOf(await planConfig({ ...twoClouds, platform })).rpo.clusterLoss.loses, "nothing");
    });

    it("promises nothing of clusters whose app is in another stack", async () => {
        const { rpo } = objectivesOf(await planConfig(twoMembers));
        assert.deepEqual([rpo.zoneLoss.loses, rpo.clusterLoss.loses], ["not known here", "not known here"]);
        assert.match(rpo.clusterLoss.because, /plans of the stacks/);
    });
});

describe("capacity after a zone loss", () => {
    for (const { min, cpu, zones, survivors, safeTargetPercent } of [
        { min: 3, cpu: 60, zones: 3, survivors: 2, safeTargetPercent: 66 },
        { min: 6, cpu: 50, zones: 3, survivors: 4, safeTargetPercent: 66 },
        { min: 7, cpu: 40, zones: 3, survivors: 4, safeTargetPercent: 57 },
        { min: 4, cpu: 50, zones: 2, survivors: 2, safeTargetPercent: 50 },
    ]) {
        it(`of ${min} replicas over ${zones} zones is ${survivors}, safe up to ${safeTargetPercent} %`, async () => {
            const cluster = { ...zonedCluster, zones: zonedCluster.zones.slice(0, zones) };
            const plan = await planApp({ ...minimalApp, replicas: { min }, scaling: { cpu } }, cluster);
            const { minReplicas } = onlyManifest<k8s.types.output.autoscaling.v2.HorizontalPodAutoscalerSpec>(plan, types.autoscaler).spec;
            const loss = objectivesOf(plan).zoneLoss["local"];
            assert.deepEqual([loss?.replicas, loss?.survivors, loss?.safeTargetPercent, loss?.safe], [minReplicas, survivors, safeTargetPercent, true]);
            assert.ok(Math.abs((loss?.utilisation ?? NaN) - (cpu / 100) * (min / survivors)) < 1e-12);
        });
    }

    it("is not stated for a cluster that names no zones", async () => {
        assert.deepEqual(objectivesOf(await planApp(minimalApp)).zoneLoss, { local: null });
    });
});
