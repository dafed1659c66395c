import { EventEmitter, once } from "node:events";

import type { Properties } from "../provider/wire";

/** Something that is there: what the engine made, or what a controller of a cluster made on its own. */
export interface Thing {
    /** Where its id and name count: "aws", "gcp", or the address of a cluster's API. */
    readonly place: string;
    readonly type: string;
    readonly id: string;
    /** Resource of the engine that it was made for; undefined for what a controller made, and for what was there before. */
    urn: string | undefined;
    inputs: Properties;
    outputs: Properties;
    /** Whether it is made to the end. A cloud shows most things as soon as it begins with them. */
    ready: boolean;
}

/** What a thing is made from. */
export type NewThing = Omit<Thing, "ready">;

/** A call of the engine that changes something, as it was begun. */
export interface Call {
    readonly kind: "create" | "update" | "delete";
    readonly urn: string;
    readonly type: string;
    readonly id: string | undefined;
    /** When it was begun, in milliseconds of the process. */
    readonly begun: number;
    /** When it was ended; undefined while it is not. */
    ended: number | undefined;
}

/** What the engine asks for. */
export type Asking = Pick<Call, "kind" | "urn" | "type" | "id">;

/** When a call can be broken into: before anything was done, once the thing is there, and before the answer goes out. */
export type Moment = "begun" | "made" | "answering";

/** What may be done to a call: kill whoever waits for it, or fail it by throwing. */
export type Interference = (call: Call, moment: Moment, count: number) => void;

/** How the emulated clouds behave. */
export interface WorldArgs {
    /** Seconds that a second of a real cloud lasts here; 0 for none. @default 0 */
    readonly scale?: number;
    /** Is asked at each moment of each call. @default none */
    readonly interference?: Interference;
}

/** A cloud says no. The message is what the engine shows. */
export class Refused extends Error {}

/**
 * All that is there, in all clouds and clusters. It outlives engines and programs, so that what they leave behind shows.
 */
export class World {
    readonly #things = new Map<string, Thing>();
    readonly #issued = new Set<string>();
    readonly #changes = new EventEmitter().setMaxListeners(0);
    #calls: Call[] = [];
    #made = 0;
    #underWay = 0;
    scale: number;
    interference: Interference | undefined;

    constructor({ scale = 0, interference }: WorldArgs = {}) {
        this.scale = scale;
        this.interference = interference;
    }

    /** Puts something there. */
    add(thing: NewThing, ready = true): Thing {
        const key = keyOf(thing);
        if (this.#things.has(key)) {
            throw new Refused(`${thing.type} ${thing.id} exists already`);
        }
        const there = { ...thing, ready };
        this.#things.set(key, there);
        if (isMadeUp(thing.id)) {
            this.#issued.add(thing.id);
        }
        this.changed();
        return there;
    }

    remove(thing: Pick<Thing, "place" | "type" | "id">): void {
        this.#things.delete(keyOf(thing));
        this.changed();
    }

    get(place: string, type: string, id: string): Thing | undefined {
        return this.#things.get(keyOf({ place, type, id }));
    }

    /** Everything that is there. */
    all(): readonly Thing[] {
        return [...this.#things.values()];
    }

    /** Things of a type. */
    ofType(type: string): readonly Thing[] {
        return this.all().filter(thing => thing.type === type);
    }

    /** Whether something had this id that is no longer there. Names come again, made-up ids do not: only those are told of. */
    isGone(id: string): boolean {
        return this.#issued.has(id) && !this.all().some(thing => thing.id === id);
    }

    /** A number that nothing else has been made with. */
    nextNumber(): number {
        return ++this.#made;
    }

    /** Says that something there is different now. */
    changed(): void {
        this.#changes.emit("change");
    }

    /** Waits until something holds; looks again after every change. Rejects where nothing can change any more. */
    async until(holds: () => boolean, signal: AbortSignal): Promise<void> {
        while (!holds()) {
            await once(this.#changes, "change", { signal });
        }
    }

    /** Calls of the engine since the last {@link forgetCalls}, in the order in which they began. */
    get calls(): readonly Call[] {
        return this.#calls;
    }

    forgetCalls(): void {
        this.#calls = [];
    }

    /** Does a call, in the order in which they come. */
    async during<T>(asking: Asking, act: (moment: (moment: Moment) => void) => Promise<T>): Promise<T> {
        const call: Call = { ...asking, begun: performance.now(), ended: undefined };
        this.#calls.push(call);
        const count = this.#calls.length;
        const moment = (now: Moment): void => this.interference?.(call, now, count);
        this.#underWay++;
        try {
            moment("begun");
            const result = await act(moment);
            moment("answering");
            return result;
        } finally {
            call.ended = performance.now();
            this.#underWay--;
            this.changed();
        }
    }

    /** Resolves once no call is under way. */
    async atRest(): Promise<void> {
        await this.until(() => this.#underWay === 0, new AbortController().signal);
    }

    /** A copy of what is there, to go back to. */
    snapshot(): readonly Thing[] {
        return structuredClone(this.all());
    }

    /** Makes it be as it was. */
    restore(snapshot: readonly Thing[]): void {
        this.#things.clear();
        for (const thing of structuredClone(snapshot)) {
            this.#things.set(keyOf(thing), thing);
        }
        this.forgetCalls();
        this.changed();
    }
}

/** Whether a cloud, or Pulumi, made up an id: they end in digits of their own. */
function isMadeUp(id: string): boolean {
    return /[0-9a-f]{17}|-[0-9a-f]{7}$/.test(id);
}

function keyOf({ place, type, id }: Pick<Thing, "place" | "type" | "id">): string {
    return JSON.stringify([place, type, id]);
}
