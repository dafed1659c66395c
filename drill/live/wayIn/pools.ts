import { type Door, nameOf } from "./door";

/** A group of targets: those of one Service port, and where a door keeps to its zones, of one zone. */
export interface Pool {
    /** Unique in a cluster, such as door0-0 or door0-0-2; what HAProxy's sections are called by. */
    readonly id: string;
    readonly door: Door;
    /** Place of the door among its cluster's. */
    readonly doorIndex: number;
    readonly servicePort: number | string;
    /** Undefined for the targets of all zones. */
    readonly zone: string | undefined;
}

/** The groups of targets that doors need, in order. */
export function poolsOf(doors: readonly Door[], zones: readonly string[]): readonly Pool[] {
    return doors.flatMap((door, doorIndex) => {
        const ports = [...new Set(door.listens.map(({ servicePort }) => servicePort).filter(port => port !== undefined))];
        return ports.flatMap((servicePort, portIndex): readonly Pool[] => {
            const id = `door${doorIndex}-${portIndex}`;
            const pool = { door, doorIndex, servicePort };
            return door.crossZone ? [{ ...pool, id, zone: undefined }] : zones.map((zone, zoneIndex) => ({ ...pool, id: `${id}-${zoneIndex}`, zone }));
        });
    });
}

/** An address of a door. */
export interface DoorAddress {
    /** Undefined where it stands for all zones. */
    readonly zone: string | undefined;
    readonly address: string;
}

/** A door with its addresses. */
export interface OpenDoor extends Door {
    /** Its name, where it has an address in each zone; undefined where it has one address. */
    readonly hostname: string | undefined;
    readonly addresses: readonly DoorAddress[];
}

/** The pool behind a listener at an address. */
export function poolBehind(pools: readonly Pool[], door: Door, servicePort: number | string, { zone }: DoorAddress): Pool {
    const found = pools.find(pool => pool.door === door && pool.servicePort === servicePort && (pool.zone === undefined || pool.zone === zone));
    if (found === undefined) {
        throw new Error(`${nameOf(door)} has no targets for port ${servicePort} in ${zone ?? "any zone"}`);
    }
    return found;
}
