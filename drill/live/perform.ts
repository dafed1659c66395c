import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

import { count } from "../../plan/page/words";
import type { Say } from "../../tools/cache";
import { type Execute, executor } from "../../tools/execute";
import { Authority, type CoreBinaries } from "../controlPlane";
import type { DrillReport, DrillResult, LeftOut } from "../result";
import type { Subject } from "../stage";
import { unprovedOfRequests } from "./clients/requests";
import { unprovedOfWrites } from "./clients/writes";
import type { LivePerformance } from "./command";
import { type LiveDrill, type LiveOptions, slowStartDrill, slowStartSeconds } from "./drills";
import { type LossyLinks, startLossyLink } from "./cluster/lossyLink";
import { type ImageSpec, imagesOf, nextRelease, pause, slowImage, writeImages } from "./images";
import { type Names, serveNames } from "./names";
import { doorsOf } from "./wayIn";
import { type LiveSite, type PreparedSite, type Tenant, lodged, prepareSite, restoreSite, urlOf, watchTenant } from "./site";

type Performance = LivePerformance<LiveDrill>;

/** Does the live drills on all clusters of a stack, each on all of them at the same time, and reports them. */
export async function performLive(wanted: Performance): Promise<DrillReport> {
    const { run, planned, say, drills, full, programs } = wanted;
    const startedAt = new Date();
    const execute = executor(run.signal);
    const authority = await Authority.create("holdfast-live-authority");
    const prepared = await prepareSites(wanted, authority, execute);
    const sites = prepared.map(({ site }) => site);
    await Promise.all(sites.map(restoreSite));
    say("all apps are at rest");
    const names = await serveNames({ planned, sites, address: wanted.world.nameServerAddress, signal: run.signal });
    const options = optionsOf(wanted, names, authority, execute);
    const done: DrillResult[] = [];
    const leftOut: LeftOut[] = [];
    for (const drill of drills) {
        const outcome = await performOne(drill, sites, options);
        done.push(...outcome.results);
        leftOut.push(...outcome.leftOut);
    }
    await names.stop();
    await Promise.all(sites.map(({ wayIn }) => wayIn.stop()));
    return {
        formatVersion: 1,
        live: true,
        project: planned.file.project,
        stack: planned.file.stack,
        set: full ? "full" : "quick",
        startedAt: startedAt.toISOString(),
        seconds: (Date.now() - startedAt.getTime()) / 1000,
        setting: settingOf(programs.binaries, sites),
        unproved: [...new Set([...ofWorld, ...unprovedOfRequests, ...unprovedOfWrites, ...prepared.flatMap(({ unproved }) => unproved), ...drills.flatMap(({ unproved = [] }) => unproved)])],
        drills: done,
        leftOut,
        mustBreak: drills.filter(({ naive }) => naive === "breaks").map(({ name }) => name),
    };
}

/** What no live drill can prove. */
const ofWorld: readonly string[] = [
    "the app's image is a stand-in that answers on the same port and paths: what the real program does with its signals, memory and files is not seen",
    "network policies are applied and not enforced, and there is no cluster DNS",
    "all nodes share one machine: how fast anything is says little, and no disk, no network card and no hypervisor fails",
];

/** What has been done of a drill. */
interface Performed {
    readonly results: readonly DrillResult[];
    readonly leftOut: readonly LeftOut[];
}

async function performOne(drill: LiveDrill, sites: readonly LiveSite[], options: LiveOptions): Promise<Performed> {
    const { say } = options;
    const { name } = drill;
    if (drill.scope === "system") {
        const obstacle = drill.obstacle(sites, options);
        if (obstacle !== undefined) {
            say(`${name}: left out: ${obstacle}`);
            return { results: [], leftOut: [{ drill: name, cluster: "all", why: obstacle }] };
        }
        return { results: await timed(say, name, sites, () => drill.run(sites, options)), leftOut: [] };
    }
    const obstacles = new Map(sites.map(site => [site, drill.obstacle(site, options)]));
    const able = sites.filter(site => obstacles.get(site) === undefined);
    const results = able.length === 0 ? [] : await timed(say, name, able, async () => (await Promise.all(able.map(site => drill.run(site, options)))).flat());
    const leftOut = sites.flatMap((site): readonly LeftOut[] => {
        const why = obstacles.get(site);
        return why === undefined ? [] : [{ drill: name, cluster: site.name, why }];
    });
    return { results, leftOut };
}

/** Does something to sites, restores them, and says how long both took. */
async function timed<T>(say: Say, name: string, sites: readonly LiveSite[], work: () => Promise<T>): Promise<T> {
    say(`${name}: begins`);
    const from = performance.now();
    const result = await work();
    const done = performance.now();
    await Promise.all(sites.map(restoreSite));
    say(`${name}: ${((done - from) / 1000).toFixed(0)} s, and ${((performance.now() - done) / 1000).toFixed(0)} s until all was as before`);
    return result;
}

/** Brings up a cluster for each subject. The naive stack lives on the first. */
async function prepareSites({ run, world, programs, say, subjects, drills }: Performance, authority: Authority, execute: Execute): Promise<readonly PreparedSite[]> {
    const naive = subjects.find(({ subject }) => subject === "naive");
    const ours = subjects.filter(({ subject }) => subject === "stack");
    const inhabitants = ours.map((subject, index): readonly [Subject, ...Subject[]] => (index === 0 && naive !== undefined ? [subject, lodged(naive, subject)] : [subject]));
    const hosts = inhabitants.flatMap(own => own.flatMap(({ objects, addressKind }) => doorsOf(objects, { addressKind }).flatMap(door => door.hosts)));
    const certificate = await authority.server("holdfast-live", ...new Set(hosts));
    return Promise.all(
        inhabitants.map(async (own, index) => {
            const [{ cluster, zones }] = own;
            const specs = imagesOf(own.flatMap(({ objects }) => objects));
            const archive = join(run.folder, `${cluster}-images.tar`);
            await writeImages({ specs: [pause, ...specs.flatMap(spec => releasesOf(spec, drills))], binary: programs.standin, file: archive, execute });
            return prepareSite({
                run,
                index,
                subjects: own,
                // The second cluster is not like the first: one of its zones has a node more.
                zones: zones.map((name, zone) => ({ name, nodes: index > 0 && zone === zones.length - 1 ? 2 : 1 })),
                binaries: programs.binaries,
                programs,
                pauseImage: pause.image,
                images: [archive],
                cgroup: world.cgroup,
                certificate,
                say,
            });
        }),
    );
}

/** An image, and those of the releases that drills roll out. */
function releasesOf(spec: ImageSpec, drills: readonly LiveDrill[]): readonly ImageSpec[] {
    return [spec, nextRelease(spec), ...(drills.includes(slowStartDrill) && spec.role === "app" ? [slowImage(spec, slowStartSeconds)] : [])];
}

/** What makes links bad, where the machine has the programs for it. */
function lossyLinksOf({ run: { children, folder, signal }, programs: { lossyLink } }: Performance): LossyLinks {
    return "missing" in lossyLink ? lossyLink : { start: (network, nodes, fault) => startLossyLink({ programs: lossyLink, children, folder, signal }, network, nodes, fault) };
}

function optionsOf(wanted: Performance, names: Names, authority: Authority, execute: Execute): LiveOptions {
    const { run, planned, full, say, programs } = wanted;
    const watch = (tenant: Tenant, urls?: readonly string[]): ReturnType<LiveOptions["watch"]> =>
        watchTenant({
            tenant,
            asked: urls === undefined ? tenant.doors.map(door => ({ url: urlOf(door, names.domain), door })) : urls.map(url => ({ url, door: undefined })),
            nameServer: names.server,
            authority: authority.certificate,
            signal: run.signal,
            fail: run.fail,
        });
    const ca = join(run.folder, "doors.crt");
    writeFileSync(ca, authority.certificate);
    return { planned, full, say, names, watch, curl: args => execute({ command: programs.curl, args: ["--cacert", ca, ...args], cwd: run.folder, env: process.env }), lossyLinks: lossyLinksOf(wanted) };
}

/** What it ran on, a fact each. */
function settingOf({ kubernetesVersion }: CoreBinaries, sites: readonly LiveSite[]): readonly string[] {
    return [
        `Kubernetes ${kubernetesVersion.replace(/^v/, "")}, with kubelets, kube-proxies and containerd: every container is real`,
        ...sites.map(({ name, cluster, zones }) => `${name}: ${count(cluster.nodes.length, "node")} in ${count(zones.length, "zone")}`),
        `${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB for all of it`,
    ];
}
