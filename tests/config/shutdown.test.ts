// What this cannot prove: that an app ends on SIGTERM, or that a load balancer keeps its time.
import assert from "node:assert/strict";

import fc from "fast-check";

import { parseConfig } from "../../components/config";
import { shutdownOf } from "../../components/config/shutdown";
import { local } from "./support";

const appWith = (shutdown: Readonly<Record<string, number>>) => {
    const { app } = parseConfig({ ...local, app: { ...local.app, shutdown } });
    assert.ok(app !== undefined);
    return app;
};

describe("the ending of a replica", () => {
    const table: readonly (readonly [Readonly<Record<string, number>>, number, readonly [number, number, number]])[] = [
        [{}, 20, [25, 20, 50]],
        [{}, 10, [15, 20, 40]],
        [{ drainSeconds: 0 }, 20, [25, 0, 30]],
        [{ preStopSeconds: 40 }, 20, [40, 20, 65]],
        [{ graceSeconds: 300 }, 20, [25, 20, 300]],
        [{ drainSeconds: 60, preStopSeconds: 30, graceSeconds: 91 }, 20, [30, 60, 91]],
    ];
    for (const [given, deregistration, [preStopSeconds, drainSeconds, graceSeconds]] of table) {
        it(`${JSON.stringify(given)} behind ${deregistration} s of deregistration`, () => {
            assert.deepEqual(shutdownOf(appWith(given), deregistration), { preStopSeconds, drainSeconds, graceSeconds });
        });
    }

    it("by default outlasts the load balancer, and leaves time to drain", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 300 }), (deregistration, drain) => {
                const { preStopSeconds, drainSeconds, graceSeconds } = shutdownOf(appWith({ drainSeconds: drain }), deregistration);
                assert.ok(preStopSeconds > deregistration);
                assert.ok(graceSeconds > preStopSeconds + drainSeconds);
            }),
        );
    });
});
