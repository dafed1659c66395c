import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Interrupted } from "../tools/execute";
import { planStack } from "../plan/run";
import { readStackFile } from "../plan/stackFile";
import { type Say, Unobtainable } from "../tools/cache";
import { NotYet, conditionOf, kinds } from "./api";
import { ensureBinaries } from "./binaries";
import { type ControlPlane, zoneLabel } from "./controlPlane";
import { type Run, withRun } from "./process/run";
import { type Stage, prepareStage, stackSubjects } from "./stage";

/**
 * Shows that the control planes which drills stand on hold: one for each cluster of a stack, side by side, with the stack's
 * manifests in it; a zone that dies and comes back; leaders and an API server that die; nothing left at the end.
 *
 *   npx tsx drill/selfcheck.ts [stack]      (default: prod)
 */
const stack = process.argv[2] ?? "prod";

/** Longest waits, in seconds: until a dead zone's nodes count as lost (grace period 50 s), and until its pods are replaced (tolerated for 30 s). */
const lostSeconds = 120;
const replacedSeconds = 180;

const started = performance.now();

const say: Say = line => process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);

async function timedStep<T>(what: string, step: () => Promise<T>): Promise<T> {
    const from = performance.now();
    const result = await step();
    say(`${what}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
    return result;
}

async function selfcheck(run: Run): Promise<void> {
    const binaries = await ensureBinaries(say, { signal: run.signal });
    const subjects = stackSubjects(await planStack(process.cwd(), readStackFile(process.cwd(), stack)));
    const stages = await timedStep(`${subjects.length} clusters at rest`, () =>
        Promise.all(subjects.map(subject => prepareStage({ run, subject, binaries, say, standby: true }))),
    );
    memory(run);
    const [first] = stages;
    if (first !== undefined) {
        await loseZone(first);
        await loseLeaders(first.controlPlane);
    }
    await Promise.all(stages.map(stage => stage.stop()));
    const { length } = run.children.running;
    if (length > 0) {
        throw new Error(`${length} programs are left`);
    }
}

/** Ready pods of the app by zone. */
async function readyByZone({ api, app, namespace }: Stage): Promise<ReadonlyMap<string, number>> {
    const zoneOf = new Map((await api.list(kinds.node)).map(({ metadata }) => [metadata?.name, metadata?.labels?.[zoneLabel] ?? ""]));
    const count = new Map<string, number>();
    for (const pod of await api.list(kinds.pod, { namespace, labels: app.deployment.selector })) {
        if (conditionOf(pod, "Ready") === "True" && pod.metadata?.deletionTimestamp === undefined) {
            const zone = zoneOf.get(pod.spec?.nodeName) ?? "";
            count.set(zone, (count.get(zone) ?? 0) + 1);
        }
    }
    return count;
}

async function loseZone(stage: Stage): Promise<void> {
    const { api, controlPlane } = stage;
    const [zone = ""] = stage.zones;
    const nodesAre = (what: string, ready: boolean): Promise<true> =>
        api.until(
            what,
            async () => {
                const nodes = await api.list(kinds.node, { labels: `${zoneLabel}=${zone}` });
                const other = nodes.filter(node => (conditionOf(node, "Ready") === "True") !== ready).map(({ metadata }) => metadata?.name);
                return other.length === 0 ? true : new NotYet(`${other.join(", ")} not`);
            },
            { seconds: lostSeconds, everyMs: 200 },
        );
    const before = sum(await readyByZone(stage));
    controlPlane.zones.stop(zone);
    await timedStep(`${zone} stopped: its nodes count as lost`, () => nodesAre(`nodes of ${zone} lost`, false));
    await timedStep(`${zone} lost: ${before} of ${before} app pods ready elsewhere`, () =>
        api.until(
            "pods elsewhere",
            async () => {
                const ready = await readyByZone(stage);
                const elsewhere = sum(ready) - (ready.get(zone) ?? 0);
                return elsewhere >= before ? true : new NotYet(`${elsewhere} of ${before}`);
            },
            { seconds: replacedSeconds, everyMs: 200 },
        ),
    );
    controlPlane.zones.resume(zone);
    await timedStep(`${zone} resumed: its nodes are ready`, () => nodesAre(`nodes of ${zone} ready`, true));
    await timedStep(`${zone} resumed: the app is at rest`, () => stage.settled());
}

async function loseLeaders(controlPlane: ControlPlane): Promise<void> {
    for (const elected of ["kube-scheduler", "kube-controller-manager"] as const) {
        const leader = await controlPlane.leader(elected);
        await leader.kill();
        const next = await timedStep(`${leader.name} killed: another leads`, () => controlPlane.leader(elected));
        say(`${next.name} leads`);
        await leader.start();
    }
    await timedStep("kube-apiserver killed and ready again", () => controlPlane.component("kube-apiserver").restart());
}

function sum(counts: ReadonlyMap<string, number>): number {
    return [...counts.values()].reduce((total, count) => total + count, 0);
}

/** Says what the programs hold in memory, where the system tells it. */
function memory({ children }: Run): void {
    const kilobytes = children.running.map(({ pid }) => {
        try {
            return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
        } catch {
            return 0;
        }
    });
    say(`${children.running.length} programs hold ${Math.round(kilobytes.reduce((total, one) => total + one, 0) / 1024)} MiB`);
}

withRun({ say, keepLogs: join("out", stack, "logs") }, selfcheck).then(
    () => {
        say("all held");
    },
    (error: unknown) => {
        const known = error instanceof Interrupted || error instanceof Unobtainable;
        process.stderr.write(`${error instanceof Error ? (known ? error.message : error.stack) : String(error)}\n`);
        // What an ended run still had in the air is not waited for.
        process.exit(error instanceof Interrupted ? error.exitCode : 1);
    },
);
