// What this cannot prove: that a cloud spreads what it is given as the zones here expect.
import assert from "node:assert/strict";

import { ConfigError } from "../../components/config";
import { zoneLoss } from "../../components/model/capacity";
import type { Objectives } from "../../components/objectives";
import type { PlannedStack } from "../../plan/run";
import { summarise } from "../../plan/summarise";
import type { ClusterSummary, FailoverSummary, GroupSummary, PlanSummary, RecordSummary } from "../../plan/summary";
import { answersOf, targetOf, twoClouds, twoMembers } from "../support/kubernetes";
import { type RawConfig, clusterConfigs, minimalApp, planConfig, planProjectStack, poolNodes } from "../support/plan";

const state = { image: "docker.io/library/redis:8.2.1", port: 6379, replicas: 3, size: "10Gi" };

function existing(name: string, zones: readonly string[] = []): RawConfig {
    return { name, kind: "existing", zones };
}

function clustersOf({ clouds }: PlanSummary): readonly ClusterSummary[] {
    return clouds.flatMap(cloud => cloud.clusters);
}

function cluster(summary: PlanSummary, name: string): ClusterSummary {
    const found = clustersOf(summary).find(one => one.name === name);
    assert.ok(found !== undefined, `no cluster ${name}`);
    return found;
}

function groupsOf(summary: PlanSummary): readonly GroupSummary[] {
    return [...clustersOf(summary).flatMap(({ groups }) => groups), ...summary.global];
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** What a provider makes: the recording without components, providers and references to other stacks. */
function made({ recording }: PlannedStack): number {
    return recording.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:")).length;
}

function objective(summary: PlanSummary, name: string): { readonly value: string; readonly basis: string } {
    const found = summary.objectives.filter(one => one.name === name);
    const [only] = found;
    assert.ok(only !== undefined && found.length === 1, `${found.length} objectives ${name}`);
    return only;
}

function failoverOf(plan: PlannedStack): FailoverSummary {
    const { failover } = summarise(plan);
    assert.ok(failover !== undefined);
    return failover;
}

function outputObjectives(plan: PlannedStack): Objectives {
    return (plan.recording.outputs as { readonly objectives: Objectives }).objectives;
}

describe("the summary's counts", () => {
    const configs: Readonly<Record<string, RawConfig>> = {
        "prod-like, in pools": { ...twoClouds, clusters: [{ ...clusterConfigs.eks, nodes: poolNodes.eks }, { ...clusterConfigs.gke, nodes: poolNodes.gke }] },
        "members of other stacks": twoMembers,
        "three existing clusters": { clusters: [existing("a"), existing("b"), existing("c")], app: minimalApp },
        "a cluster without an app": { clusters: [clusterConfigs.gke] },
    };
    for (const [name, config] of Object.entries(configs)) {
        it(`are those of the recording: ${name}`, async () => {
            const plan = await planConfig(config);
            const summary = summarise(plan);
            assert.equal(summary.resourceCount, made(plan));
            assert.equal(total(groupsOf(summary).map(({ count }) => count)), summary.resourceCount);
            for (const { name: group, count, types } of groupsOf(summary)) {
                assert.ok(count > 0 && group !== "", group);
                assert.equal(total(types.map(([, number]) => number)), count, group);
                assert.deepEqual(types.map(([, number]) => number), types.map(([, number]) => number).sort((a, b) => b - a), group);
            }
        });
    }

    it("of a cluster are of its own resources, where one's name begins like another's", async () => {
        const alone = cluster(summarise(await planConfig({ clusters: [existing("east")], app: minimalApp })), "east").groups;
        for (const [other, app] of [["east-1", "shop"], ["east-shop", "shop"], ["east-us", "us-shop"], ["north-east", "shop"]] as const) {
            const summary = summarise(await planConfig({ clusters: [existing("east"), existing(other)], app: { ...minimalApp, name: app } }));
            for (const name of ["east", other]) {
                assert.deepEqual(cluster(summary, name).groups, alone.map(group => ({ ...group, name: `app ${app}` })), `${name} beside ${other}, app ${app}`);
            }
            assert.deepEqual(summary.global, []);
        }
    });

    it("put the failover over all clusters, whatever a cluster's name is", async () => {
        const own = { ...twoClouds, clusters: [{ ...clusterConfigs.eks, name: "fail" }, clusterConfigs.gke], failover: { ...twoClouds.failover, primary: "central" } };
        assert.deepEqual(summarise(await planConfig(own)).global.map(({ name }) => name), ["failover"]);
    });
});

describe("a cluster that would take the failover's own names", () => {
    it("is refused, rather than given providers of one name", async () => {
        const config = { ...twoClouds, clusters: [{ ...clusterConfigs.eks, name: "failover" }, clusterConfigs.gke], failover: { ...twoClouds.failover, primary: "central" } };
        const urns = await planConfig(config).then(
            ({ recording }) => recording.resources.map(({ urn }) => urn),
            (error: unknown): string[] => {
                assert.ok(error instanceof ConfigError, String(error));
                return [];
            },
        );
        assert.deepEqual(urns.filter((urn, index) => urns.indexOf(urn) !== index), []);
    });
});

describe("the summary's clusters", () => {
    let prod: PlanSummary;
    let plan: PlannedStack;

    before(async () => {
        plan = await planProjectStack("prod");
        prod = summarise(plan);
    });

    it("stand below their clouds, with their facts and in the config's order", async () => {
        const facts = clustersOf(prod).map(({ name, kind, region, version, nodes }) => [name, kind, region, version, nodes]);
        assert.deepEqual(prod.clouds.map(({ name }) => name), ["AWS", "Google Cloud"]);
        assert.deepEqual(facts, [["east", "eks", "us-east-1", "1.35", "Auto Mode"], ["central", "gke", "us-central1", "1.35", "Autopilot"]]);
        const mixed = summarise(await planConfig({ clusters: [existing("b"), clusterConfigs.gke, existing("a")] }));
        assert.deepEqual(mixed.clouds.map(({ name, clusters }) => [name, clusters.map(one => one.name)]), [["Existing clusters", ["b", "a"]], ["Google Cloud", ["central"]]]);
    });

    it("expect replicas and volumes in each zone, as even as can be", async () => {
        assert.deepEqual(cluster(prod, "east").zones, ["a", "b", "c"].map(zone => ({ name: `us-east-1${zone}`, replicas: 1, volumes: 1 })));
        const config = { clusters: [existing("rack", ["a", "b", "c"]), existing("flat")], app: { ...minimalApp, replicas: { min: 5, max: 9 }, scaling: { cpu: 50 }, state: { ...state, replicas: 4 } } };
        const summary = summarise(await planConfig(config));
        assert.deepEqual(cluster(summary, "rack").zones, [
            { name: "a", replicas: 2, volumes: 2 },
            { name: "b", replicas: 2, volumes: 1 },
            { name: "c", replicas: 1, volumes: 1 },
        ]);
        assert.deepEqual(cluster(summary, "flat").zones, []);
        assert.deepEqual(cluster(summary, "flat").app?.state, { replicas: 4, size: "10Gi", mountPath: "/data" });
    });

    it("say where the app answers, as the outputs do", async () => {
        const { endpoints } = plan.recording.outputs as { readonly endpoints: Readonly<Record<string, { readonly url: string }>> };
        for (const { name, app } of clustersOf(prod)) {
            assert.equal(app?.url, `https://${name}.shop.example.com/`);
            assert.equal(app.url, endpoints[name]?.url);
            assert.deepEqual([app.door, app.minReplicas, app.maxReplicas], ["Ingress", 3, 12]);
        }
        const service = summarise(await planConfig({ clusters: [existing("local")], app: minimalApp }));
        assert.equal(cluster(service, "local").app?.door, "LoadBalancer Service");
        assert.equal("app" in cluster(summarise(await planConfig({ clusters: [existing("local")] })), "local"), false);
    });

    it("come with the program's warnings", async () => {
        assert.deepEqual(prod.warnings, plan.recording.warnings);
        const dev = await planProjectStack("dev");
        assert.deepEqual(summarise(dev).warnings, dev.recording.warnings);
        assert.ok(dev.recording.warnings.length > 0);
    });
});

describe("the summary's failover", () => {
    const variants: readonly (readonly [string, RawConfig & { readonly failover: RawConfig }])[] = [
        ["clusters of this stack", twoClouds],
        ["members of other stacks", twoMembers],
    ];
    for (const [name, config] of variants) {
        it(`has a record for each of ${name}, primary first, with what it points at`, async () => {
            const plan = await planConfig(config);
            const failover = failoverOf(plan);
            const targets = new Map([...answersOf(plan)].map(([of, record]) => [of, targetOf(record)]));
            const expected = (of: string, role: string): Partial<RecordSummary> => ({ cluster: of, role, target: targets.get(of) ?? "none" });
            assert.deepEqual(failover.records.map(({ cluster: of, role, target }) => ({ cluster: of, role, target })), [expected("east", "PRIMARY"), expected("central", "SECONDARY")]);
            assert.deepEqual([failover.mode, failover.primary, failover.domain], ["active-passive", "east", "shop.example.com"]);
            assert.equal(failover.failback, "after 30 min of unbroken health");
        });

        const shared = Object.fromEntries(Object.entries(config.failover).filter(([key]) => key !== "primary"));
        it(`gives each of ${name} the same weight in active-active, in order of name`, async () => {
            const failover = failoverOf(await planConfig({ ...config, failover: { ...shared, mode: "active-active" } }));
            assert.deepEqual(failover.records.map(record => record.cluster), ["central", "east"]);
            assert.match(failover.records[0]?.role ?? "", /^weight [1-9]\d*$/);
            assert.equal(failover.records[0]?.role, failover.records[1]?.role);
            assert.equal("primary" in failover, false);
            assert.match(failover.failback, /^at once/);
        });
    }

    it("tells an alias of a load balancer's name from its address, and what is checked", async () => {
        const failover = failoverOf(await planConfig(twoClouds));
        assert.deepEqual(failover.records.map(({ cluster: of, type, target }) => [of, type, target]), [
            ["east", "alias", "${east-shop-ingress.hostname}"],
            ["central", "A", "${central-shop-ingress.ip}"],
        ]);
        assert.match(failover.check, /^every 10 s, 2 failures in a row, HTTPS GET <cluster>\.shop\.example\.com\/readyz$/);
        assert.equal(failover.ttlSeconds, 60);
    });

    it("says how the primary comes back", async () => {
        const failback = async (setting: unknown): Promise<string> =>
            failoverOf(await planConfig({ ...twoMembers, failover: { ...twoMembers.failover, failback: setting } })).failback;
        assert.match(await failback("manual"), /^by hand/);
        assert.equal(await failback({ holdMinutes: 0 }), "at once");
        assert.equal(await failback({ holdMinutes: 7 }), "after 7 min of unbroken health");
    });

    it("is not there where none is asked for", async () => {
        assert.equal("failover" in summarise(await planConfig({ clusters: [existing("a")], app: minimalApp })), false);
    });
});

describe("the summary's objectives", () => {
    it("say what the objectives output says", async () => {
        const plan = await planProjectStack("prod");
        const summary = summarise(plan);
        const output = outputObjectives(plan);
        assert.equal(objective(summary, "Availability").value, "99.999996 %");
        assert.ok(Math.abs((output.availability ?? 0) - 0.99999996) < 5e-9);
        assert.ok(objective(summary, "Availability").basis.endsWith(output.availabilityBasis));
        assert.equal(objective(summary, "RTO, cluster loss").value, `${output.rtoSeconds ?? "?"} s`);
        assert.match(objective(summary, "RTO, cluster loss").basis, /^2 failures × \(check interval 10 s \+ up to 6 s to fail\) \+ 60 s /);
        assert.equal(objective(summary, "Replacement, zone loss").value, `${output.replacementSeconds ?? "?"} s`);
        assert.deepEqual(objective(summary, "RPO, zone loss"), { name: "RPO, zone loss", value: output.rpo.zoneLoss.loses, basis: output.rpo.zoneLoss.because });
        assert.deepEqual(objective(summary, "RPO, cluster loss"), { name: "RPO, cluster loss", value: output.rpo.clusterLoss.loses, basis: output.rpo.clusterLoss.because });
        assert.equal(objective(summary, "Capacity after a zone loss").value, `${output.zoneLoss["east"]?.survivors ?? "?"} of 3 replicas`);
    });

    it("promise nothing where no cloud commits", async () => {
        const summary = summarise(await planConfig({ clusters: [existing("a")], app: minimalApp }));
        assert.equal(objective(summary, "Availability").value, "not promised");
        assert.equal(objective(summary, "Capacity after a zone loss").value, "none");
        assert.deepEqual(summary.objectives.filter(({ name }) => name.startsWith("RTO")), []);
    });

    /** The worst of a zone's loss over all sizes, by the model, as the text must have it. */
    function worst(min: number, max: number, zones: number, cpu: number): RegExp {
        const losses = Array.from({ length: max - min + 1 }, (_, index) => zoneLoss(min + index, zones, cpu));
        const [hardest] = losses.sort((a, b) => b.utilisation - a.utilisation || a.replicas - b.replicas);
        return hardest !== undefined && hardest.utilisation > 1
            ? new RegExp(`worst at ${hardest.replicas} replicas, ${Math.round(hardest.utilisation * 100)} %`)
            : /at no size over 100 %/;
    }

    for (const [min, zones, cpu] of [[3, 3, 60], [4, 3, 50], [5, 3, 60], [5, 4, 60], [7, 3, 57], [6, 2, 50]] as const) {
        it(`name the worst size after a zone loss: from ${min} replicas in ${zones} zones at ${cpu} %`, async () => {
            const app = { ...minimalApp, replicas: { min, max: 12 }, scaling: { cpu } };
            const summary = summarise(await planConfig({ clusters: [existing("rack", ["a", "b", "c", "d"].slice(0, zones))], app }));
            assert.match(objective(summary, "Capacity after a zone loss").basis, worst(min, 12, zones, cpu));
        });
    }

    it("have a line for each cluster that fares differently", async () => {
        const app = { ...minimalApp, replicas: { min: 5, max: 12 }, scaling: { cpu: 60 } };
        const summary = summarise(await planConfig({ clusters: [existing("three", ["a", "b", "c"]), existing("four", ["a", "b", "c", "d"])], app }));
        const lines = summary.objectives.filter(({ name }) => name.startsWith("Capacity"));
        assert.deepEqual(lines.map(({ name }) => name), ["Capacity after a zone loss, three", "Capacity after a zone loss, four"]);
        assert.match(lines[0]?.basis ?? "", worst(5, 12, 3, 60));
        assert.match(lines[1]?.basis ?? "", worst(5, 12, 4, 60));
    });
});
