import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

import { count } from "../../plan/page/words";
import { type Execute, executor } from "../../tools/execute";
import { Authority, type CoreBinaries } from "../controlPlane";
import type { DrillReport } from "../result";
import type { Subject } from "../stage";
import { unprovedOfRequests } from "./clients/requests";
import { unprovedOfWrites } from "./clients/writes";
import type { LivePerformance } from "./command";
import { type Performed, performAll } from "./course";
import { type LiveDrill, type LiveOptions, slowStartDrill, slowStartSeconds } from "./drills";
import { type LossyLinks, startLossyLink } from "./cluster/lossyLink";
import { type ImageSpec, imagesOf, nextRelease, pause, slowImage, writeImages } from "./images";
import { type Names, ensureOneClusterEach, serveNames } from "./names";
import { doorsOf } from "./wayIn";
import { type LiveSite, type PreparedSite, type Watch, lodged, prepareSite, restoreSite, urlOf, watchTenant } from "./site";

type Performance = LivePerformance<LiveDrill>;

/** Does the live drills on all clusters of a stack, each on all of them at the same time, and reports them. */
export async function performLive(wanted: Performance): Promise<DrillReport> {
    const { run, planned, say, drills, soFar } = wanted;
    const startedAt = new Date();
    const execute = executor(run.signal);
    const authority = await Authority.create("holdfast-live-authority");
    const prepared = await prepareSites(wanted, authority, execute);
    const sites = prepared.map(({ site }) => site);
    await Promise.all(sites.map(restoreSite));
    say("all apps are at rest");
    const names = await serveNames({ planned, sites, address: wanted.world.nameServerAddress, signal: run.signal });
    const options = optionsOf(wanted, names, authority, execute);
    const performed = await performAll(drills, sites, options, done => {
        soFar(reportOf(wanted, startedAt, prepared, done));
    });
    await names.stop();
    await Promise.all(sites.map(({ wayIn }) => wayIn.stop()));
    return reportOf(wanted, startedAt, prepared, performed);
}

/** The report of drills that are done. */
export function reportOf({ planned, full, programs, drills }: Pick<Performance, "planned" | "full" | "drills"> & { readonly programs: Pick<Performance["programs"], "binaries"> }, startedAt: Date, prepared: readonly PreparedSite[], { results, leftOut }: Performed): DrillReport {
    return {
        formatVersion: 1,
        live: true,
        project: planned.file.project,
        stack: planned.file.stack,
        set: full ? "full" : "quick",
        startedAt: startedAt.toISOString(),
        seconds: (Date.now() - startedAt.getTime()) / 1000,
        setting: settingOf(
            programs.binaries,
            prepared.map(({ site }) => site),
        ),
        unproved: [...new Set([...ofWorld, ...unprovedOfRequests, ...unprovedOfWrites, ...prepared.flatMap(({ unproved }) => unproved), ...drills.flatMap(({ unproved = [] }) => unproved)])],
        drills: results,
        leftOut,
        mustBreak: [...new Set(drills.filter(({ naive }) => naive === "breaks").map(({ name }) => name))],
    };
}

/** What no live drill can prove. */
const ofWorld: readonly string[] = [
    "the app's image is a stand-in that answers on the same port and paths: what the real program does with its signals, memory and files is not seen",
    "network policies are applied and not enforced, and there is no cluster DNS",
    "all nodes share one machine: how fast anything is says little, and no disk, no network card and no hypervisor fails",
];

/**
 * Who lives on which cluster: the stack's apps on one each, and the naive one beside the first.
 *
 * @param primary the cluster that the app's name leads to, where one has precedence: the naive one lives there, since it is the one that is lost.
 */
export function inhabitantsOf(subjects: readonly Subject[], primary: string | undefined): readonly (readonly [Subject, ...Subject[]])[] {
    const naive = subjects.find(({ subject }) => subject === "naive");
    const ours = subjects.filter(({ subject }) => subject === "stack");
    const host = ours.find(({ cluster }) => cluster === primary) ?? ours[0];
    return ours.map(subject => (subject === host && naive !== undefined ? [subject, lodged(naive, subject)] : [subject]));
}

/**
 * Nodes of the zones of a cluster, counted from 0. A cluster of one zone has two, so that one can be drained. The second cluster is not like the
 * first: one of its zones has a node more.
 */
export function nodesOf(zones: readonly string[], cluster: number): readonly { readonly name: string; readonly nodes: number }[] {
    return zones.map((name, zone) => ({ name, nodes: zones.length === 1 || (cluster > 0 && zone === zones.length - 1) ? 2 : 1 }));
}

/** Brings up a cluster for each subject of the stack. */
async function prepareSites({ run, world, planned, programs, say, subjects, drills }: Performance, authority: Authority, execute: Execute): Promise<readonly PreparedSite[]> {
    const inhabitants = inhabitantsOf(subjects, planned.config.failover?.primary);
    const routed = inhabitants.map(own => ({ cluster: own[0].cluster, hosts: own.flatMap(({ objects, addressKind }) => doorsOf(objects, { addressKind }).flatMap(door => door.hosts)) }));
    ensureOneClusterEach(routed, planned.config.failover?.domain);
    const certificate = await authority.server("holdfast-live", ...new Set(routed.flatMap(({ hosts }) => hosts)));
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
                zones: nodesOf(zones, index),
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
    const watches: Watch[] = [];
    const watch: LiveOptions["watch"] = async (tenant, urls) => {
        const begun = await watchTenant({
            tenant,
            asked: urls === undefined ? tenant.doors.map(door => ({ url: urlOf(door, names.domain), door })) : urls.map(url => ({ url, door: undefined })),
            nameServer: names.server,
            authority: authority.certificate,
            signal: run.signal,
            fail: run.fail,
        });
        watches.push(begun);
        return begun;
    };
    const ca = join(run.folder, "doors.crt");
    writeFileSync(ca, authority.certificate);
    return {
        planned,
        full,
        say,
        names,
        watch,
        signal: run.signal,
        stopWatches: async () => {
            await Promise.all(watches.map(each => each.stop()));
        },
        ledgers: tenant => watches.flatMap(each => (each.tenant === tenant && each.writes !== undefined ? [each.writes] : [])),
        curl: args => execute({ command: programs.curl, args: ["--cacert", ca, ...args], cwd: run.folder, env: process.env }),
        lossyLinks: lossyLinksOf(wanted),
    };
}

/** What it ran on, a fact each. */
function settingOf({ kubernetesVersion }: CoreBinaries, sites: readonly LiveSite[]): readonly string[] {
    return [
        `Kubernetes ${kubernetesVersion.replace(/^v/, "")}, with kubelets, kube-proxies and containerd: every container is real`,
        ...sites.map(({ name, cluster, zones }) => `${name}: ${count(cluster.nodes.length, "node")} in ${count(zones.length, "zone")}`),
        `${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB for all of it`,
    ];
}
