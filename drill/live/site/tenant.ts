import { Unplayable } from "../unplayable";
import type { Api } from "../../api";
import type { Subject } from "../../stage";
import { type AppFacts, factsOf } from "../../stage/facts";
import { StageLoad } from "../../stage/load";
import type { Door, OpenDoor } from "../wayIn";

/** What is known of an app before its cluster runs. */
export interface Guest {
    readonly subject: Subject;
    /** What results name the cluster by: "naive" for the naive stack, wherever it lives. */
    readonly cluster: string;
    readonly namespace: string;
    readonly app: AppFacts;
    readonly load: StageLoad;
}

/** An app on a cluster whose containers are real. A cluster can have two: ours, and a beginner's that meets the same outages. */
export interface Tenant extends Guest {
    readonly zones: readonly string[];
    readonly api: Api;
    /** Ways into it, those of its Ingresses first. */
    readonly doors: readonly OpenDoor[];
}

/** A subject as a guest of a cluster. */
export function guestOf(subject: Subject): Guest {
    const app = factsOf(subject.objects);
    return { subject, cluster: subject.cluster, namespace: app.namespace, app, load: new StageLoad(app) };
}

/** The naive stack as a guest on another's cluster: the zones and the load balancers are the host's. */
export function lodged(naive: Subject, { region, zones, addressKind }: Subject): Subject {
    return { ...naive, region, zones, addressKind };
}

/** Ways into a namespace, those of Ingresses first: they are what names lead to where there is one. */
export function doorsInto<T extends Pick<Door, "namespace" | "object">>(namespace: string, doors: readonly T[]): readonly T[] {
    const own = doors.filter(door => door.namespace === namespace);
    return [...own.filter(({ object }) => object === "Ingress"), ...own.filter(({ object }) => object === "Service")];
}

/**
 * Makes sure that somebody can ask each app: a drill without a client would promise nothing of requests.
 *
 * @throws Unplayable that names the cluster.
 */
export function ensureDoors(guests: readonly Pick<Guest, "cluster" | "namespace">[], doors: readonly Pick<Door, "namespace" | "object">[]): void {
    for (const { cluster, namespace } of guests) {
        if (doorsInto(namespace, doors).length === 0) {
            throw new Unplayable(`${cluster}: no load balancer leads to the app, so that no request can be sent: nothing in this cluster serves the classes that its Service and Ingress name`);
        }
    }
}
