import { lastLines } from "../../../tools/execute";
import type { DrillResult } from "../../result";
import { type LiveSite, pagePort, urlFor, urlOf } from "../site";
import type { WorldDrill } from "./drill";

/** What the app says. */
const expected = "Hello, World!";

/** Longest time for curl to be answered, in seconds: a name that has just moved may need a second address. */
const curlSeconds = 10;

/** After all the rest: what anybody gets who asks for the app by its name, by a program that knows nothing of the drills. */
export const curlDrill: WorldDrill = {
    name: "curl at the end",
    quick: true,
    naive: "spared",
    scope: "system",
    obstacle: () => undefined,
    run: async (sites, { names, curl }) => {
        const began = performance.now();
        const url = pageUrl(sites, names.domain);
        const outcome = await curl(["--silent", "--show-error", "--max-time", String(curlSeconds), url]);
        const said = outcome.code === 0 ? outcome.stdout.trim() : `curl ended with ${outcome.code ?? "a signal"}: ${lastLines(outcome).trim()}`;
        const result: DrillResult = {
            drill: curlDrill.name,
            subject: "stack",
            cluster: "all",
            what: `curl asked for ${url}`,
            seconds: (performance.now() - began) / 1000,
            promises: [{ name: `curl ${url}`, promised: expected, measured: said, kept: said === expected }],
            series: [],
            marks: [],
            notes: [],
        };
        return [result];
    },
};

/** The page of the app's name, or that of the first cluster's load balancer where the app has none. */
function pageUrl([first]: readonly LiveSite[], domain: string | undefined): string {
    const door = first?.ours.doors[0];
    if (door === undefined) {
        throw new Error("no cluster has a load balancer");
    }
    return domain === undefined ? urlOf(door, undefined) : urlFor(domain, pagePort(door));
}
