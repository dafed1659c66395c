import type { Api } from "../api";

/** Something that does a cloud's part in a drill, as far as a drill needs it. */
export interface StandIn {
    /** What a drill with it can't prove, a sentence each; a report repeats it. */
    readonly unproved: readonly string[];
    /** Resolves when it does its work. */
    readonly ready: Promise<void>;
    stop(): void;
}

/** What every stand-in works with. */
export interface StandInOptions {
    readonly api: Api;
    /** Called with an error that it can't go on after. */
    readonly fail: (error: Error) => void;
}
