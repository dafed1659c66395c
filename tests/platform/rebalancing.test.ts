// What mocks can't prove: that the descheduler evicts what it should, and that Helm renders these values as they are meant. The latter is
// in the rendered facts.
import assert from "node:assert/strict";

import { parseConfig } from "../../components/config";
import { all, minimalApp } from "../support/plan";
import { chartNamed, chartType, everyKind, planPlatform, platformResources } from "./support";

interface Values {
    readonly replicas: number;
    readonly deschedulingInterval: string;
    readonly topologySpreadConstraints: readonly { readonly topologyKey: string }[];
    readonly deschedulerPolicy: { readonly profiles: readonly { readonly pluginConfig: readonly { readonly name: string; readonly args: unknown }[] }[] };
}

describe("rebalancing", () => {
    for (const { label, cluster, zones } of everyKind) {
        it(`is off by default on ${label}`, async () => {
            assert.deepEqual(platformResources(await planPlatform(cluster, {})), []);
        });

        it(`puts a descheduler of two replicas on ${label}`, async () => {
            const plan = await planPlatform(cluster, { rebalancing: true });
            const prefix = String(cluster["name"]);
            assert.deepEqual(platformResources(plan), [`Namespace ${prefix}-rebalancing-namespace`, `PodDisruptionBudget ${prefix}-rebalancing-descheduler-budget`, `Chart ${prefix}-rebalancing`]);
            const { resource, inputs } = chartNamed(plan, "descheduler");
            const values = inputs.values as unknown as Values;
            assert.equal(inputs.namespace, "descheduler");
            assert.equal(values.replicas, 2);
            assert.equal(values.deschedulingInterval, "5m");
            assert.deepEqual(values.topologySpreadConstraints.map(({ topologyKey }) => topologyKey), [zones > 1 ? "topology.kubernetes.io/zone" : "kubernetes.io/hostname"]);
            assert.ok(resource.provider?.endsWith(`${prefix}-kubernetes`));
        });
    }

    it("evicts for spread alone, and in the app's namespace alone", async () => {
        const [{ cluster }] = everyKind as [(typeof everyKind)[number]];
        const { inputs } = chartNamed(await planPlatform(cluster, { rebalancing: { everyMinutes: 2 } }), "descheduler");
        const { deschedulingInterval, deschedulerPolicy } = inputs.values as unknown as Values;
        assert.equal(deschedulingInterval, "2m");
        assert.deepEqual(
            deschedulerPolicy.profiles.flatMap(({ pluginConfig }) => pluginConfig.filter(({ name }) => name !== "DefaultEvictor")),
            [{ name: "RemovePodsViolatingTopologySpreadConstraint", args: { constraints: ["DoNotSchedule", "ScheduleAnyway"], namespaces: { include: [minimalApp.name] } } }],
        );
    });

    it("is refused without an app: without a namespace it would evict pods of all", () => {
        const [{ cluster }] = everyKind as [(typeof everyKind)[number]];
        assert.throws(() => parseConfig({ clusters: [cluster], platform: { rebalancing: true } }), /holdfast:platform\.rebalancing: .*only with an app/);
    });

    it("is not there where it is set to false", async () => {
        const [{ cluster }] = everyKind as [(typeof everyKind)[number]];
        assert.deepEqual(all(await planPlatform(cluster, { rebalancing: false }), chartType), []);
    });
});
