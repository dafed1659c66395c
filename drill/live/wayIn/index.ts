import type { Say } from "../../../tools/cache";
import { executor } from "../../../tools/execute";
import type { Api } from "../../api";
import type { Certificate } from "../../controlPlane";
import type { Run } from "../../process/run";
import { commands } from "../cluster/network";
import type { NameAnswer } from "../dns/server";
import { startBalancer } from "./balancer";
import { Book } from "./book";
import { type Door, nameOf } from "./door";
import { type Ground, networkGround } from "./ground";
import { PoolKeeper, type TargetNow } from "./keeper";
import { type OpenDoor, poolsOf } from "./pools";
import { registerTargets } from "./registration";
import { Silence } from "./silence";
import { hostnameOf, writeStatuses } from "./statuses";

export type { NameAnswer } from "../dns/server";
export { type Door, type Listen, type TargetCheck, detectionSecondsOf, nameOf } from "./door";
export { doorsOf } from "./doors";
export type { Ground } from "./ground";
export type { TargetNow, TargetState } from "./keeper";
export type { DoorAddress, OpenDoor } from "./pools";

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
    /** How many of them are well; one on its way out counts as long as it gets traffic. */
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
export async function openWayIn(options: WayInOptions): Promise<WayIn> {
    const { run, api, cluster, zones, haproxy, folder, certificate, say } = options;
    const { children, signal, fail } = run;
    const doors = options.doors.map((door, index) => withAddresses(door, index, options));
    const addresses = doors.flatMap(door => door.addresses);
    const ground = options.ground ?? networkGround({ run: commands(executor(signal), folder), cluster });
    await ground.claim(addresses.map(({ address }) => address));
    const pools = poolsOf(doors, zones);
    const balancer = await startBalancer({ cluster, doors: doors.map(door => ({ door, addresses: door.addresses })), pools, haproxy, folder, certificate, children, signal });
    const keepers = pools.map(pool => new PoolKeeper(pool, balancer.runtime));
    const registration = registerTargets({ api, keepers, runtime: balancer.runtime, fail });
    const reached = doors.map(door => ({ door, hostname: door.hostname, address: door.addresses[0]?.address ?? "" }));
    const statuses = writeStatuses(api, reached, fail);
    reached.forEach(({ door, hostname, address }) => {
        say(`${cluster}: ${nameOf(door)} is at ${hostname ?? address}`);
    });
    const silence = new Silence(ground, addresses);
    const book = new Book(doors, keepers, silence);
    return {
        doors,
        ready: statuses.written,
        targets: door => book.targets(door),
        healthyTargets: door => book.healthyTargets(door),
        lookup: hostname => book.lookup(hostname),
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

/** A door with its addresses, one in each zone or one for all, and with a name where there are several. */
function withAddresses(door: Door, index: number, { cluster, region, zones, address }: Pick<WayInOptions, "cluster" | "region" | "zones" | "address">): OpenDoor {
    return door.spread === "one a zone"
        ? { ...door, hostname: hostnameOf(door, cluster, region), addresses: zones.map((zone, place) => ({ zone, address: address(index, place) })) }
        : { ...door, hostname: undefined, addresses: [{ zone: undefined, address: address(index, 0) }] };
}
