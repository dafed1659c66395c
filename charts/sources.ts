import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { type Say, Unobtainable, installed } from "../tools/cache";
import { lastLines } from "../tools/execute";
import type { Helm } from "./helm";
import type { ChartRequest } from "./requests";

/** Variable that names a folder of unpacked charts, one `<chart>-<version>` each. */
const variable = "HOLDFAST_CHARTS";

/** Which chart. */
export type ChartName = Pick<ChartRequest, "chart" | "version" | "repo">;

/** Where charts are looked for. */
export interface Sources {
    readonly env: NodeJS.ProcessEnv;
    readonly cache: string;
    readonly helm: Helm;
    readonly say: Say;
}

/** A chart's own name: of an OCI reference the last part. */
export function ownName({ chart }: Pick<ChartRequest, "chart">): string {
    return chart.slice(chart.lastIndexOf("/") + 1);
}

/** What a chart goes by, in words and in folders. */
export function titleOf(chart: Pick<ChartRequest, "chart" | "version">): string {
    return `${ownName(chart)}-${chart.version}`;
}

/**
 * The folder of an unpacked chart: in what HOLDFAST_CHARTS names, else in the cache, where Helm puts it first.
 *
 * @throws Unobtainable where it can't be had, or where it is another version.
 */
export async function obtainChart(chart: ChartName, { env, cache, helm, say }: Sources): Promise<string> {
    const given = env[variable];
    const local = given === undefined || given === "" ? undefined : join(resolve(given), titleOf(chart));
    const folder = local !== undefined && existsSync(local) ? local : await pulled(chart, cache, helm, say);
    const { version } = z.object({ version: z.string() }).parse(parse(readFileSync(join(folder, "Chart.yaml"), "utf8")));
    if (version.replace(/^v/, "") !== chart.version.replace(/^v/, "")) {
        throw new Unobtainable(`${folder} has version ${version}, not ${chart.version}`);
    }
    return folder;
}

async function pulled(chart: ChartName, cache: string, helm: Helm, say: Say): Promise<string> {
    const { chart: reference, version, repo } = chart;
    const name = ownName(chart);
    const make = async (folder: string): Promise<void> => {
        const args = ["pull", reference, "--version", version, ...(repo === undefined ? [] : ["--repo", repo]), "--untar", "--untardir", folder];
        const outcome = await helm(args);
        if (outcome.code !== 0) {
            const fix = `it needs the network, or a folder ${titleOf(chart)} in what ${variable} names`;
            throw new Unobtainable(`helm ${args.slice(0, -3).join(" ")} failed; ${fix}. It said:\n${lastLines(outcome)}`);
        }
    };
    return join(await installed(cache, { name, version, from: repo ?? reference, proof: join(name, "Chart.yaml"), make }, say), name);
}
