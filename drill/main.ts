import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";

import { ConfigError } from "../components/config";
import { exitCodeAfter } from "../tools/command";
import { Interrupted } from "../tools/execute";
import { planStack } from "../plan/run";
import { StackFileError, readStackFile } from "../plan/stackFile";
import { WriteError } from "../plan/write";
import { type Say, Unobtainable } from "../tools/cache";
import { ensureBinaries } from "./binaries";
import { type Drill, drillsOf } from "./drills";
import { perform } from "./perform";
import { withRun } from "./process/run";
import { isSuccess, verdictOf } from "./report/compare";
import { renderDrillText } from "./report/text";
import { clearDrill, writeDrill } from "./report/write";
import type { DrillReport } from "./result";
import { Refused, naiveSubject, stackSubjects } from "./stage";

const help = `Drills a stack on real Kubernetes control planes whose zones can die, on this machine, without containers.

  npm run drill                      the quick set on stack prod
  npm run drill -- --stack dev       another stack
  npm run drill -- --full            every drill, each zone in turn
  npm run drill -- --only zone-loss,drain

Each cluster of the stack gets an API server, a scheduler and controllers of its own, with fake nodes in the
configured zones, and the manifests that the plan shows. A naive stack, as beginners' articles have it, is
put through the same, so that a drill that cannot fail is noticed. Prints what was promised and what was
measured, and writes DIR/NAME/drill.json and drill.html with a chart of each drill.

Options
  --stack NAME   stack to drill (default: prod)
  --full         the full set
  --only LIST    only these drills, by name, with hyphens for spaces
  --no-naive     without the naive stack
  --list         print the drills' names
  --out DIR      where to write (default: out)
  --help         this text

Environment
  HOLDFAST_ASSETS     folder with etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok
  KUBEBUILDER_ASSETS  folder that may have some of them; the others are downloaded or built
  HOLDFAST_CACHE      where they are kept once they were downloaded or built

Exit code 0 where every promise was kept; 1 where one was broken, a drill failed, the naive stack broke none of
what it must, or nothing was promised at all; 2 where the control plane's programs can't be had.
`;

const defaultWidth = 120;
const narrowest = 80;

const options = {
    stack: { type: "string", default: "prod" },
    full: { type: "boolean", default: false },
    only: { type: "string" },
    naive: { type: "boolean", default: true },
    list: { type: "boolean", default: false },
    out: { type: "string", default: "out" },
    help: { type: "boolean", default: false },
} as const;

/** What the user asked for can't be done: the message says why. */
class UsageError extends Error {}

const started = performance.now();

/** Progress goes where it does not mix with the report. */
const say: Say = line => process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}\n`);

/** Runs the command. Resolves to its exit code. */
async function main(args: readonly string[]): Promise<number> {
    const { values } = parseArgs({ args: [...args], options, allowNegative: true });
    if (values.help) {
        process.stdout.write(help);
        return 0;
    }
    const planned = await planStack(process.cwd(), readStackFile(process.cwd(), values.stack));
    const drills = drillsOf(planned);
    if (values.list) {
        process.stdout.write(`${drills.map(drill => `${idOf(drill)}${drill.quick ? "" : " (full set)"}`).join("\n")}\n`);
        return 0;
    }
    const chosen = choose(drills, values.only, values.full);
    const subjects = stackSubjects(planned);
    if (subjects.length === 0) {
        throw new UsageError(`stack ${values.stack} puts no app on a cluster of its own: there is nothing to drill`);
    }
    const naive = values.naive ? [naiveSubject(readFileSync(join("tests", "drill", "naive.yaml"), "utf8"))] : [];
    const directory = join(values.out, values.stack);
    clearDrill(directory);
    const report = await withRun({ say, keepLogs: join(directory, "logs") }, async run =>
        perform({
            run,
            binaries: await ensureBinaries(say, { signal: run.signal }),
            say,
            project: planned.file.project,
            stack: values.stack,
            subjects: [...subjects, ...naive],
            drills: chosen,
            full: values.full,
        }),
    );
    writeDrill(directory, report);
    show(report, directory);
    return isSuccess(verdictOf(report)) ? 0 : 1;
}

function idOf({ name }: Drill): string {
    return name.replaceAll(" ", "-");
}

function choose(drills: readonly Drill[], only: string | undefined, full: boolean): readonly Drill[] {
    if (only === undefined) {
        return drills.filter(({ quick }) => quick || full);
    }
    const asked = only.split(",");
    const unknown = asked.filter(name => !drills.some(drill => idOf(drill) === name));
    if (unknown.length > 0) {
        throw new UsageError(`there is no drill ${unknown.join(", ")}; there are ${drills.map(idOf).join(", ")}`);
    }
    return drills.filter(drill => asked.includes(idOf(drill)));
}

function show(report: DrillReport, directory: string): void {
    const { isTTY, columns } = process.stdout;
    process.stdout.write(renderDrillText(report, { color: isTTY && process.env["NO_COLOR"] === undefined, width: isTTY ? Math.max(narrowest, columns) : defaultWidth }));
    process.stdout.write(`\nWrote ${join(relative(process.cwd(), directory), "drill.html")} and drill.json.\n`);
}

/** What the user can mend is said in one message; anything else is a fault of ours, and keeps its trace. */
function isUserError(error: unknown): error is Error {
    const kinds = [ConfigError, StackFileError, WriteError, UsageError, Refused, Interrupted, Unobtainable];
    return kinds.some(kind => error instanceof kind) || (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
}

main(process.argv.slice(2)).then(
    code => {
        process.exitCode = code;
    },
    (error: unknown) => {
        process.stderr.write(`${isUserError(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        // What an ended run still had in the air is not waited for.
        process.exit(exitCodeAfter(error));
    },
);
