import { type ClusterConfig, kindOf } from "../../cluster";
import type { HoldfastConfig } from "../../config";
import { recurrenceOf } from "../../config/cron";
import { backupSettings } from "../../config/platform/backup";
import { gapsOf } from "../../model/schedule";
import { type AddOn, noFootprint } from "../addOn";
import { checkBackup } from "./checks";
import { backupOf, destinationOf, keptAt } from "./destination";
import { storeOf } from "./stores";
import { velero, veleroDemand } from "./values";
import { Velero } from "./velero";

/** Copies of the app's volumes, in another cloud. */
export const backup: AddOn = {
    key: "backup",
    title: "Velero",
    namespaces: [velero],
    check: checkBackup,
    warnings: backupWarnings,
    footprint: () => ({ ...noFootprint, pods: veleroDemand.server, eachNode: veleroDemand.agent }),
    create: ({ name, cluster, clusterConfig, config, fleet, dns, opts }) => {
        const settings = backupOf(config) ?? backupSettings.parse({});
        const others = keptAt(clusterConfig, config).flatMap(other => storeOf(other, config, fleet) ?? []);
        const { ready } = new Velero(
            name,
            {
                settings,
                store: storeOf(clusterConfig, config, fleet),
                others,
                app: config.app?.name,
                longestGap: gapsOf(recurrenceOf(settings.schedule))?.longest ?? 0,
                cluster,
                dns,
            },
            opts,
        );
        return { ready };
    },
};

function backupWarnings(config: HoldfastConfig): readonly string[] {
    return [
        ...(config.app?.state === undefined && config.clusters.length > 0 ? ["backup: the app keeps no data in its clusters: the backups are empty"] : []),
        ...config.clusters.flatMap(cluster => [...sameCloud(cluster, config), ...sameIdentity(cluster, config)]),
    ];
}

function sameCloud(cluster: ClusterConfig, config: HoldfastConfig): readonly string[] {
    const destination = destinationOf(cluster, config);
    return destination?.at === "cluster" && kindOf(destination.host).cloud === kindOf(cluster).cloud
        ? [`${cluster.name}: its backups stay with ${kindOf(cluster).cloud}, in ${destination.region}: the loss of the whole cloud, or of the account, takes them too`]
        : [];
}

/** Where a cluster gets into its own cloud's buckets, so does whoever passes for it there. */
function sameIdentity(cluster: ClusterConfig, config: HoldfastConfig): readonly string[] {
    const caveat = kindOf(cluster).identityCaveat?.(cluster);
    const destination = destinationOf(cluster, config);
    const inOwnCloud = destination?.at === "cluster" && kindOf(destination.host).cloud === kindOf(cluster).cloud;
    return caveat !== undefined && (inOwnCloud || keptAt(cluster, config).length > 0) ? [`${cluster.name}: others may get at backups: ${caveat}`] : [];
}
