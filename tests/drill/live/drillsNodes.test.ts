import assert from "node:assert/strict";

import type { Api } from "../../../drill/api";
import { notStartedSince, unheardOf } from "../../../drill/live/drills/nodes";
import { fullStrengthSince } from "../../../drill/live/drills/strength";
import type { Tenant, Watch } from "../../../drill/live/site";
import { Timeline } from "../../../drill/stage/timeline";

const since = new Date("2026-01-01T12:00:00.500Z");

/** An API server that has some objects, by their kind; those of one namespace are asked for. */
function apiWith(lists: Readonly<Record<string, readonly object[]>>, asked: string[] = []): Api {
    return {
        list: ({ kind }: { readonly kind: string }, { namespace, labels }: { readonly namespace: string; readonly labels?: { readonly app?: string } }) => {
            asked.push(namespace);
            return Promise.resolve((lists[kind] ?? []).filter(object => labels === undefined || (object as { readonly metadata: { readonly app?: string } }).metadata.app === labels.app));
        },
    } as unknown as Api;
}

describe("nodes that nothing was heard of", () => {
    const lease = (name: string, renewTime?: string): object => ({ metadata: { name }, spec: { renewTime } });
    const nodes = [{ name: "a-1" }, { name: "b-1" }];

    it("are those whose lease is from before, or not there", async () => {
        const asked: string[] = [];
        const api = (...leases: readonly object[]): Api => apiWith({ Lease: leases }, asked);
        assert.equal(await unheardOf(api(lease("a-1", "2026-01-01T12:00:00.500000Z"), lease("b-1", "2026-01-01T12:00:09.000000Z")), nodes, since), undefined);
        assert.equal(await unheardOf(api(lease("a-1", "2026-01-01T12:00:00.499000Z"), lease("b-1", "2026-01-01T12:00:09.000000Z")), nodes, since), "nothing was heard of a-1");
        assert.equal(await unheardOf(api(lease("b-1"), lease("c-1", "2026-01-01T12:00:09.000000Z")), nodes, since), "nothing was heard of a-1, b-1");
        assert.deepEqual([...new Set(asked)], ["kube-node-lease"]);
    });
});

describe("an app that lost its power", () => {
    const pod = (name: string, app: string, startedAt: string | undefined, ready = "True"): object => ({
        metadata: { name, app },
        status: { conditions: [{ type: "Ready", status: ready }], containerStatuses: [{ state: startedAt === undefined ? { waiting: {} } : { running: { startedAt } } }] },
    });
    const tenant = (...pods: readonly object[]): Tenant => ({ api: apiWith({ Pod: pods }), namespace: "shop", app: { deployment: { selector: { app: "shop" } }, state: { selector: { app: "data" } } } }) as unknown as Tenant;

    it("runs anew once every container was started since, and every pod is ready, those that keep data too", async () => {
        const fresh = pod("shop-1", "shop", "2026-01-01T12:00:00Z");
        assert.equal(await notStartedSince(tenant(fresh, pod("data-0", "data", "2026-01-01T12:00:07Z")), since), undefined);
        assert.equal(await notStartedSince(tenant(fresh, pod("data-0", "data", "2026-01-01T11:59:59Z")), since), "data-0 not started anew");
        assert.equal(await notStartedSince(tenant(fresh, pod("shop-2", "shop", "2026-01-01T12:00:09Z", "False"), pod("data-0", "data", undefined)), since), "shop-2, data-0 not started anew");
        // Somebody else's.
        assert.equal(await notStartedSince(tenant(fresh, pod("old", "other", "2026-01-01T11:00:00Z")), since), undefined);
    });

    it("was at full strength when as many replicas were ready as at rest, and stayed so", () => {
        const ready = new Timeline();
        const watch = { sampler: { ready }, tenant: { app: { deployment: { replicas: 3 } } } } as unknown as Watch;
        ready.add(0, 3);
        assert.equal(fullStrengthSince(watch, 5), 0);
        ready.add(10, 2);
        assert.equal(fullStrengthSince(watch, 5), "never");
        ready.add(12, 3);
        ready.add(14, 1);
        ready.add(19, 3);
        assert.equal(fullStrengthSince(watch, 5), 14);
        assert.equal(fullStrengthSince(watch, 25), 0);
    });
});
