import { rebalancingSettings } from "../../config/platform/rebalancing";
import { settingsOf } from "../../config/platform/toggle";
import type { AddOn } from "../addOn";
import { Descheduler, deschedulerRequests, deschedulerReplicas } from "./descheduler";

/** Spreads pods anew after a zone's return: Kubernetes itself never moves a pod that runs. */
export const rebalancing: AddOn = {
    key: "rebalancing",
    title: "descheduler",
    check: () => [],
    warnings: () => [],
    footprint: () => ({
        pods: { cores: deschedulerReplicas * deschedulerRequests.cores, gib: deschedulerReplicas * deschedulerRequests.gib },
        eachNode: { cores: 0, gib: 0 },
        volumesGib: [],
    }),
    create: ({ name, cluster, config, opts }) => {
        const settings = settingsOf(rebalancingSettings, config.platform.rebalancing) ?? rebalancingSettings.parse({});
        const { ready } = new Descheduler(name, { settings, namespaces: config.app === undefined ? [] : [config.app.name], cluster }, opts);
        return { ready };
    },
};
