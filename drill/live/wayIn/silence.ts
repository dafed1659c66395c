import type { Ground } from "./ground";
import type { DoorAddress } from "./pools";

/**
 * Seconds until a dead zone's address has left a load balancer's name, and until it is back after the zone is. AWS states none; it says that Elastic Load
 * Balancing goes by Route 53 health checks, whose fast interval is 10 s and whose threshold is 3 by default
 * (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html).
 */
export const nameSeconds = 30;

/** Which addresses are silent, and which of them the world has taken note of. */
export class Silence {
    readonly #zones = new Set<string>();
    #all = false;
    /** When an address fell silent or was heard again, in milliseconds, and whether names were without it then. */
    readonly #changes = new Map<string, { readonly at: number; readonly wasLeftOut: boolean }>();
    #silent: ReadonlySet<string> = new Set();

    /** @param now a clock that never jumps, in milliseconds. */
    constructor(
        private readonly ground: Ground,
        private readonly addresses: readonly DoorAddress[],
        private readonly now: () => number = () => performance.now(),
    ) {}

    /** A zone's own addresses. What stands for all zones is heard as long as one of them is: it is the cloud's, and in no zone. */
    zone(zone: string, isSilent: boolean): Promise<void> {
        if (isSilent) {
            this.#zones.add(zone);
        } else {
            this.#zones.delete(zone);
        }
        return this.#update();
    }

    /** All addresses. */
    all(isSilent: boolean): Promise<void> {
        this.#all = isSilent;
        return this.#update();
    }

    /** Whether names are without an address: it has been silent long enough to be noticed, or has not been heard again for long enough. */
    isLeftOut(address: string): boolean {
        const change = this.#changes.get(address);
        if (change === undefined) {
            return false;
        }
        return this.now() - change.at >= nameSeconds * 1000 ? this.#silent.has(address) : change.wasLeftOut;
    }

    async #update(): Promise<void> {
        const silent = new Set(this.addresses.filter(({ zone }) => this.#all || (zone !== undefined && this.#zones.has(zone))).map(({ address }) => address));
        for (const { address } of this.addresses) {
            if (silent.has(address) !== this.#silent.has(address)) {
                this.#changes.set(address, { at: this.now(), wasLeftOut: this.isLeftOut(address) });
            }
        }
        this.#silent = silent;
        await this.ground.silence([...silent]);
    }
}
