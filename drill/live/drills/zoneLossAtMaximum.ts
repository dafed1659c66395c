import { toMaximum } from "../../drills/disruption/rollouts";
import { spreadSite } from "../site";
import type { SiteDrill } from "./drill";
import { untilAnswered } from "./rest";
import { loseZone } from "./zoneLoss";

/** A zone is lost when the app is as large as it may get, so that the autoscaler can't help. */
export const zoneLossAtMaximumDrill: SiteDrill = {
    name: "zone loss at the maximum",
    quick: false,
    scope: "cluster",
    // It is pre-empted where nodes are full, as its priority is the lowest: what it breaks then says nothing of a zone.
    naive: "spared",
    unproved: ["the load that the autoscaler goes by is reckoned, not real: this machine has not the cores for it"],
    obstacle: ({ zones, ours }) => (zones.length < 2 ? "the cluster has one zone" : ours.app.autoscaler === undefined ? "the replicas are fixed" : undefined),
    run: async (site, options) => {
        const { ours } = site;
        await spreadSite(site);
        const watch = await options.watch(ours);
        await untilAnswered(watch);
        options.say(`${site.name}: load for the maximum of replicas`);
        const max = await toMaximum(ours, watch.sampler);
        await watch.stop();
        return loseZone(site, options, { drill: zoneLossAtMaximumDrill.name, tenants: [ours], replicasOf: () => max });
    },
};
