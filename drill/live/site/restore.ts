import { kinds } from "../../api";
import { type CorePlane, untilNodesReady } from "../../controlPlane";
import { autoscalerManifest } from "../../drills/disruption/manifest";
import { unsettled, untilSettled } from "../../stage/settle";
import { forgetLoad, measuredSince, rebalance, settleQuickly } from "../../stage/restore";
import { waitFor } from "../../drills/disruption/watch";
import type { LiveSite } from "./site";
import type { Tenant } from "./tenant";

/** Longest wait until nodes and apps are as they were, in seconds. */
const restoreSeconds = 300;

/**
 * Brings a site back to how it was, for the next drill: every program runs, every node is ready and open, every app is at rest.
 * What a drill has rolled out stays, and replicas stay where they are.
 */
export async function restoreSite(site: LiveSite): Promise<void> {
    const { cluster, tenants } = site;
    await site.revive();
    for (const { name } of cluster.nodes) {
        await cluster.api.patch({ kind: kinds.node, name }, { spec: { unschedulable: null } });
    }
    await untilNodesReady(cluster, cluster.nodes.map(({ name }) => name), restoreSeconds);
    await Promise.all(tenants.map(tenant => restoreTenant(tenant, cluster.plane)));
}

async function restoreTenant(tenant: Tenant, plane: CorePlane): Promise<void> {
    const { api, app, cluster, load } = tenant;
    const restedAt = new Date();
    load.rest();
    if (load.disturbed) {
        await forgetLoad(plane, app);
        await measuredSince(api, restedAt);
        await scaleBack(tenant);
        load.forgotten();
    }
    await settleQuickly(api, cluster, app, restoreSeconds);
}

/** Spreads every app of a site evenly over the zones, for drills that go by that: pods that are not are ended, and placed anew. */
export async function spreadSite({ tenants }: LiveSite): Promise<void> {
    await Promise.all(
        tenants.map(async ({ api, app, cluster, zones }) => {
            if (await rebalance(api, app, zones)) {
                await untilSettled(api, cluster, app, restoreSeconds);
            }
        }),
    );
}

/** Sets the replicas that an app has at rest, and makes its autoscaler anew, which was taken away. */
async function scaleBack({ api, app, subject, namespace }: Tenant): Promise<void> {
    await api.patch({ kind: kinds.deployment, name: app.deployment.name, namespace }, { spec: { replicas: app.deployment.replicas } });
    if (app.autoscaler !== undefined) {
        await api.apply(autoscalerManifest({ subject, app }));
    }
}

/** What is missing until something is true of an app; undefined once nothing is. */
export type Missing = (tenant: Tenant) => Promise<string | undefined>;

/**
 * Waits until an app is at rest. Returns what was missing at the end; undefined where nothing was.
 *
 * @param also what is asked beside. @default nothing
 */
export async function atRest(tenant: Tenant, seconds: number, also?: Missing): Promise<string | undefined> {
    const { api, app, cluster } = tenant;
    const missing = async (): Promise<string | undefined> => (await also?.(tenant)) ?? ((await unsettled(api, app)).join("; ") || undefined);
    return (await waitFor(api, `${cluster}: the app at rest`, missing, seconds)) === undefined ? missing() : undefined;
}
