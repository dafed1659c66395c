import type { Say } from "../../tools/cache";
import type { DrillResult, LeftOut, PromiseResult } from "../result";
import type { LiveDrill, LiveOptions, Obstacle } from "./drills";
import { type LiveSite, restoreSite } from "./site";

/** What has been done of drills. */
export interface Performed {
    readonly results: readonly DrillResult[];
    readonly leftOut: readonly LeftOut[];
}

/** Does a drill on those sites on which it can be done, all at the same time. What goes wrong with it is a broken promise. */
export async function performOne(drill: LiveDrill, sites: readonly LiveSite[], options: LiveOptions): Promise<Performed> {
    const { say } = options;
    const { name } = drill;
    if (drill.scope === "system") {
        const obstacle = drill.obstacle(sites, options);
        const leftOut = obstacle === undefined ? [] : [leftOutOf(name, "all", obstacle)];
        tellLeftOut(say, leftOut);
        return { results: obstacle === undefined ? await drilled(options, name, "all", () => drill.run(sites, options)) : [], leftOut };
    }
    const obstacles = new Map(sites.map(site => [site, drill.obstacle(site, options)]));
    const leftOut = sites.flatMap((site): readonly LeftOut[] => {
        const why = obstacles.get(site);
        return why === undefined ? [] : [leftOutOf(name, site.name, why)];
    });
    tellLeftOut(say, leftOut);
    const able = sites.filter(site => obstacles.get(site) === undefined);
    return { results: (await Promise.all(able.map(site => drilled(options, name, site.name, () => drill.run(site, options))))).flat(), leftOut };
}

function leftOutOf(drill: string, cluster: string, obstacle: Obstacle): LeftOut {
    return typeof obstacle === "string" ? { drill, cluster, why: obstacle } : { drill, cluster, why: obstacle.lacking, lacking: true };
}

function tellLeftOut(say: Say, leftOut: readonly LeftOut[]): void {
    for (const { drill, cluster, why } of leftOut) {
        say(`${cluster}: ${drill}: left out: ${why}`);
    }
}

/** Does a drill. One that does not come to its end is a result too, unless the run itself is over: those before it are not to be lost. */
async function drilled({ signal, say }: Pick<LiveOptions, "signal" | "say">, drill: string, cluster: string, run: () => Promise<readonly DrillResult[]>): Promise<readonly DrillResult[]> {
    const began = performance.now();
    try {
        return await run();
    } catch (error) {
        signal.throwIfAborted();
        const why = error instanceof Error ? error.message : String(error);
        say(`${cluster}: ${drill}: ${why}`);
        const promise = { name: "the drill comes to its end", promised: "yes", measured: why, kept: false };
        return [brokenOff({ drill, cluster, what: "the drill did not come to its end", seconds: (performance.now() - began) / 1000, promise })];
    }
}

/** A result of nothing but one promise that was broken. */
function brokenOff({ promise, ...rest }: Pick<DrillResult, "drill" | "cluster" | "what" | "seconds"> & { readonly promise: PromiseResult }): DrillResult {
    return { subject: "stack", ...rest, promises: [promise], series: [], marks: [], notes: [] };
}

/**
 * Does drills one after another, and restores the sites after each. Where they can't be, that is a broken promise, and those that would follow are left
 * out: what is not well can't be drilled.
 */
export async function performAll(drills: readonly LiveDrill[], sites: readonly LiveSite[], options: LiveOptions, restore: (site: LiveSite) => Promise<void> = restoreSite): Promise<Performed> {
    const { say, signal } = options;
    const results: DrillResult[] = [];
    const leftOut: LeftOut[] = [];
    let unwell: string | undefined;
    for (const drill of drills) {
        if (unwell !== undefined) {
            leftOut.push({ drill: drill.name, cluster: "all", why: unwell });
            continue;
        }
        say(`${drill.name}: begins`);
        const from = performance.now();
        const performed = await performOne(drill, sites, options);
        const done = performance.now();
        await options.stopWatches();
        results.push(...performed.results);
        leftOut.push(...performed.leftOut);
        try {
            await Promise.all(sites.map(restore));
            say(`${drill.name}: ${((done - from) / 1000).toFixed(0)} s, and ${((performance.now() - done) / 1000).toFixed(0)} s until all was as before`);
        } catch (error) {
            signal.throwIfAborted();
            const why = error instanceof Error ? error.message : String(error);
            unwell = `after ${drill.name}, not all was as before: ${why}`;
            say(unwell);
            const promise = { name: "all is as before afterwards", promised: "yes", measured: why, kept: false };
            results.push(brokenOff({ drill: drill.name, cluster: "all", what: "what the drill had done could not be undone", seconds: (performance.now() - from) / 1000, promise }));
        }
    }
    return { results, leftOut };
}
