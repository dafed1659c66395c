import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Say } from "../../../tools/cache";
import type { Certificate, CoreBinaries } from "../../controlPlane";
import type { Run } from "../../process/run";
import { Refused, type Subject } from "../../stage";
import { applyAll } from "../../stage/apply";
import { installCustomTypes, unprovedOfCustomTypes } from "../../stage/customTypes";
import { nodeLabelsOf } from "../../stage/fleet";
import { givenObjects } from "../../stage/given";
import { playMetrics } from "../../standIns/metrics";
import { type PlaceVolume, playVolumes } from "../../standIns/volumes";
import { type NodePrograms, doorAddress, startLiveCluster } from "../cluster";
import { doorsOf, openWayIn } from "../wayIn";
import type { World } from "../world";
import { LiveSite } from "./site";
import { type Tenant, doorsInto, ensureDoors, guestOf } from "./tenant";

export interface SiteOptions {
    readonly run: Run;
    /** Number of the cluster in the world, from 0. */
    readonly index: number;
    /** Ours, and the naive one where it lives here. */
    readonly subjects: readonly [Subject, ...Subject[]];
    /** Zones with how many nodes each has. */
    readonly zones: readonly { readonly name: string; readonly nodes: number }[];
    readonly binaries: CoreBinaries;
    readonly programs: NodePrograms & { readonly haproxy: string };
    readonly pauseImage: string;
    readonly images: readonly string[];
    readonly cgroup: World["cgroup"];
    /** For all doors with TLS. */
    readonly certificate: Certificate;
    readonly say: Say;
}

/** A site, and what no drill on it can prove, a sentence each. */
export interface PreparedSite {
    readonly site: LiveSite;
    readonly unproved: readonly string[];
}

/**
 * Starts a cluster with its load balancers, and applies the apps' objects. Resolves when the objects are applied and every way in has its
 * address; apps may still be starting.
 *
 * @throws Unplayable where no load balancer leads to an app, and Refused with every object that the API server did not take.
 */
export async function prepareSite({ run, index, subjects, zones, binaries, programs, pauseImage, images, cgroup, certificate, say }: SiteOptions): Promise<PreparedSite> {
    const [{ cluster: name, region, addressKind }] = subjects;
    const objects = subjects.flatMap(subject => subject.objects);
    const guests = subjects.map(guestOf);
    const doors = doorsOf(objects, { addressKind });
    ensureDoors(guests, doors);
    const cluster = await startLiveCluster(run, { name, index, region, zones, extraLabels: nodeLabelsOf(objects), binaries, programs, pauseImage, images, cgroup, say });
    const { api, plane } = cluster;
    const common = { api, fail: run.fail };
    const metrics = await playMetrics({
        ...common,
        certificates: plane.certificates,
        loads: guests.map(({ app, load }) => ({ carrier: { namespace: app.namespace, labels: app.deployment.labels }, load: load.model })),
    });
    const volumes = playVolumes({ ...common, place: onDisk(join(run.folder, `${name}-volumes`)) });
    const folder = join(run.folder, `${name}-doors`);
    mkdirSync(folder);
    const zoneNames = zones.map(zone => zone.name);
    const wayIn = await openWayIn({
        run,
        api,
        cluster: name,
        region,
        zones: zoneNames,
        doors,
        haproxy: programs.haproxy,
        folder,
        address: (door, zone) => doorAddress(index, door, zone),
        certificate,
        say,
    });
    run.signal.addEventListener("abort", () => {
        metrics.stop();
        volumes.stop();
    });
    await Promise.all([installCustomTypes(api, objects), metrics.ready, volumes.ready]);
    // What is given is given once, though both apps may take it for granted.
    const refusals = await applyAll(api, [...givenObjects(objects), ...objects]);
    if (refusals.length > 0) {
        throw new Refused(name, refusals);
    }
    await wayIn.ready;
    say(`${name}: ${objects.length} objects applied`);
    const tenants = guests.map((guest): Tenant => ({ ...guest, zones: zoneNames, api, doors: doorsInto(guest.namespace, wayIn.doors) }));
    return {
        site: new LiveSite(cluster, wayIn, tenants, zoneNames),
        unproved: [...metrics.unproved, ...volumes.unproved, ...wayIn.unproved, unprovedOfCustomTypes],
    };
}

/** Volumes as folders of a zone. The kubelet must be able to lead containers of any user there. */
function onDisk(root: string): PlaceVolume {
    return ({ name, zone }) => {
        const path = join(root, zone, name);
        mkdirSync(path, { recursive: true });
        chmodSync(path, 0o777);
        return { local: { path } };
    };
}
