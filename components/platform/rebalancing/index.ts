import { Said, pathOf } from "../../config/problems";
import { rebalancingSettings } from "../../config/platform/rebalancing";
import { settingsOf } from "../../config/platform/toggle";
import type { AddOn } from "../addOn";
import { Descheduler, deschedulerNamespace, deschedulerReplicas, deschedulerRequests } from "./descheduler";

/** Spreads pods anew after a zone's return: Kubernetes itself never moves a pod that runs. */
export const rebalancing: AddOn = {
    key: "rebalancing",
    title: "descheduler",
    namespaces: [deschedulerNamespace],
    check: ({ app }) =>
        app === undefined
            ? [{ path: pathOf(["platform", "rebalancing"]), received: new Said("on"), allowed: "rebalancing only with an app, whose pods it spreads", fix: "turn it off here, or add app" }]
            : [],
    warnings: () => [],
    footprint: () => ({
        pods: { cores: deschedulerReplicas * deschedulerRequests.cores, gib: deschedulerReplicas * deschedulerRequests.gib },
        eachNode: { cores: 0, gib: 0 },
        volumesGib: [],
    }),
    create: ({ name, cluster, config, opts }) => {
        const settings = settingsOf(rebalancingSettings, config.platform.rebalancing) ?? rebalancingSettings.parse({});
        // Without an app, which config refuses, it would be given no namespace: for the descheduler that means all of them.
        return { ready: config.app === undefined ? [] : new Descheduler(name, { settings, namespace: config.app.name, cluster }, opts).ready };
    },
};
