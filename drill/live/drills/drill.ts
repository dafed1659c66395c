import type { PlannedStack } from "../../../plan/run";
import type { Say } from "../../../tools/cache";
import type { Outcome } from "../../../tools/execute";
import type { DrillResult } from "../../result";
import type { LossyLinks } from "../cluster/lossyLink";
import type { Ledger } from "../clients/ledger";
import type { Names } from "../names";
import type { LiveSite, Tenant, Watch } from "../site";

/** What every live drill says of itself before it runs. */
interface Described {
    /** "zone loss". The same words in the table, the files and on the command line, there with hyphens. */
    readonly name: string;
    /** Whether the quick set has it; the full set has every drill. */
    readonly quick: boolean;
    /** What the naive stack has to do with it: it must break a promise; it may; or it is spared. */
    readonly naive: "breaks" | "tried" | "spared";
    /** What it can't prove, a sentence each. @default none */
    readonly unproved?: readonly string[];
}

/** Why a drill can't be done: what the stack does not have, or what this machine lacks. */
export type Obstacle = string | { readonly lacking: string };

/** Something that happens to one cluster, and so to all apps on it. */
export interface SiteDrill extends Described {
    readonly scope: "cluster";
    /** Why it can't be done on this site; undefined where it can. */
    obstacle(site: LiveSite, options: Pick<LiveOptions, "lossyLinks">): Obstacle | undefined;
    /** Does it on a site at rest, and measures. The site is restored by the caller afterwards. What throws is a fault of the drill. */
    run(site: LiveSite, options: LiveOptions): Promise<readonly DrillResult[]>;
}

/** Something that happens to all clusters of the stack. */
export interface WorldDrill extends Described {
    readonly scope: "system";
    obstacle(sites: readonly LiveSite[], options: Pick<LiveOptions, "planned">): Obstacle | undefined;
    run(sites: readonly LiveSite[], options: LiveOptions): Promise<readonly DrillResult[]>;
}

export type LiveDrill = SiteDrill | WorldDrill;

export interface LiveOptions {
    readonly planned: PlannedStack;
    /** Whether the full set is asked for. */
    readonly full: boolean;
    readonly say: Say;
    /** Who answers names in the world. */
    readonly names: Names;
    /** Begins to watch an app, with a client for each of its doors, or for some URLs instead. */
    readonly watch: (tenant: Tenant, urls?: readonly string[]) => Promise<Watch>;
    /** Stops all that are still going on: a drill that failed has left some. */
    readonly stopWatches: () => Promise<void>;
    /** Ends everything with its reason. */
    readonly signal: AbortSignal;
    /** What was written to an app so far, and who said that it is safe: a ledger for each watch. */
    readonly ledgers: (tenant: Tenant) => readonly Ledger[];
    /** Runs curl, which trusts the doors' certificates. */
    readonly curl: (args: readonly string[]) => Promise<Outcome>;
    /** What makes the way to a zone lose packets, or why nothing does here. */
    readonly lossyLinks: LossyLinks;
}
