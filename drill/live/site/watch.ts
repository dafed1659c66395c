import type { Sampler } from "../../stage";
import { objectsOf } from "../../stage/objects";
import { startSampler } from "../../stage/sampler";
import { type StateWatch, watchState } from "../../drills/disruption/watch";
import type { V1Pod } from "@kubernetes/client-node";

import { type Wire, kinds } from "../../api";
import type { Outcome } from "../clients/outcome";
import { type Requests, startRequests } from "../clients/requests";
import { type Replica, type Writes, startWrites } from "../clients/writes";
import type { OpenDoor } from "../wayIn";
import type { Tenant } from "./tenant";

/** Requests that each client sends in a second. */
const requestsPerSecond = 10;

/** Writes that are asked for in a second. */
const writesPerSecond = 5;

/** Someone who asks the app for a page, over and over. */
export interface Client {
    /** The door that it comes in by; undefined for one that goes where a name leads. */
    readonly door: OpenDoor | undefined;
    readonly outcomes: readonly Outcome[];
}

/** What is asked, and by which door. */
export interface Asked {
    readonly url: string;
    readonly door: OpenDoor | undefined;
}

/** An app while something happens to it: its replicas, its clients, its writes. All times are its sampler's, in seconds. */
export interface Watch {
    readonly tenant: Tenant;
    readonly sampler: Sampler;
    readonly state: StateWatch | undefined;
    readonly clients: readonly Client[];
    /** Undefined where the app keeps nothing. */
    readonly writes: Writes | undefined;
    /** Where its stateful replicas are now. */
    readonly replicas: () => readonly Replica[];
    /** Longest time for which the clients stood still, in seconds, as this process was busy with something else. */
    lag(): number;
    /** Requests and writes that were due and never sent, for the same reason. */
    missed(): number;
    /** Ends the requests and the writes, and waits for those on their way. The sampler goes on. */
    quiet(): Promise<void>;
    /** Ends all of it. */
    stop(): Promise<void>;
}

export interface WatchOptions {
    readonly tenant: Tenant;
    readonly asked: readonly Asked[];
    /** Where names are asked. */
    readonly nameServer: { readonly address: string; readonly port: number };
    /** Authority of the doors' certificates, PEM. */
    readonly authority: string;
    readonly signal: AbortSignal;
    readonly fail: (error: Error) => void;
}

/** Begins to watch an app. Resolves after the first look at its replicas; requests are sent from then on. */
export async function watchTenant({ tenant, asked, nameServer, authority, signal, fail }: WatchOptions): Promise<Watch> {
    const { api, app, zones } = tenant;
    const sampler = await startSampler({ api, facts: app, zones, fail });
    const { now } = sampler;
    const state = await watchState({ app, zones }, sampler);
    let replicas: readonly Replica[] = [];
    if (app.state !== undefined) {
        await sampler.watch({
            kind: kinds.pod,
            where: { namespace: app.namespace, labels: app.state.selector },
            seen: pods => {
                replicas = stateReplicasOf(tenant, pods);
            },
        });
    }
    const clients = asked.map(({ url, door }): Client & { readonly requests: Requests } => {
        const requests = startRequests({ url, nameServer, ca: authority, perSecond: requestsPerSecond, signal, now });
        return { door, requests, outcomes: requests.outcomes };
    });
    const writes = app.state === undefined ? undefined : startWrites({ replicas: () => replicas, of: app.state.replicas, perSecond: writesPerSecond, signal, now });
    const quiet = async (): Promise<void> => {
        await Promise.all([...clients.map(({ requests }) => requests.stop()), writes?.stop()]);
    };
    return {
        tenant,
        sampler,
        state,
        clients,
        writes,
        replicas: () => replicas,
        lag: () => Math.max(0, ...clients.map(({ requests }) => requests.lag()), writes?.lag() ?? 0),
        missed: () => clients.reduce((sum, { requests }) => sum + requests.missed(), writes?.missed() ?? 0),
        quiet,
        stop: async () => {
            await quiet();
            sampler.stop();
        },
    };
}

/** Where an app's stateful replicas are, by their pods. */
export function stateReplicasOf(tenant: Pick<Tenant, "subject" | "app">, pods: readonly Wire<V1Pod>[]): readonly Replica[] {
    const port = statePort(tenant);
    return pods.flatMap(({ metadata, status }) => (status?.podIP === undefined ? [] : [{ name: metadata?.name ?? "", address: status.podIP, port }]));
}

/** Port of the app's stateful replicas. */
function statePort({ subject: { objects }, app }: Pick<Tenant, "subject" | "app">): number {
    const set = objectsOf(objects, "StatefulSet").find(({ metadata }) => metadata.name === app.state?.name);
    const port = set?.spec.template.spec.containers[0]?.ports?.[0]?.containerPort;
    if (port === undefined) {
        throw new Error(`StatefulSet ${app.state?.name ?? ""} names no port`);
    }
    return port;
}
