import { exitCodes } from "../../tools/command";
import { isKept, type DrillReport, type DrillResult, type PromiseResult } from "../result";

/** A drill on one cluster: what came of it on the stack and, beside it, on the naive one. */
export interface Pair {
    readonly drill: string;
    readonly cluster: string;
    /** Left out where only the naive stack was drilled. */
    readonly ours: DrillResult | undefined;
    /**
     * Of the same cluster; else the first that the naive stack has of this drill, so that none stands without a
     * comparison. Its own `cluster` says which.
     */
    readonly naive: DrillResult | undefined;
}

/** One promise of a pair. At least one side has it. */
export interface Row {
    readonly drill: string;
    readonly cluster: string;
    readonly promise: string;
    readonly ours: PromiseResult | undefined;
    readonly naive: PromiseResult | undefined;
    /** Where the naive one was measured, which may be another cluster. */
    readonly naiveCluster: string | undefined;
}

/** A promise that the stack broke, with the run in which it did. */
export interface Broken {
    readonly result: DrillResult;
    readonly promise: PromiseResult;
}

/** What the whole report comes to. */
export interface Verdict {
    /** The stack's promises, over all drills and clusters. */
    readonly promises: number;
    readonly kept: number;
    readonly broken: readonly Broken[];
    /** Drills of which the naive stack broke a promise, on any cluster. */
    readonly naiveBroke: readonly string[];
    /** Drills of which it broke none: nothing shows that these can fail. */
    readonly naiveKept: readonly string[];
    /** Of these, drills that it must break: they can't tell a good stack from a bad one. */
    readonly blind: readonly string[];
    /** Drills that it was not put through. */
    readonly notOnNaive: readonly string[];
    /** Drills that were left out, on some cluster, because the machine lacks something for them. */
    readonly lacking: readonly string[];
}

/** The drills' names, in the order in which they first occur. */
export function drillsOf({ drills }: DrillReport): string[] {
    return [...new Set(drills.map(({ drill }) => drill))];
}

/** The names of the stack's clusters, in the order in which they first occur. */
export function clustersOf({ drills }: DrillReport): string[] {
    return [...new Set(drills.filter(({ subject }) => subject === "stack").map(({ cluster }) => cluster))].filter(cluster => cluster !== "all");
}

/** A cluster as a title names it: "all" is no cluster's name. */
export function clusterTitle(cluster: string): string {
    return cluster === "all" ? "all clusters" : cluster;
}

/** A drill's runs, the stack's beside the naive one's. Every run of the report is in the pairs of its drill. */
export function pairsOf({ drills }: DrillReport, drill: string): Pair[] {
    const results = drills.filter(result => result.drill === drill);
    const ours = results.filter(({ subject }) => subject === "stack");
    const naive = results.filter(({ subject }) => subject === "naive");
    const pairs = zip(ours, naive, ({ cluster }) => cluster).map(([left, right]) => ({ ours: left, naive: right }));
    const [first] = naive;
    const lent = first !== undefined && pairs.some(pair => pair.ours !== undefined && pair.naive === undefined);
    return pairs
        // The one that is lent to other clusters needs no place of its own.
        .filter(pair => pair.ours !== undefined || !(lent && pair.naive === first))
        .map(pair => ({
            drill,
            cluster: pair.ours?.cluster ?? pair.naive?.cluster ?? "",
            ours: pair.ours,
            naive: pair.naive ?? first,
        }));
}

/** A pair's promises: the stack's in their order, then those that the naive one has alone. */
function rowsOf({ drill, cluster, ours, naive }: Pair): Row[] {
    return zip(ours?.promises ?? [], naive?.promises ?? [], ({ name }) => name).map(([left, right]) => ({
        drill,
        cluster,
        promise: left?.name ?? right?.name ?? "",
        ours: left,
        naive: right,
        naiveCluster: right === undefined ? undefined : naive?.cluster,
    }));
}

/** A promise's row that holds for several clusters, because all of them measured the same. */
export interface SharedRow extends Row {
    readonly clusters: readonly string[];
    /** Whether these are all clusters that the drill was done to, and more than one. */
    readonly everywhere: boolean;
    /** Whether the row above is of the same promise. */
    readonly again: boolean;
    /** What was promised to the stack, or to the naive one where only that was promised it. */
    readonly promised: string;
    /** What has to be said of the naive one's result: "promised 1 of 1", "on east". Empty where it compares as it stands. */
    readonly differences: readonly string[];
}

/** A drill's rows, promise by promise, each said once for the clusters for which it would say the same. */
export function sharedRowsOf(report: DrillReport, drill: string): SharedRow[] {
    const rows = pairsOf(report, drill).flatMap(rowsOf);
    const clusters = new Set(rows.map(({ cluster }) => cluster)).size;
    return [...new Set(rows.map(({ promise }) => promise))].flatMap(name =>
        [...groupBy(rows.filter(({ promise }) => promise === name), sameText).values()].map((group, index): SharedRow => {
            const [row] = group;
            const own = [...new Set(group.map(({ cluster }) => cluster))];
            return {
                ...row,
                clusters: own,
                everywhere: own.length > 1 && own.length === clusters,
                again: index > 0,
                promised: row.ours?.promised ?? row.naive?.promised ?? "",
                differences: differencesOf(row),
            };
        }),
    );
}

function sameText(row: Row): string {
    const { ours, naive } = row;
    return JSON.stringify([ours?.promised, ours?.measured, ours?.kept, naive?.measured, naive?.kept, differencesOf(row)]);
}

function differencesOf({ ours, naive, cluster, naiveCluster }: Row): string[] {
    return [
        ...(ours !== undefined && naive !== undefined && ours.promised !== naive.promised ? [`promised ${naive.promised}`] : []),
        ...(naiveCluster !== undefined && naiveCluster !== cluster ? [`on ${naiveCluster}`] : []),
    ];
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, [T, ...T[]]> {
    const groups = new Map<string, [T, ...T[]]>();
    for (const item of items) {
        const group = groups.get(key(item));
        if (group === undefined) {
            groups.set(key(item), [item]);
        } else {
            group.push(item);
        }
    }
    return groups;
}

export function verdictOf(report: DrillReport): Verdict {
    const ours = report.drills.filter(({ subject }) => subject === "stack");
    const promises = ours.flatMap(result => result.promises.map(promise => ({ result, promise })));
    const broken = promises.filter(({ promise }) => !promise.kept);
    const naive = report.drills.filter(({ subject }) => subject === "naive");
    const drills = drillsOf(report);
    const on = (drill: string): DrillResult[] => naive.filter(result => result.drill === drill);
    const tried = drills.filter(drill => on(drill).length > 0);
    const naiveKept = tried.filter(drill => on(drill).every(isKept));
    return {
        promises: promises.length,
        kept: promises.length - broken.length,
        broken,
        naiveBroke: tried.filter(drill => !on(drill).every(isKept)),
        naiveKept,
        blind: naiveKept.filter(drill => report.mustBreak.includes(drill)),
        notOnNaive: drills.filter(drill => on(drill).length === 0),
        lacking: [...new Set(report.leftOut.filter(({ lacking }) => lacking === true).map(({ drill }) => drill))],
    };
}

/** Whether a run is a success: something was promised, all of it was kept, and what must fail on a naive stack did. */
export function isSuccess({ promises, broken, blind }: Verdict): boolean {
    return promises > 0 && broken.length === 0 && blind.length === 0;
}

/**
 * Exit code of a run that came to its end: 1 where a promise was broken or a drill was blind, whatever else there is; else 2 where a drill was left
 * out because the machine lacks something; else 1 where nothing was promised; else 0.
 */
export function exitCodeOf(verdict: Verdict): number {
    const { broken, blind, lacking } = verdict;
    if (broken.length === 0 && blind.length === 0 && lacking.length > 0) {
        return exitCodes.unobtainable;
    }
    return isSuccess(verdict) ? exitCodes.fine : exitCodes.wrong;
}

/** Pairs the n-th of a key with the n-th of the same key; what is left of the second comes last. */
function zip<T>(left: readonly T[], right: readonly T[], key: (item: T) => string): [T | undefined, T | undefined][] {
    const waiting = [...right];
    const pairs = left.map((item): [T | undefined, T | undefined] => {
        const at = waiting.findIndex(other => key(other) === key(item));
        return [item, at === -1 ? undefined : waiting.splice(at, 1)[0]];
    });
    return [...pairs, ...waiting.map((item): [undefined, T] => [undefined, item])];
}
