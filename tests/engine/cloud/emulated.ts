import { setMaxListeners } from "node:events";
import { setTimeout as pass } from "node:timers/promises";

import { type Asked, type Checked, type Constructed, type Difference, type Existing, type Failure, PartlyMade, type Provider } from "../provider/provider";
import { type Properties, hasUnknown } from "../provider/wire";
import { type Kind, type Making, naming } from "./kind";
import type { Latency } from "./latencies";
import { type Asking, Refused, type Thing, type World } from "./world";

/** What is particular to a package of resources. */
export interface Package {
    /** Its rules for a type. Throws for one that it does not know. */
    kind(type: string): Kind;
    /** Where what a provider with these settings makes will be. Throws where nothing answers there. */
    place(world: World, settings: Properties, type: string): string;
    /** What is wrong with a provider's settings. */
    checkConfig(config: Properties): readonly Failure[];
    diffConfig(before: Properties, after: Properties): Difference;
    /** Inputs with what the provider makes up, as names are. */
    complete(asked: Asked, before: Properties | undefined, after: Properties, seed: Uint8Array): Properties;
    check(type: string, inputs: Properties): readonly Failure[];
    diff(type: string, before: Properties, after: Properties): Difference;
    invoke(world: World, settings: Properties, token: string, args: Properties): Properties;
    construct(type: string, name: string, inputs: Properties): Constructed;
    latency(type: string, inputs: Properties): Latency;
    /** Whether a provider with these settings takes over whatever is there already. @default false */
    takesOver?(settings: Properties): boolean;
}

/** A provider whose cloud is a {@link World}. */
export class Emulated implements Provider {
    readonly #settings = new Map<string, Properties>();
    readonly #end = new AbortController();

    constructor(
        private readonly world: World,
        private readonly rules: Package,
    ) {
        // Every call that lasts waits for the end too.
        setMaxListeners(0, this.#end.signal);
    }

    /** Ends whatever still waits for something. */
    close(): void {
        this.#end.abort(new Error("the emulated cloud was closed"));
    }

    checkConfig(config: Properties): readonly Failure[] {
        return this.rules.checkConfig(config);
    }

    diffConfig(before: Properties, after: Properties): Difference {
        return this.rules.diffConfig(before, after);
    }

    configure(session: string, config: Properties): void {
        this.#settings.set(session, config);
    }

    check(asked: Asked, before: Properties | undefined, after: Properties, seed: Uint8Array): Checked {
        return { inputs: this.rules.complete(asked, before, after, seed), failures: this.rules.check(asked.type, after) };
    }

    diff({ type }: Asked, before: Properties, after: Properties): Difference {
        return this.rules.diff(type, before, after);
    }

    async create(asked: Asked, inputs: Properties): Promise<Existing> {
        if (asked.preview) {
            return { id: "", inputs, outputs: inputs };
        }
        const asking: Asking = { kind: "create", urn: asked.urn, type: asked.type, id: undefined };
        return this.world.during(asking, async moment => {
            const making = this.making(asked, inputs);
            this.mustBeThere(inputs);
            const refused = this.kind(asked).refuse?.(making);
            if (refused !== undefined) {
                throw new Refused(refused);
            }
            const id = this.idFor(making);
            const outputs = { ...inputs, ...this.kind(asked).outputs?.({ ...making, id }) };
            const thing = this.takenOver(making, id) ?? this.world.add({ place: making.place, type: asked.type, id, urn: asked.urn, inputs, outputs }, false);
            thing.inputs = inputs;
            thing.urn = asked.urn;
            const made = { id, inputs, outputs };
            try {
                moment("made");
                await this.last(this.rules.latency(asked.type, inputs).createSeconds);
                thing.outputs = { ...outputs, ...(await this.kind(asked).settle?.({ ...making, id, signal: this.#end.signal })) };
            } catch (error) {
                throw new PartlyMade(error instanceof Error ? error.message : String(error), made);
            }
            thing.ready = true;
            this.world.changed();
            return { ...made, outputs: thing.outputs };
        });
    }

    read(asked: Asked, id: string): Promise<Existing | undefined> {
        const place = this.place(asked);
        const { importedBy } = this.kind(asked);
        const thing = this.world.get(place, asked.type, id) ?? this.world.ofType(asked.type).find(other => other.place === place && importedBy?.(other) === id);
        return Promise.resolve(thing && { id: thing.id, inputs: thing.inputs, outputs: thing.outputs });
    }

    async update(asked: Asked, id: string, _before: Properties, after: Properties): Promise<Properties> {
        if (asked.preview) {
            return after;
        }
        return this.world.during({ kind: "update", urn: asked.urn, type: asked.type, id }, async moment => {
            const thing = this.existing(asked, id);
            this.mustBeThere(after);
            const making = this.making(asked, after);
            moment("made");
            await this.last(this.rules.latency(asked.type, after).updateSeconds);
            thing.inputs = after;
            thing.outputs = { ...thing.outputs, ...after, ...this.kind(asked).outputs?.({ ...making, id }) };
            thing.outputs = { ...thing.outputs, ...(await this.kind(asked).settle?.({ ...making, id, signal: this.#end.signal })) };
            thing.ready = true;
            this.world.changed();
            return thing.outputs;
        });
    }

    async delete(asked: Asked, id: string): Promise<void> {
        await this.world.during({ kind: "delete", urn: asked.urn, type: asked.type, id }, async moment => {
            const thing = this.world.get(this.place(asked), asked.type, id);
            const kind = this.kind(asked);
            if (thing === undefined || kind.stays === true) {
                return;
            }
            const holder = (kind.heldBy ?? []).flatMap(held => naming(this.world, thing, held)).at(0);
            const why = holder === undefined ? kind.holds?.(thing, this.world) : `${holder.type} ${holder.id} uses it`;
            if (why !== undefined) {
                throw new Refused(`${asked.type} ${id} can't be deleted: ${why}`);
            }
            moment("made");
            await this.last(this.rules.latency(asked.type, thing.inputs).deleteSeconds);
            await kind.goes?.(thing, this.world, this.#end.signal);
            this.world.remove(thing);
        });
    }

    invoke(session: string, token: string, args: Properties): Promise<Properties> {
        return Promise.resolve(this.rules.invoke(this.world, this.#settings.get(session) ?? {}, token, args));
    }

    construct({ type, name }: Asked, inputs: Properties): Constructed {
        return this.rules.construct(type, name, inputs);
    }

    private kind({ type }: Pick<Asked, "type">): Kind {
        return this.rules.kind(type);
    }

    private place({ session, type }: Asked): string {
        return this.rules.place(this.world, this.#settings.get(session) ?? {}, type);
    }

    private making(asked: Asked, inputs: Properties): Making {
        if (hasUnknown(inputs)) {
            throw new Error(`${asked.urn} is to be made from what is not known yet`);
        }
        return { world: this.world, place: this.place(asked), type: asked.type, name: asked.name, inputs, settings: this.#settings.get(asked.session) ?? {} };
    }

    /** What is there already and is meant by making another. */
    private takenOver(making: Making, id: string): Thing | undefined {
        const isMeant = this.kind(making).repeatable?.(making.inputs) === true || this.rules.takesOver?.(making.settings) === true;
        return isMeant ? this.world.get(making.place, making.type, id) : undefined;
    }

    private idFor(making: Making): string {
        const id = this.kind(making).id;
        return id === undefined ? madeUpId(making) : id(making);
    }

    private existing(asked: Asked, id: string): Thing {
        const thing = this.world.get(this.place(asked), asked.type, id);
        if (thing === undefined) {
            throw new Refused(`there is no ${asked.type} ${id}`);
        }
        return thing;
    }

    /** Whatever inputs name must not be gone. */
    private mustBeThere(value: unknown): void {
        if (typeof value === "string" && this.world.isGone(value)) {
            throw new Refused(`${value} is no longer there`);
        }
        if (typeof value === "object" && value !== null) {
            Object.values(value).forEach(item => {
                this.mustBeThere(item);
            });
        }
    }

    private async last(seconds: number): Promise<void> {
        if (this.world.scale > 0) {
            await pass(seconds * this.world.scale * 1000, undefined, { signal: this.#end.signal });
        }
    }
}

/** Length of the part that AWS makes up of an id such as vpc-0123456789abcdef0. */
const idDigits = 17;

/** An id as clouds make them up: short for the type, and a number in hexadecimal. */
export function madeUpId({ world, type }: Pick<Making, "world" | "type">, prefix = (type.split(":").at(-1) ?? "").toLowerCase()): string {
    return `${prefix}-${world.nextNumber().toString(16).padStart(idDigits, "0")}`;
}
