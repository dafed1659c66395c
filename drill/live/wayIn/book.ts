import type { NameAnswer } from "../dns/server";
import { type Door, nameOf } from "./door";
import type { PoolKeeper, TargetNow } from "./keeper";
import type { OpenDoor } from "./pools";
import type { Silence } from "./silence";

/**
 * Seconds that a load balancer's name may be kept: "60 seconds (the TTL for load balancers)",
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html, TTL.
 */
const nameTtlSeconds = 60;

/** What there is to know of a cluster's load balancers: their targets, and what their names lead to. */
export class Book {
    constructor(
        private readonly doors: readonly OpenDoor[],
        private readonly keepers: readonly PoolKeeper[],
        private readonly silence: Pick<Silence, "isLeftOut">,
    ) {}

    /** Targets of a door, those of its first port where it has several. */
    targets(door: Door): readonly TargetNow[] {
        return this.#keepersOf(door).flatMap(({ targets }) => targets);
    }

    /** How many of them are well. */
    healthyTargets(door: Door): number {
        return this.#keepersOf(door).reduce((sum, keeper) => sum + healthyIn(keeper), 0);
    }

    /** Addresses that a load balancer's name leads to now; undefined for a name of none of them. */
    lookup(hostname: string): NameAnswer | undefined {
        const door = this.doors.find(candidate => candidate.hostname === hostname.toLowerCase());
        if (door === undefined) {
            return undefined;
        }
        const well = door.addresses.filter(({ zone, address }) => !this.silence.isLeftOut(address) && this.#serves(door, zone));
        // "If all targets fail health checks at the same time in all enabled Availability Zones, the load balancer fails open" (network/target-group-health-checks.html).
        return { addresses: (well.length > 0 ? well : door.addresses).map(({ address }) => address), ttlSeconds: nameTtlSeconds };
    }

    /** Whether the load balancer answers in a zone: it does not where it keeps to its zones and has nobody healthy there. */
    #serves(door: Door, zone: string | undefined): boolean {
        return this.#keepersOf(door).some(keeper => (keeper.pool.zone === undefined || keeper.pool.zone === zone) && healthyIn(keeper) > 0);
    }

    /** Pools of a door's first port; one for all zones, or one a zone. */
    #keepersOf(door: Door): readonly PoolKeeper[] {
        const own = this.keepers.filter(({ pool }) => nameOf(pool.door) === nameOf(door));
        return own.filter(({ pool }) => pool.servicePort === own[0]?.pool.servicePort);
    }
}

function healthyIn({ targets }: PoolKeeper): number {
    return targets.filter(({ state }) => state === "healthy").length;
}
