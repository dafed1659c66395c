import { count } from "../../plan/page/words";
import type { Run } from "../process/run";
import { startApiServer } from "./apiServer";
import { etcdOf } from "./etcd";
import { makeGround, writeKubeconfig } from "./ground";
import type { ControlPlaneOptions } from "./options";
import { kwokAccess } from "./rbac";
import { RunningPlane } from "./runningPlane";
import type { ControlPlane } from "./types";
import { workersOf } from "./workers";

export { type AggregatedApi, aggregatedApi } from "./aggregated";
export type { Component } from "./component";
export { nodeName, zoneLabel } from "./nodes";
export type { ControlPlaneOptions, NodeShape, PodBehaviour } from "./options";
export type { Certificate } from "./pki";
export { faultyImage, otherTag } from "./stages";
export type { Certificates, ControlPlane, Elected, Zones } from "./types";

/**
 * Starts a control plane: etcd, an API server with RBAC and Kubernetes' default admission, controllers, a scheduler, and one
 * kwok a zone that plays its nodes. Only the API server listens, on loopback, on a free port. Resolves when the
 * controllers work and every node is ready; all of it ends with the run at the latest.
 */
export async function startControlPlane(run: Run, options: ControlPlaneOptions): Promise<ControlPlane> {
    const started = performance.now();
    const since = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
    const { name, zones, nodesPerZone, say } = options;
    const ending = new AbortController();
    const ground = await makeGround(run, options, AbortSignal.any([run.signal, ending.signal]));
    const etcd = etcdOf(ground);
    await etcd.start();
    const { component: apiServer, server, kubeconfig, api } = await startApiServer(ground);
    say(`${name}: API server ready after ${since()}`);
    await Promise.all(kwokAccess.map(object => api.apply(object)));
    const workers = workersOf(ground, server);
    const plane = new RunningPlane(ground, {
        server,
        kubeconfig,
        kubeconfigFile: writeKubeconfig(ground, server, "admin"),
        api,
        components: [etcd, apiServer, ...workers],
        end: () => {
            ending.abort(new Error(`${name} is stopped`));
        },
    });
    await Promise.all(workers.map(component => component.start()));
    await Promise.all([plane.working(), ...zones.map(zone => plane.addNodes(zone, nodesPerZone))]);
    say(`${name}: ${count(zones.length * nodesPerZone, "node")} in ${count(zones.length, "zone")} ready after ${since()}`);
    return plane;
}
