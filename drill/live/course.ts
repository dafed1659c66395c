import type { Say } from "../../tools/cache";
import type { DrillReport, DrillResult, LeftOut } from "../result";
import { type LiveDrill, type LiveOptions, type Obstacle, brokenOff, drilled } from "./drills";
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

/**
 * Does drills one after another, and restores the sites after each. Where they can't be, that is a broken promise, and those that would follow are left
 * out: what is not well can't be drilled.
 *
 * @param soFar is told what was done, and what was not, after each drill.
 */
export async function performAll(drills: readonly LiveDrill[], sites: readonly LiveSite[], options: LiveOptions, soFar: (performed: Performed) => void, restore: (site: LiveSite) => Promise<void> = restoreSite): Promise<Performed> {
    const { say, signal } = options;
    const results: DrillResult[] = [];
    const leftOut: LeftOut[] = [];
    let unwell: string | undefined;
    for (const [index, drill] of drills.entries()) {
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
        soFar({ results: [...results], leftOut: [...leftOut, ...drills.slice(index + 1).map(({ name }) => leftOutOf(name, "all", "the run ended before"))] });
    }
    return { results, leftOut };
}

/** What is left of a run that did not come to its end: a broken promise beside what it had done. */
export function cutShort(report: DrillReport, why: string): DrillReport {
    const promise = { name: "the run comes to its end", promised: "yes", measured: why, kept: false };
    const { seconds } = report;
    return { ...report, drills: [...report.drills, brokenOff({ drill: "the run", cluster: "all", what: "the run did not come to its end", seconds, promise })] };
}
