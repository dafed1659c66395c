import { type ClusterConfig, kindOf } from "../../cluster";
import type { RefusedName } from "../../clusterKind";
import type { HoldfastConfig } from "../../config";
import { cronAllowed, cronFault, recurrenceOf } from "../../config/cron";
import type { BackupConfig } from "../../config/platform/backup";
import { type Problem, pathOf } from "../../config/problems";
import { gapsOf } from "../../model/schedule";
import { backupOf, destinationOf, hostsFor, keptAt, storeName } from "./destination";

const pathTo = (...keys: readonly PropertyKey[]): string => pathOf(["platform", "backup", ...keys]);

/** Shortest time from one backup to the next, in seconds: Velero makes one after another, and one that is due while another runs is left out. */
const shortestGap = 15 * 60;

const secondsPerDay = 86_400;

/** What is wrong with a config that asks for backups. */
export function checkBackup(config: HoldfastConfig): readonly Problem[] {
    const settings = backupOf(config);
    return settings === undefined ? [] : [...schedule(settings), ...snapshots(config), ...pinned(settings, config), ...destinations(settings, config), ...names(config), ...unused(settings, config)];
}

function schedule({ schedule: text, retentionDays }: BackupConfig): readonly Problem[] {
    const fault = cronFault(text);
    if (fault !== undefined) {
        return [{ path: pathTo("schedule"), received: text, ...fault }];
    }
    const gaps = gapsOf(recurrenceOf(text));
    if (gaps === undefined) {
        return [{ path: pathTo("schedule"), received: text, allowed: cronAllowed, fix: "choose a time that comes" }];
    }
    if (gaps.shortest < shortestGap) {
        const allowed = `backups at least ${shortestGap / 60} minutes apart: one must end before the next begins`;
        return [{ path: pathTo("schedule"), received: text, allowed, fix: 'back up less often, for example "0 * * * *"' }];
    }
    return gaps.longest < retentionDays * secondsPerDay
        ? []
        : [
              {
                  path: pathTo("retentionDays"),
                  received: retentionDays,
                  allowed: `more than the ${Math.ceil(gaps.longest / secondsPerDay)} days that may pass between two backups, or at times there is none`,
                  fix: "raise retentionDays, or back up more often",
                  reads: [pathTo("schedule")],
              },
          ];
}

function snapshots({ clusters }: HoldfastConfig): readonly Problem[] {
    return clusters.flatMap((cluster, index) =>
        kindOf(cluster).takesSnapshots(cluster)
            ? []
            : [
                  {
                      path: pathOf(["clusters", index, "volumeSnapshots"]),
                      received: false,
                      allowed: "true, for backups: what is read of a volume while it changes is no backup",
                      fix: "give the cluster a storage driver that takes snapshots and a VolumeSnapshotClass for it, and set volumeSnapshots to true, or turn backup off",
                      reads: [pathTo()],
                  },
              ],
    );
}

/** The cluster that config names must be one that another's backups can go to. */
function pinned({ to }: BackupConfig, config: HoldfastConfig): readonly Problem[] {
    const hosts = [...new Set(config.clusters.flatMap(cluster => hostsFor(cluster, config).map(({ name }) => name)))].sort();
    const [first] = hosts;
    if (to === undefined || hosts.includes(to)) {
        return [];
    }
    const allowed = first === undefined ? "nothing: no cluster of the stack can keep another's backups" : `a cluster that can keep another's backups: ${hosts.join(", ")}`;
    return [{ path: pathTo("to"), received: to, allowed, fix: first === undefined ? "remove to" : `set to: "${first}", or remove to`, reads: [pathOf(["clusters"])] }];
}

/** Buckets, and what knows a cluster of another cloud, are named after clusters; a cloud may refuse that. */
function names(config: HoldfastConfig): readonly Problem[] {
    return config.clusters.flatMap((cluster, index) => {
        const refused = refusedOf(cluster, config);
        return refused === undefined
            ? []
            : [{ path: pathOf(["clusters", index, "name"]), received: cluster.name, allowed: refused.allowed, fix: "choose another name, or turn backup off", reads: [pathTo()] }];
    });
}

/** The rule that a cluster's name breaks as the host of a place, as whose it is, or as a stranger to the cloud that has it. */
function refusedOf(cluster: ClusterConfig, config: HoldfastConfig): RefusedName | undefined {
    const { name } = cluster;
    const own = kindOf(cluster);
    const destination = destinationOf(cluster, config);
    const host = destination?.at === "cluster" ? destination.host : undefined;
    const there = host === undefined ? undefined : kindOf(host);
    const hosts = host === cluster || keptAt(cluster, config).length > 0;
    return [
        { rule: hosts ? own.refusedNames?.bucket : undefined, text: storeName(name, "") },
        { rule: there?.refusedNames?.bucket, text: storeName("", name) },
        { rule: there?.cloud === own.cloud ? undefined : there?.refusedNames?.stranger, text: `${name}-` },
    ].find(({ rule, text }) => rule?.pattern.test(text) === true)?.rule;
}

/** Each cluster needs a place that is not lost with it. */
function destinations({ region }: BackupConfig, config: HoldfastConfig): readonly Problem[] {
    return config.clusters.flatMap((cluster): Problem[] => {
        const kind = kindOf(cluster);
        const destination = destinationOf(cluster, config);
        if (destination === undefined) {
            const inCloud = kind.federates(cluster) && kind.keepsBackupsIn !== undefined;
            const ways = [...(inCloud ? [`another region of ${kind.cloud}`] : []), "a bucket of your own", "a cluster of another cloud in the stack"];
            return [
                {
                    path: pathTo(inCloud ? "region" : "bucket"),
                    received: undefined,
                    allowed: `a place for the backups of ${cluster.name}: ${ways.join(", or ")}`,
                    fix: inCloud ? `set backup.region to a region other than ${cluster.region}` : "set backup.bucket to { name, region, url, keyId, key }",
                    reads: [pathOf(["clusters"])],
                },
            ];
        }
        const own = destination.at === "cluster" && destination.host === cluster;
        return own && (kind.keepsBackupsIn?.(destination.region) !== true || destination.region === cluster.region)
            ? [
                  {
                      path: pathTo("region"),
                      received: region,
                      allowed: `a region of ${kind.cloud} other than ${cluster.name}'s own, ${cluster.region}`,
                      fix: "choose a region that is not lost with the cluster",
                      reads: [pathOf(["clusters"])],
                  },
              ]
            : [];
    });
}

/** A setting that no cluster uses says that backups go elsewhere than they do. */
function unused({ region, bucket }: BackupConfig, config: HoldfastConfig): readonly Problem[] {
    const destinations = config.clusters.map(cluster => ({ cluster, destination: destinationOf(cluster, config) }));
    const inRegion = destinations.some(({ cluster, destination }) => destination?.at === "cluster" && destination.host === cluster);
    const inBucket = destinations.some(({ destination }) => destination?.at === "bucket");
    const fix = (key: string): string => `remove ${key}: each cluster's backups go to another one's cloud or region`;
    return [
        ...(region !== undefined && !inRegion
            ? [{ path: pathTo("region"), received: region, allowed: "a region only where a cluster's backups go to another region of its own cloud", fix: fix("region") }]
            : []),
        ...(bucket !== undefined && !inBucket
            ? [{ path: pathTo("bucket"), received: bucket, allowed: "a bucket only where no cloud of the stack can take a cluster's backups", fix: fix("bucket") }]
            : []),
    ];
}
