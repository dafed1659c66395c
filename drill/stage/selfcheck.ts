import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Interrupted } from "../../tools/execute";
import { planStack } from "../../plan/run";
import { readStackFile } from "../../plan/stackFile";
import { type Say, Unobtainable } from "../../tools/cache";
import { NotYet, kinds } from "../api";
import { type Binaries, ensureBinaries } from "../binaries";
import { faultyImage, nodeName, zoneLabel } from "../controlPlane";
import { type Run, withRun } from "../process/run";
import { steady } from "../standIns/loads";
import { type Stage, type Subject, naiveSubject, prepareStage, stackSubjects } from ".";

/**
 * Shows that stages hold: the clusters of each stack side by side, then the naive one, each brought up, applied twice, loaded,
 * hurt and restored. Prints what it measures.
 *
 *   npx tsx drill/stage/selfcheck.ts [stack…]      (default: prod dev naive, about 15 minutes)
 */
const asked = process.argv.slice(2);
const subjects = asked.length > 0 ? asked : ["prod", "dev", "naive"];

/** Longest wait for the autoscaler to answer a load, in seconds: it looks every 15 s, at numbers that are up to 15 s old. */
const scaleSeconds = 180;

/** Longest wait for a lost zone's replicas, in seconds: 50 s until its nodes count as lost, and then what pods tolerate, 300 s by default. */
const replacedSeconds = 450;

const started = performance.now();

const say: Say = line => process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);

async function timedStep<T>(what: string, step: () => Promise<T>): Promise<T> {
    const from = performance.now();
    const result = await step();
    say(`${what}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
    return result;
}

async function subjectsOf(name: string): Promise<readonly Subject[]> {
    if (name === "naive") {
        return [naiveSubject(readFileSync(join("tests", "drill", "naive.yaml"), "utf8"))];
    }
    return stackSubjects(await planStack(process.cwd(), readStackFile(process.cwd(), name)));
}

async function check(run: Run, binaries: Binaries, name: string): Promise<void> {
    const found = await subjectsOf(name);
    const stages = await timedStep(`${name}: ${found.length} clusters at rest`, () => Promise.all(found.map(subject => prepareStage({ run, subject, binaries, say }))));
    for (const stage of stages) {
        await look(stage);
    }
    await Promise.all(stages.map(loadAndRestore));
    await Promise.all(stages.map(hurtAndRestore));
    await Promise.all(stages.map(stage => stage.stop()));
}

async function look(stage: Stage): Promise<void> {
    const { cluster, api, app, fleet, namespace } = stage;
    say(`${cluster}: ${fleet.nodesPerZone} nodes of ${fleet.nodeShape.cpu} cores in each of ${stage.zones.join(", ")}; labels ${JSON.stringify(fleet.extraLabels)}; references replaced: ${stage.subject.replaced.join(", ") || "none"}`);
    say(`${cluster}: facts ${JSON.stringify(app)}`);
    const changes = await timedStep(`${cluster}: applied again`, () => stage.applyTwice());
    say(`${cluster}: the second apply changed ${changes.length} objects${changes.map(({ object, paths }) => `\n            ${object}: ${paths.join(", ")}`).join("")}`);
    const scaler = app.autoscaler === undefined ? undefined : await api.get({ kind: kinds.horizontalPodAutoscaler, name: app.autoscaler.name, namespace });
    say(`${cluster}: the autoscaler reads ${scaler?.status?.currentMetrics?.[0]?.resource?.current.averageUtilization ?? "nothing"} % of ${app.autoscaler?.targetPercent ?? 0} %, and wants ${scaler?.status?.desiredReplicas ?? 0}`);
    const volumes = await api.list(kinds.persistentVolume);
    const zones = volumes.map(({ spec }) => spec?.nodeAffinity?.required?.nodeSelectorTerms[0]?.matchExpressions?.find(({ key }) => key === zoneLabel)?.values?.join() ?? "nowhere");
    say(`${cluster}: ${volumes.length} volumes, in ${zones.sort().join(", ")}`);
    const door = await api.get({ kind: kinds.service, name: app.service.name, namespace });
    say(`${cluster}: Service ${app.service.name} at ${JSON.stringify(door?.status?.loadBalancer?.ingress)}`);
    const pods = await api.list(kinds.pod, { namespace });
    say(`${cluster}: ${pods.length} pods, ${pods.filter(({ status }) => status?.phase === "Pending").length} Pending`);
}

/** A load that needs the maximum of replicas, and the way back. */
async function loadAndRestore(stage: Stage): Promise<void> {
    const { cluster, api, app, load } = stage;
    const max = app.autoscaler?.max ?? app.deployment.replicas;
    const sampler = await stage.sample();
    load.set(steady(load.atTarget(max)));
    await timedStep(`${cluster}: ${max} replicas ready under load`, () =>
        api.until(`${cluster} at its maximum`, () => Promise.resolve((sampler.ready.last ?? 0) >= max || notYet(`${sampler.ready.last ?? 0} of ${max}`)), { seconds: scaleSeconds }),
    );
    sampler.stop();
    say(`${cluster}: least ready ${sampler.ready.min()}, ${sampler.ready.samples.length} samples, longest gap ${sampler.longestGap().toFixed(2)} s, wanted ${JSON.stringify(distinct(sampler.wanted.samples))}`);
    await timedStep(`${cluster}: restored`, () => stage.restore());
}

/** A zone that is lost until its replicas are replaced, a dead scheduler, a closed node, a node that is gone, an image that can't be pulled; and the way back. */
async function hurtAndRestore(stage: Stage): Promise<void> {
    const { cluster, api, zones, controlPlane, app, fleet, namespace } = stage;
    const [zone = "", other = zone] = zones;
    const sampler = await stage.sample();
    if (zones.length > 1) {
        const { replicas } = app.deployment;
        sampler.mark(`zone ${zone} dies`);
        controlPlane.zones.stop(zone);
        const without = (): number => (sampler.ready.last ?? 0) - (sampler.readyByZone.get(zone)?.last ?? 0);
        await timedStep(`${cluster}: ${zone} lost, ${replicas} ready without it`, () =>
            api.until("replacements", () => Promise.resolve(without() >= replicas || notYet(`${without()} of ${replicas}`)), { seconds: replacedSeconds }),
        );
        say(`${cluster}: least ready ${sampler.ready.min()} of ${replicas}`);
    }
    await controlPlane.component("kube-scheduler").kill();
    await api.patch({ kind: kinds.node, name: nodeName(other, 1) }, { spec: { unschedulable: true } });
    await controlPlane.removeNode(nodeName(other, 2));
    const [container] = (await api.get({ kind: kinds.deployment, name: app.deployment.name, namespace }))?.spec?.template.spec?.containers ?? [];
    const image = faultyImage(app.deployment.image, "unpullable");
    await api.patch({ kind: kinds.deployment, name: app.deployment.name, namespace }, { spec: { template: { spec: { containers: [{ name: container?.name, image }] } } } }, { type: "strategic" });
    sampler.stop();
    await timedStep(`${cluster}: restored`, () => stage.restore());
    const nodes = await api.list(kinds.node);
    const zoneOf = new Map(nodes.map(({ metadata }) => [metadata?.name, metadata?.labels?.[zoneLabel] ?? ""]));
    const pods = await api.list(kinds.pod, { namespace, labels: app.deployment.selector });
    const images = new Set(pods.flatMap(({ spec }) => (spec?.containers ?? []).map(each => each.image)));
    say(`${cluster}: ${nodes.length} of ${fleet.nodesPerZone * zones.length} nodes; pods by zone ${zones.map(each => pods.filter(({ spec }) => zoneOf.get(spec?.nodeName ?? "") === each).length).join("/")} of ${[...images].join(", ")}`);
    const changes = await stage.applyTwice();
    say(`${cluster}: another apply changed ${changes.length} objects${changes.map(({ object, paths }) => ` ${object}: ${paths.join(", ")}`).join("")}`);
}

function notYet(reason: string): NotYet {
    return new NotYet(reason);
}

function distinct(samples: readonly (readonly [number, number])[]): readonly string[] {
    return samples.filter(([, value], index) => value !== samples[index - 1]?.[1]).map(([seconds, value]) => `${value} at ${seconds.toFixed(1)} s`);
}

withRun({ say, keepLogs: join("out", "stage-logs") }, async run => {
    const binaries = await ensureBinaries(say, { signal: run.signal });
    for (const name of subjects) {
        await check(run, binaries, name);
    }
    say(`programs left: ${run.children.running.length}`);
}).then(
    () => {
        say("all held");
    },
    (error: unknown) => {
        const known = error instanceof Interrupted || error instanceof Unobtainable;
        process.stderr.write(`${error instanceof Error ? (known ? error.message : error.stack) : String(error)}\n`);
        process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
    },
);
