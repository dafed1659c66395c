import type { Say } from "../../../tools/cache";
import { executor } from "../../../tools/execute";
import type { Api } from "../../api";
import type { Certificate } from "../../controlPlane";
import type { Run } from "../../process/run";
import { commands } from "../cluster/network";
import { startBalancer } from "./balancer";
import { type Door, nameOf } from "./door";
import { type Ground, networkGround } from "./ground";
import { PoolKeeper, type TargetNow } from "./keeper";
import { type DoorAddress, poolsOf } from "./pools";
import { registerTargets } from "./registration";
import { Silence } from "./silence";
import { hostnameOf, writeStatuses } from "./statuses";

export { type Door, type Listen, type TargetCheck, detectionSecondsOf, nameOf } from "./door";
export { doorsOf } from "./doors";
export type { Ground } from "./ground";
export type { TargetNow, TargetState } from "./keeper";
export type { DoorAddress } from "./pools";

/** A door with its addresses. */
export interface OpenDoor extends Door {
    /** Its name, where it has an address in each zone; undefined where it has one address. */
    readonly hostname: string | undefined;
    readonly addresses: readonly DoorAddress[];
}

/** What a name leads to. */
export interface NameAnswer {
    readonly addresses: readonly string[];
    readonly ttlSeconds: number;
}

/**
 * Seconds that a load balancer's name may be kept: "60 seconds (the TTL for load balancers)",
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html, TTL.
 */
const nameTtlSeconds = 60;

export interface WayInOptions {
    readonly run: Pick<Run, "children" | "signal" | "fail">;
    readonly api: Pick<Api, "observe" | "patch" | "until">;
    /** Name of the cluster. */
    readonly cluster: string;
    readonly region: string;
    readonly zones: readonly string[];
    readonly doors: readonly Door[];
    /** The program. */
    readonly haproxy: string;
    /** A folder of its own. */
    readonly folder: string;
    /** Address of the n-th door in the n-th zone, both from 0. A door with one address has that of zone 0. */
    readonly address: (door: number, zone: number) => string;
    /** For all listeners with TLS. */
    readonly certificate: Certificate;
    readonly say: Say;
    /** @default this namespace's own network */
    readonly ground?: Ground;
}

/** The load balancers of a cluster. */
export interface WayIn {
    readonly doors: readonly OpenDoor[];
    /** Resolves when each Service and Ingress says where its load balancer is. */
    readonly ready: Promise<void>;
    /** The targets of a door, those of its first port where it has several. */
    targets(door: Door): readonly TargetNow[];
    /** How many of them get traffic. */
    healthyTargets(door: Door): number;
    /** Addresses that a load balancer's name leads to now; undefined for a name of none of them. */
    lookup(hostname: string): NameAnswer | undefined;
    /** What the load balancers have in a zone falls silent. */
    zoneDown(zone: string): Promise<void>;
    zoneUp(zone: string): Promise<void>;
    /** All of them fall silent. */
    down(): Promise<void>;
    up(): Promise<void>;
    stop(): Promise<void>;
    /** What it does otherwise than the clouds, a sentence each. */
    readonly unproved: readonly string[];
}

const unproved = [
    "load balancers are one HAProxy a cluster: what it takes a cloud to make one, to let it grow and to replace its parts is not seen",
    "a target that refuses or answers wrongly is given up, and one that recovers taken back, up to a timeout a check sooner than the checks' interval says; one that is silent exactly by it",
    "a connection between load balancer and app carries one client's requests and ends with it; what comes of connections that one keeps open while the other closes them is not seen",
    "readiness gates are not played: a rolling update does not wait for the load balancer to call a new pod healthy, as on EKS it would",
];

/** Opens the way in to a cluster. Resolves when its load balancers listen; they have targets as soon as the cluster has. */
export async function openWayIn({ run, api, cluster, region, zones, doors, haproxy, folder, address, certificate, say, ground }: WayInOptions): Promise<WayIn> {
    const { children, signal, fail } = run;
    const open = doors.map((door, index): OpenDoor => {
        const isZonal = door.spread === "one a zone";
        const addresses = isZonal ? zones.map((zone, place) => ({ zone, address: address(index, place) })) : [{ zone: undefined, address: address(index, 0) }];
        return { ...door, hostname: isZonal ? hostnameOf(door, region) : undefined, addresses };
    });
    const all = open.flatMap(door => door.addresses);
    const network = ground ?? networkGround({ run: commands(executor(signal), folder), cluster });
    await network.claim(all.map(({ address: own }) => own));
    const pools = poolsOf(open, zones);
    const balancer = await startBalancer({ cluster, doors: open.map(door => ({ door, addresses: door.addresses })), pools, haproxy, folder, certificate, children, signal });
    const keepers = pools.map(pool => new PoolKeeper(pool, balancer.runtime));
    const registration = registerTargets({ api, keepers, runtime: balancer.runtime, fail });
    const statuses = writeStatuses(
        api,
        open.map(door => ({ door, hostname: door.hostname, address: door.addresses[0]?.address ?? "" })),
        fail,
    );
    open.forEach(door => {
        say(`${cluster}: ${nameOf(door)} is at ${door.hostname ?? door.addresses[0]?.address ?? ""}`);
    });
    const silence = new Silence(network, all);

    /** Pools of a door's first port; one for all zones, or one a zone. */
    const keepersOf = (door: Door): readonly PoolKeeper[] => {
        const own = keepers.filter(({ pool }) => nameOf(pool.door) === nameOf(door));
        return own.filter(({ pool }) => pool.servicePort === own[0]?.pool.servicePort);
    };
    const healthyIn = (keeper: PoolKeeper): number => keeper.targets.filter(({ state }) => state === "healthy").length;
    /** Whether the load balancer answers in a zone: it does not where it keeps to its zones and has nobody healthy there. */
    const serves = (door: OpenDoor, zone: string | undefined): boolean => keepersOf(door).some(keeper => (keeper.pool.zone === undefined || keeper.pool.zone === zone) && healthyIn(keeper) > 0);
    return {
        doors: open,
        ready: statuses.written,
        targets: door => keepersOf(door).flatMap(keeper => keeper.targets),
        healthyTargets: door => keepersOf(door).reduce((sum, keeper) => sum + healthyIn(keeper), 0),
        lookup: hostname => {
            const door = open.find(candidate => candidate.hostname === hostname.toLowerCase());
            if (door === undefined) {
                return undefined;
            }
            const well = door.addresses.filter(({ zone, address: own }) => !silence.isLeftOut(own) && serves(door, zone));
            // "If all targets fail health checks at the same time in all enabled Availability Zones, the load balancer fails open" (network/target-group-health-checks.html).
            return { addresses: (well.length > 0 ? well : door.addresses).map(({ address: own }) => own), ttlSeconds: nameTtlSeconds };
        },
        zoneDown: zone => silence.zone(zone, true),
        zoneUp: zone => silence.zone(zone, false),
        down: () => silence.all(true),
        up: () => silence.all(false),
        stop: async () => {
            statuses.stop();
            await registration.stop();
            await balancer.stop();
        },
        unproved: [...new Set([...unproved, ...doors.flatMap(door => door.unproved)])],
    };
}
