// What this cannot prove: that Kubernetes keeps to a budget, or that load is even. It proves that no config which
// is accepted asks for what can't be kept.
import assert from "node:assert/strict";

import fc from "fast-check";

import { ConfigError, type HoldfastConfig, parseConfig } from "../../components/config";
import { takenAtOnce } from "../../components/config/checks/app";
import { zonedCluster } from "../support/kubernetes";
import { clusterConfigs, minimalApp } from "../support/plan";

/** The config, where it is accepted. */
function accepted(raw: unknown): HoldfastConfig | undefined {
    try {
        return parseConfig(raw);
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return undefined;
    }
}

const bounds = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 12 })).map(([min, max]) => ({ min, max }));
const budget = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 99 }).map(percent => `${percent}%`));

describe("an accepted config", () => {
    it("has a budget that never blocks a drain, and never lets it take all of several replicas", () => {
        let found = 0;
        fc.assert(
            fc.property(bounds, budget, (replicas, maxUnavailable) => {
                const config = accepted({ clusters: [clusterConfigs.existing], app: { ...minimalApp, replicas, budget: { maxUnavailable } } });
                if (config === undefined) {
                    return;
                }
                found++;
                for (let count = replicas.min; count <= replicas.max; count++) {
                    const taken = takenAtOnce(maxUnavailable, count);
                    assert.ok(taken >= 1 && (count === 1 || taken < count), `${taken} of ${count}`);
                }
            }),
            { numRuns: 150 },
        );
        assert.ok(found > 20, `${found} were accepted`);
    });

    it("has replicas that carry the load of a lost zone at 100 % or less, from the fewest on", () => {
        let found = 0;
        fc.assert(
            fc.property(bounds, fc.integer({ min: 10, max: 95 }), fc.integer({ min: 2, max: 3 }), (replicas, cpu, zones) => {
                const cluster = { ...zonedCluster, zones: zonedCluster.zones.slice(0, zones) };
                if (accepted({ clusters: [cluster], app: { ...minimalApp, replicas, scaling: { cpu } } }) === undefined) {
                    return;
                }
                found++;
                const fullestZone = Math.ceil(replicas.min / zones);
                assert.ok(replicas.min <= replicas.max && replicas.min >= zones);
                assert.ok(cpu * replicas.min <= 100 * (replicas.min - fullestZone));
            }),
            { numRuns: 150 },
        );
        assert.ok(found > 5, `${found} were accepted`);
    });
});
