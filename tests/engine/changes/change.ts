import type { BaseName } from "../support/bases";
import type { Edits } from "../support/change";

/** What an update does to each resource that it does not leave alone. Names are those of shortName; a star stands for any text. */
export interface Effects {
    readonly created?: readonly string[];
    readonly updated?: readonly string[];
    readonly replaced?: readonly string[];
    readonly deleted?: readonly string[];
}

/** A change of a config, and what it comes to. */
export interface EverydayChange extends Effects {
    /** What the user does. */
    readonly does: string;
    readonly from: BaseName;
    readonly edits: Edits;
    /** What the plan diff says, where no plan can know all that the engine does. @default the same */
    readonly plan?: Effects;
    /** What is taken out of the stack and stays in the cloud, kept on purpose. @default nothing */
    readonly kept?: readonly string[];
    /** Why clusters, networks or data are replaced or deleted. Without it none may be. */
    readonly because?: string;
    /** What the engine, or the cloud, refuses it with, where it does: nothing has changed then. */
    readonly refused?: RegExp;
    /** Who refuses it: the engine in its preview, or the cloud once asked. @default engine */
    readonly refusedBy?: "engine" | "cloud";
}
