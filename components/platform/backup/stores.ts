import type { BackupStore } from "../../backups";
import type { Cluster, ClusterConfig } from "../../cluster";
import type { HoldfastConfig } from "../../config";
import { destinationOf, storeName } from "./destination";

/** The stores that a cluster keeps for others, by the name of the cluster whose they are. A fleet asks for each at both ends. */
const made = new WeakMap<Cluster, Map<string, BackupStore>>();

/**
 * The place for a cluster's backups where a cloud of the stack has it, made when it is first asked for. Undefined where they go to a bucket
 * that others made.
 *
 * @param fleet all clusters of the stack.
 */
export function storeOf(cluster: ClusterConfig, config: HoldfastConfig, fleet: readonly Cluster[]): BackupStore | undefined {
    const destination = destinationOf(cluster, config);
    if (destination?.at !== "cluster") {
        return undefined;
    }
    const host = fleet.find(({ name }) => name === destination.host.name);
    const known = host === undefined ? undefined : made.get(host)?.get(cluster.name);
    if (host === undefined || known !== undefined) {
        return known;
    }
    const store = host.backups.createStore?.(storeName(host.name, cluster.name), { region: destination.region, prefix: cluster.name });
    if (store !== undefined) {
        made.set(host, (made.get(host) ?? new Map<string, BackupStore>()).set(cluster.name, store));
    }
    return store;
}
