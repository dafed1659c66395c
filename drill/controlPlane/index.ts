import { count } from "../../plan/page/words";
import type { Run } from "../process/run";
import { beginControlPlane } from "./core";
import type { ControlPlaneOptions } from "./options";
import { kwokAccess } from "./rbac";
import { RunningPlane } from "./runningPlane";
import type { ControlPlane } from "./types";
import { kwoksOf } from "./workers";

export { type AggregatedApi, aggregatedApi } from "./aggregated";
export { Component } from "./component";
export { startCorePlane } from "./core";
export { nodeName, untilNodesReady, zoneLabel } from "./nodes";
export type { ControlPlaneOptions, CoreBinaries, NodeShape, PodBehaviour } from "./options";
export { Authority, type Certificate, type User } from "./pki";
export { faultyImage, otherTag } from "./stages";
export type { Certificates, ControlPlane, CorePlane, Elected, Zones } from "./types";

/**
 * Starts a control plane with fake nodes: etcd, an API server with RBAC and Kubernetes' default admission, controllers, a scheduler,
 * and one kwok a zone that plays its nodes. Only the API server listens, on loopback, on a free port. Resolves when the
 * controllers work and every node is ready; all of it ends with the run at the latest.
 */
export async function startControlPlane(run: Run, options: ControlPlaneOptions): Promise<ControlPlane> {
    const started = performance.now();
    const { name, zones, nodesPerZone, say } = options;
    const { ground, parts, workers } = await beginControlPlane(run, options);
    await Promise.all(kwokAccess.map(object => parts.api.apply(object)));
    const kwoks = kwoksOf(ground, parts.server, options);
    const plane = new RunningPlane(ground, { ...parts, components: [...parts.components, ...kwoks] }, options);
    await Promise.all([...workers, ...kwoks].map(component => component.start()));
    await Promise.all([plane.working(), ...zones.map(zone => plane.addNodes(zone, nodesPerZone))]);
    say(`${name}: ${count(zones.length * nodesPerZone, "node")} in ${count(zones.length, "zone")} ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return plane;
}
