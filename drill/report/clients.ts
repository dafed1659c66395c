import type { DrillReport, DrillResult, Traffic } from "../result";
import { pairsOf, type Pair } from "./compare";
import { duration, grouped } from "./words";

/** One client of one run. Of a run that was only watched or only wrote there is one without a client. */
export interface Sight {
    readonly result: DrillResult;
    readonly traffic: Traffic | undefined;
    /** Whose it is: the cluster; of the naive stack its name, and the cluster where that is another than the one above. */
    readonly of: string;
    /** The client by its name; empty where there is none. */
    readonly client: string;
    /** Whether it is the run's first: what is said of the run as a whole is said there. */
    readonly first: boolean;
}

/** A figure of what clients saw: its name, and how it reads of one client. */
export interface Figure {
    readonly head: string;
    readonly text: (sight: Pick<Sight, "result" | "traffic">) => string;
    /** Whether it is the run's own, whichever client is asked about. */
    readonly ofRun: boolean;
    /** Whether it is what must never be, whatever was promised. */
    readonly isBad: (sight: Pick<Sight, "result">) => boolean;
}

/** The figures of what clients saw, in the order in which they are shown. An empty text: not measured. */
export const figures: readonly Figure[] = [
    ofClient("Sent", ({ sent }) => grouped(sent)),
    ofClient("Failed", ({ failed }) => grouped(failed)),
    ofClient("Longest gap", ({ longestGapSeconds }) => span(longestGapSeconds)),
    ofClient("p99 of answers", ({ p99Seconds }) => (p99Seconds === undefined ? "" : span(p99Seconds))),
    { head: "Full strength after", ofRun: true, text: ({ result }) => fullStrength(result), isBad: ({ result }) => result.fullStrengthSeconds === "never" },
    { head: "Writes read back", ofRun: true, text: ({ result }) => readBack(result), isBad: ({ result: { writes } }) => writes !== undefined && writes.readBack < writes.acknowledged },
];

/** A drill's clients, pair by pair: the stack's and then the naive one's, each run once. Empty of a drill on fake nodes. */
export function sightsOf(report: DrillReport, drill: string): Sight[] {
    const told = new Set<DrillResult>();
    return pairsOf(report, drill).flatMap(({ cluster, ours, naive }) =>
        [ours, naive].flatMap((result): Sight[] => {
            if (result === undefined || told.has(result)) {
                return [];
            }
            told.add(result);
            const of = result.subject === "stack" ? cluster : [...new Set(["naive", ...(result.cluster === cluster ? [] : [result.cluster])])].join(", ");
            return clientsOf(result).map((traffic, index) => ({ result, traffic, of, client: traffic?.client ?? "", first: index === 0 }));
        }),
    );
}

/** A pair's clients side by side: those of one name, and those that are left in their order. */
export function clientPairs({ ours, naive }: Pair): (readonly [ours: Traffic | undefined, naive: Traffic | undefined])[] {
    const left = ours?.traffic ?? [];
    const named = (client: string): Traffic | undefined => naive?.traffic?.find(other => other.client === client);
    const rest = (naive?.traffic ?? []).filter(({ client }) => left.every(other => other.client !== client));
    const pairs = left.map((traffic): readonly [Traffic, Traffic | undefined] => [traffic, named(traffic.client) ?? rest.shift()]);
    return [...pairs, ...rest.map((traffic): readonly [undefined, Traffic] => [undefined, traffic])];
}

/** Whether a run has anything of what only live drills measure. */
export function isWatched({ traffic, fullStrengthSeconds, writes }: DrillResult): boolean {
    return (traffic?.length ?? 0) > 0 || fullStrengthSeconds !== undefined || writes !== undefined;
}

/** A length of time that may be short: "340 ms", "1.2 s", "57 s", "2 min 5 s". */
export function span(seconds: number): string {
    const milliseconds = Math.round(seconds * 1000);
    if (milliseconds >= 1000 || seconds === 0) {
        return duration(seconds);
    }
    return milliseconds === 0 ? "<1 ms" : `${milliseconds} ms`;
}

/** Why requests failed: "20 × no answer within 5 s". */
export function reasons({ errors }: Traffic): string[] {
    return errors.map(({ error, count }) => `${grouped(count)} \u00d7 ${error}`);
}

function clientsOf(result: DrillResult): readonly (Traffic | undefined)[] {
    const { traffic = [] } = result;
    return traffic.length > 0 ? traffic : isWatched(result) ? [undefined] : [];
}

function fullStrength({ fullStrengthSeconds: seconds }: DrillResult): string {
    return seconds === undefined ? "" : seconds === "never" ? "never seen" : span(seconds);
}

function readBack({ writes }: DrillResult): string {
    return writes === undefined ? "" : `${grouped(writes.readBack)} of ${grouped(writes.acknowledged)}`;
}

function ofClient(head: string, text: (traffic: Traffic) => string): Figure {
    return { head, ofRun: false, text: ({ traffic }) => (traffic === undefined ? "" : text(traffic)), isBad: () => false };
}
