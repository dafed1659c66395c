import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { ConfigError } from "../components/config";
import { exitCodeAfter } from "../tools/command";
import { Interrupted } from "../tools/execute";
import { type PlannedStack, planStack } from "../plan/run";
import { StackFileError, readStackFile } from "../plan/stackFile";
import { WriteError } from "../plan/write";
import { Unobtainable } from "../tools/cache";
import { ensureBinaries } from "./binaries";
import { UsageError, type Wishes, choose, listOf, repeated, sayer, show } from "./commandLine";
import { drillsOf } from "./drills";
import { runLive } from "./live/command";
import { liveDrills } from "./live/drills";
import { performLive } from "./live/perform";
import { Unplayable } from "./live/unplayable";
import { perform } from "./perform";
import { withRun } from "./process/run";
import { exitCodeOf, verdictOf } from "./report/compare";
import { clearReport, writeReport } from "./report/write";
import { Refused, type Subject, naiveSubject, stackSubjects } from "./stage";

const help = `Drills a stack on real Kubernetes control planes whose zones can die, on this machine.

  npm run drill                      the quick set on stack prod
  npm run drill -- --stack dev       another stack
  npm run drill -- --full            every drill, each zone in turn
  npm run drill -- --only zone-loss,drain
  npm run drill -- --live            with real containers and real requests (Linux, root)
  npm run drill -- --live --only rolling-update,drain --repeat 3

Each cluster of the stack gets an API server, a scheduler and controllers of its own, with fake nodes in the
configured zones, and the manifests that the plan shows. A naive stack, as beginners' articles have it, is
put through the same, so that a drill that cannot fail is noticed. Prints what was promised and what was
measured, and writes DIR/NAME/drill.json and drill.html with a chart of each drill.

With --live the nodes are real too: each zone has its own containers, which play the app, and its own network, which can be
cut; clients ask for the app by its name throughout, by load balancers as the clouds'. All of it is in namespaces of its own,
and gone with the command. Writes DIR/NAME/live.json and live.html. What the machine lacks for it is said.

Options
  --stack NAME   stack to drill (default: prod)
  --live         with real containers and real requests
  --full         the full set
  --only LIST    only these drills, by name, with hyphens for spaces
  --repeat N     with --live: do the drills N times, one time after the other
  --no-naive     without the naive stack
  --list         print the drills' names
  --out DIR      where to write (default: out)
  --help         this text

Environment
  HOLDFAST_ASSETS     folder with etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok; with
                      --live, kubelet and kube-proxy instead of kwok
  KUBEBUILDER_ASSETS  folder that may have some of them; the others are downloaded or built
  HOLDFAST_CACHE      where they are kept once they were downloaded or built
  HOLDFAST_STANDIN    with --live, the program that plays the app; else Go builds it

Exit code
  0  every promise was kept
  1  one was broken, a drill failed, the naive stack broke none of what it must, nothing was promised at all,
     or the stack has something that can't be drilled
  2  the control plane's programs can't be had, or the machine lacks something for the drills, or with --live
     for one of them: what it lacks is said, and how to install it
`;

const options = {
    stack: { type: "string", default: "prod" },
    live: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
    only: { type: "string" },
    repeat: { type: "string" },
    naive: { type: "boolean", default: true },
    list: { type: "boolean", default: false },
    out: { type: "string", default: "out" },
    help: { type: "boolean", default: false },
} as const;

const startedAt = Date.now();

/** Runs the command. Resolves to its exit code. */
async function main(args: readonly string[]): Promise<number> {
    const { values } = parseArgs({ args: [...args], options, allowNegative: true });
    if (values.help) {
        process.stdout.write(help);
        return 0;
    }
    const planned = await planStack(process.cwd(), readStackFile(process.cwd(), values.stack));
    if (values.list) {
        process.stdout.write(listOf(values.live ? liveDrills : drillsOf(planned)));
        return 0;
    }
    return values.live
        ? runLive({ wishes: values, startedAt, planned, subjects: subjectsOf(planned, values), drills: repeated(choose(liveDrills, values), values), perform: performLive })
        : drill(planned, values);
}

/** Runs the drills on fake nodes. */
async function drill(planned: PlannedStack, wishes: Wishes): Promise<number> {
    const { stack, full, repeat } = wishes;
    if (repeat !== undefined) {
        throw new UsageError("--repeat is for --live: on fake nodes, run the command again");
    }
    const drills = choose(drillsOf(planned), wishes);
    const subjects = subjectsOf(planned, wishes);
    const directory = join(wishes.out, stack);
    const say = sayer(startedAt);
    clearReport(directory, {});
    const report = await withRun({ say, keepLogs: join(directory, "logs") }, async run =>
        perform({ run, binaries: await ensureBinaries(say, { signal: run.signal }), say, project: planned.file.project, stack, subjects, drills, full }),
    );
    writeReport(directory, report);
    show(report, directory);
    return exitCodeOf(verdictOf(report));
}

/** The stack's clusters, and the naive stack where it is wanted. */
function subjectsOf(planned: PlannedStack, { stack, naive }: Wishes): readonly Subject[] {
    const subjects = stackSubjects(planned);
    if (subjects.length === 0) {
        throw new UsageError(`stack ${stack} puts no app on a cluster of its own: there is nothing to drill`);
    }
    return naive ? [...subjects, naiveSubject(readFileSync(join("tests", "drill", "naive.yaml"), "utf8"))] : subjects;
}

/** What the user can mend is said in one message; anything else is a fault of ours, and keeps its trace. */
function isUserError(error: unknown): error is Error {
    const kinds = [ConfigError, StackFileError, WriteError, UsageError, Refused, Unplayable, Interrupted, Unobtainable];
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
