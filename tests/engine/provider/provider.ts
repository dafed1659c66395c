import type { Properties } from "./wire";

/** A resource that the engine asks about. */
export interface Asked {
    readonly urn: string;
    readonly type: string;
    /** Its name in the program. */
    readonly name: string;
    /** Which provider resource asks: one connection of the engine each. */
    readonly session: string;
    /** Whether this is a preview, in which nothing may be made. */
    readonly preview: boolean;
}

/** What is wrong with a property. */
export interface Failure {
    readonly property: string;
    readonly reason: string;
}

/** Inputs as the provider takes them, and what is wrong with them. */
export interface Checked {
    readonly inputs: Properties;
    readonly failures: readonly Failure[];
}

/** What a change of inputs comes to. */
export interface Difference {
    /** Properties that differ. */
    readonly changed: readonly string[];
    /** Those of them that can't be changed in place. */
    readonly replacing: readonly string[];
    /** Whether the old one must go before the new one can come: both would have one name. */
    readonly deleteFirst: boolean;
}

/** What is there. */
export interface Existing {
    readonly id: string;
    readonly inputs: Properties;
    readonly outputs: Properties;
}

/** A remote component that the engine wants made: what it consists of. */
export interface Constructed {
    readonly children: readonly { readonly type: string; readonly name: string; readonly inputs: Properties }[];
    readonly outputs: Properties;
}

/**
 * A provider of resources, without the protocol. Whatever a method throws, the engine gets as the resource's failure; a
 * {@link PartlyMade} says beside it what was made.
 */
export interface Provider {
    checkConfig(config: Properties): readonly Failure[];
    diffConfig(before: Properties, after: Properties): Difference;
    configure(session: string, config: Properties): void;
    check(asked: Asked, before: Properties | undefined, after: Properties, seed: Uint8Array): Checked;
    diff(asked: Asked, before: Properties, after: Properties): Difference;
    create(asked: Asked, inputs: Properties): Promise<Existing>;
    /** Undefined where it is not there. */
    read(asked: Asked, id: string): Promise<Existing | undefined>;
    update(asked: Asked, id: string, before: Properties, after: Properties): Promise<Properties>;
    delete(asked: Asked, id: string): Promise<void>;
    invoke(session: string, token: string, args: Properties): Promise<Properties>;
    construct(asked: Asked, inputs: Properties): Constructed;
}

/** A resource was made, but is not as it should be: the engine keeps its id and says why. */
export class PartlyMade extends Error {
    constructor(
        message: string,
        readonly made: Existing,
    ) {
        super(message);
    }
}
