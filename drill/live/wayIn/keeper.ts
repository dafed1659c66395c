import { sections, slotCount } from "./haproxyConfig";
import type { Pool } from "./pools";
import type { Runtime, ServerState } from "./runtime";
import type { Target } from "./targets";

/** What a load balancer thinks of a target: not asked often enough yet, well, not well, or on its way out. */
export type TargetState = "initial" | "healthy" | "unhealthy" | "draining";

/** A target as it is now. */
export interface TargetNow extends Pick<Target, "name" | "zone" | "address" | "port"> {
    readonly state: TargetState;
}

/** A target in its slot. */
interface Seat {
    target: Target;
    state: TargetState;
    /** Its share, as HAProxy has it. */
    weight: number;
    /** Milliseconds; when the share that it has come to have is learned. */
    weightDue: number | undefined;
    /** Milliseconds; when the balancer has learned that it is to go. Undefined where nobody wants it to, and once it drains. */
    withdrawDue: number | undefined;
    /** Milliseconds; when its connections have had their time. Only while it drains. */
    leaves: number;
}

/** Time on a clock that never jumps, in milliseconds. */
const now = (): number => performance.now();

/** Keeps a pool's servers in HAProxy as the pool's targets are: registers new ones, and drains those that are gone. */
export class PoolKeeper {
    readonly #seats = new Map<number, Seat>();
    readonly #checks: string;

    constructor(
        readonly pool: Pool,
        private readonly runtime: Pick<Runtime, "command">,
    ) {
        this.#checks = sections.checks(pool);
    }

    /** The targets that there are, leaving ones last. */
    get targets(): readonly TargetNow[] {
        const all = [...this.#seats.values()].map(({ target: { name, zone, address, port }, state }): TargetNow => ({ name, zone, address, port, state }));
        return [...all.filter(({ state }) => state !== "draining"), ...all.filter(({ state }) => state === "draining")];
    }

    /** Makes the targets what they should be, those that are to go as soon as their balancer would have learned it. */
    async apply(targets: readonly Target[]): Promise<void> {
        const wanted = new Map(targets.map(target => [keyOf(target), target]));
        for (const [slot, seat] of this.#seats) {
            const target = wanted.get(keyOf(seat.target));
            wanted.delete(keyOf(seat.target));
            if (target === undefined) {
                this.#dismiss(seat);
            } else {
                await this.#keep(slot, seat, target);
            }
            if (seat.withdrawDue !== undefined && now() >= seat.withdrawDue) {
                await this.#drain(slot, seat);
            }
        }
        for (const target of wanted.values()) {
            await this.#register(target);
        }
    }

    /** Takes in what HAProxy's checks found, and does what is due. */
    async look(states: readonly ServerState[]): Promise<void> {
        const checked = new Map(states.filter(({ backend }) => backend === this.#checks).map(state => [state.server, state]));
        for (const [slot, seat] of this.#seats) {
            const state = checked.get(sections.server(slot));
            if (seat.state === "draining") {
                await this.#leave(slot, seat);
            } else if (state !== undefined) {
                await this.#judge(slot, seat, state);
                await this.#weigh(slot, seat);
            }
        }
    }

    async #register(target: Target): Promise<void> {
        const slot = [...Array(slotCount).keys()].map(index => index + 1).find(candidate => !this.#seats.has(candidate));
        if (slot === undefined) {
            throw new Error(`${this.pool.id} has more than ${slotCount} targets: raise slotCount in drill/live/wayIn/haproxyConfig.ts`);
        }
        this.#seats.set(slot, { target, state: "initial", weight: target.weight, weightDue: undefined, withdrawDue: undefined, leaves: Infinity });
        const { address, port, checkPort, weight } = target;
        const { traffic, open, checks } = this.#servers(slot);
        await this.runtime.command(
            `set server ${checks} addr ${address} port ${checkPort}`,
            ...[traffic, ...open].map(server => `set server ${server} addr ${address} port ${port}`),
            `set server ${traffic} weight ${weight}`,
            // A server that leaves maintenance counts as up, and one that tracks another takes over its state then (https://docs.haproxy.org/2.6/configuration.html#5.2-track, and the
            // test "asks a new target before it sends anybody there"). The checked one leaves first, and is called down before the other follows it.
            `set server ${checks} state ready`,
            `set server ${checks} health down`,
            `set server ${traffic} state ready`,
        );
    }

    async #keep(slot: number, seat: Seat, target: Target): Promise<void> {
        const learned = target.weight === seat.target.weight ? seat.weightDue : now() + this.pool.door.check.intervalSeconds * 1000;
        seat.weightDue = target.weight === seat.weight ? undefined : learned;
        seat.target = target;
        if (seat.state === "draining") {
            // Registered anew, it is as any new target.
            seat.state = "initial";
            const { traffic, checks } = this.#servers(slot);
            await this.runtime.command(`set server ${checks} health down`, `set server ${traffic} state ready`);
        }
    }

    /** Begins to take a target out. What is begun is done: one that is wanted again meanwhile is registered anew after it. */
    #dismiss(seat: Seat): void {
        if (seat.state !== "draining") {
            seat.withdrawDue ??= now() + this.pool.door.withdrawSeconds * 1000;
        }
    }

    async #drain(slot: number, seat: Seat): Promise<void> {
        seat.state = "draining";
        seat.withdrawDue = undefined;
        seat.leaves = now() + this.pool.door.deregistrationSeconds * 1000;
        const { traffic, open } = this.#servers(slot);
        await this.runtime.command(...[traffic, ...open].map(server => `set server ${server} state drain`));
    }

    /** Ends what is left of a target whose time is up, and empties its slot. */
    async #leave(slot: number, seat: Seat): Promise<void> {
        if (now() < seat.leaves) {
            return;
        }
        const { traffic, open, checks } = this.#servers(slot);
        await this.runtime.command(...[traffic, ...open].map(server => `shutdown sessions server ${server}`), ...[traffic, ...open, checks].map(server => `set server ${server} state maint`));
        this.#seats.delete(slot);
    }

    async #judge(slot: number, seat: Seat, { up, passed }: ServerState): Promise<void> {
        const { open, checks } = this.#servers(slot);
        if (seat.state !== "initial") {
            seat.state = up ? "healthy" : "unhealthy";
            return;
        }
        if (up || passed >= this.pool.door.check.initial) {
            // Only who was well once gets traffic when nobody is any more.
            await this.runtime.command(...(up ? [] : [`set server ${checks} health up`]), ...open.map(server => `set server ${server} state ready`));
            seat.state = "healthy";
        }
    }

    async #weigh(slot: number, seat: Seat): Promise<void> {
        if (seat.weightDue !== undefined && now() >= seat.weightDue) {
            seat.weightDue = undefined;
            seat.weight = seat.target.weight;
            await this.runtime.command(`set server ${this.#servers(slot).traffic} weight ${seat.weight}`);
        }
    }

    #servers(slot: number): { readonly traffic: string; readonly open: readonly string[]; readonly checks: string } {
        const server = sections.server(slot);
        const { pool } = this;
        return { traffic: `${sections.traffic(pool)}/${server}`, open: pool.door.failsOpen ? [`${sections.open(pool)}/${server}`] : [], checks: `${this.#checks}/${server}` };
    }
}

/** Who a target is: the same pod or node, at the same place. */
function keyOf({ name, address, port, checkPort }: Target): string {
    return [name, address, port, checkPort].join(" ");
}
