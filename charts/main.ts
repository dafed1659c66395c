import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { Unobtainable, cacheRoot, timed } from "../tools/cache";
import { exitCodes, obtainTool, runCommand, say } from "../tools/command";
import { type Execute, inTurns } from "../tools/execute";
import { concernsOf } from "./checks";
import { type Failure, attempt, crossCheck } from "./clusterCheck";
import { judge } from "./exceptions";
import { helm as helmProgram, helmAt } from "./helm";
import { changesOf, keptFolder, keptNow, readKept, writeKept } from "./kept";
import { obtainApi } from "./kubernetesApi";
import { type Look, lookAt } from "./look";
import { NotRendered } from "./render";
import { renderReport } from "./report";
import { chartsOf } from "./requests";
import { obtainChart } from "./sources";
import { type PlannedVariant, planVariant, variants } from "./variants";

const help = `Renders the charts of all add-ons with Helm, on every kind of cluster, and holds what comes of it against what was kept.

  npm run charts                what differs from the facts in tests/platform/rendered, and what is wrong
  npm run charts -- --update    keep what is rendered now

Facts are, for each chart as each kind of cluster gets it: its pods with replicas, requests, spread and security, the number
of all other objects, hooks, and values that the chart does not know. Custom resources that the program registers itself are
held against their definitions. The unit tests read the kept facts, and fail once a chart's version or values are others.

Options
  --update    write the facts
  --out DIR   write each cluster's rendered objects to DIR/<variant>.yaml, to look at
  --help      this text

Environment
  HOLDFAST_CHARTS  folder of unpacked charts, one <chart>-<version> each; those that are not there are pulled from their repositories
  HOLDFAST_HELM    a Helm, instead of one built from the Go module that tools/helm pins
  HOLDFAST_CACHE   where Helm and charts are kept, in tools/ and charts/ (default: holdfast/ in XDG_CACHE_HOME, or else in ~/.cache)

Exit code 0 where the facts are as they were and nothing is wrong; 1 where they differ, or something is; 2 where Helm or a chart
can't be had.
`;

/** Runs the command. Resolves to its exit code. */
async function run(args: readonly string[], execute: Execute): Promise<number> {
    const options = { update: { type: "boolean", default: false }, out: { type: "string" }, help: { type: "boolean", default: false } } as const;
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) {
        process.stdout.write(help);
        return exitCodes.fine;
    }
    const started = performance.now();
    const scratch = mkdtempSync(join(tmpdir(), "holdfast-charts-"));
    try {
        const cache = cacheRoot(process.env);
        const helm = helmAt(await obtainTool(helmProgram, execute), scratch, execute);
        const api = await obtainApi(cache, scratch, execute, say);
        const planned = await timed(say, `planning ${variants.map(({ label }) => label).join(", ")}`, planAll);
        const sources = { env: process.env, cache: join(cache, "charts"), helm, say };
        const requests = [...new Map(planned.flatMap(chartsOf).map(request => [request.digest, request])).values()];
        const failures: Failure[] = [];
        const tasks = requests.map(request => () => attempt(request, failures, async () => lookAt({ request, folder: await obtainChart(request, sources), helm, api, scratch })));
        const looks = (await timed(say, `rendering ${requests.length} charts`, () => inTurns(tasks, availableParallelism()))).filter(look => look !== undefined);
        const means = { helm, scratch, failures, texts: new Map<string, Promise<string | undefined>>() };
        const crossed = await timed(say, "looking at each cluster as a whole", () => inTurns(planned.map(variant => () => crossCheck(variant, looks, means)), 1));
        const before = readKept();
        const after = keptNow(planned, looks, crossed.flatMap(({ customResources }) => customResources), before);
        const changes = changesOf(before, after);
        if (values.update) {
            writeKept(after);
        }
        writeRendered(values.out, planned, looks);
        const { open, spare } = judge(concernsOf(planned, after));
        const problems = [...new Set(crossed.flatMap(({ problems: own }) => own)), ...failures.filter(({ error }) => error instanceof NotRendered).map(({ error }) => error.message)];
        const missing = failures.filter(({ error }) => error instanceof Unobtainable);
        const report = { planned, kept: after, changes, updated: values.update ? keptFolder : undefined, open, spare, problems, missing, seconds: (performance.now() - started) / 1000 };
        process.stdout.write(renderReport(report));
        const differs = changes.length > 0 && !values.update;
        return missing.length > 0 ? exitCodes.unobtainable : differs || open.length + spare.length + problems.length > 0 ? exitCodes.wrong : exitCodes.fine;
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

/** One after another: the SDK keeps its settings for the whole process. */
async function planAll(): Promise<readonly PlannedVariant[]> {
    return inTurns(variants.map(variant => () => planVariant(variant)), 1);
}

/** Writes what was rendered for each cluster, where that is asked for. */
function writeRendered(folder: string | undefined, planned: readonly PlannedVariant[], looks: readonly Look[]): void {
    if (folder === undefined) {
        return;
    }
    mkdirSync(folder, { recursive: true });
    for (const variant of planned) {
        const texts = chartsOf(variant).flatMap(({ digest }) => looks.filter(({ facts }) => facts.digest === digest).map(({ text }) => text));
        writeFileSync(join(folder, `${variant.variant.key}.yaml`), texts.join("\n"));
    }
}

runCommand({ run });
