import type { V1Ingress } from "@kubernetes/client-node";

import { type Api, type Kind, type Wire, kindOf, kinds } from "../../api";
import { type Duty, reconcile } from "../../standIns/reconcile";
import { type Door, nameOf } from "./door";
import type { Service } from "./targets";

type Ingress = Wire<V1Ingress>;

const serviceKind: Kind<Service | Ingress> = { apiVersion: kinds.service.apiVersion, kind: kinds.service.kind };
const ingressKind: Kind<Service | Ingress> = kindOf("networking.k8s.io/v1", "Ingress");

/** What a load balancer is reached by. */
export interface Reached {
    readonly door: Door;
    /** Undefined where it has one address and no name. */
    readonly hostname: string | undefined;
    readonly address: string;
}

/** Writes into Services and Ingresses where their load balancers are, as soon as both are there. */
export interface Statuses {
    /** Resolves when each has it. */
    readonly written: Promise<void>;
    stop(): void;
}

/** Name of a hostname balancer, unlike any other cluster's, under a domain that leads nowhere outside (RFC 2606). */
export function hostnameOf({ object, namespace, name }: Pick<Door, "object" | "namespace" | "name">, cluster: string, region: string): string {
    return `${name}.${namespace}.${object.toLowerCase()}.${cluster}.${region}.elb.holdfast.invalid`;
}

/** Begins to write. */
export function writeStatuses(api: Pick<Api, "observe" | "patch" | "until">, all: readonly Reached[], fail: (error: Error) => void): Statuses {
    const waiting = new Set(all.map(({ door }) => nameOf(door)));
    let finish: () => void = () => undefined;
    const written = new Promise<void>(resolve => (finish = resolve));
    const note = ({ door }: Reached): void => {
        waiting.delete(nameOf(door));
        if (waiting.size === 0) {
            finish();
        }
    };
    const duties = [reconcile(api, dutyOf(api, all, "Service", note), fail), reconcile(api, dutyOf(api, all, "Ingress", note), fail)];
    if (waiting.size === 0) {
        finish();
    }
    return {
        written,
        stop: () => {
            duties.forEach(duty => {
                duty.stop();
            });
        },
    };
}

/**
 * Writes addresses into objects of one kind.
 *
 * @param note called for each that has its own.
 */
function dutyOf(api: Pick<Api, "patch">, all: readonly Reached[], object: Door["object"], note: (reached: Reached) => void): Duty<Service | Ingress> {
    const kind = object === "Service" ? serviceKind : ingressKind;
    const reachedOf = ({ name, namespace }: { readonly name?: string; readonly namespace?: string } = {}): Reached | undefined =>
        all.find(({ door }) => door.object === object && door.name === name && door.namespace === namespace);
    return {
        what: "an address",
        kind,
        needs: ({ metadata, status }) => {
            const reached = reachedOf(metadata);
            const isWritten = (status?.loadBalancer?.ingress ?? []).length > 0;
            if (reached !== undefined && isWritten) {
                note(reached);
            }
            return reached !== undefined && !isWritten;
        },
        act: async ({ metadata }) => {
            const reached = reachedOf(metadata);
            if (reached !== undefined) {
                const { door, hostname, address } = reached;
                const ingress = [hostname === undefined ? { ip: address } : { hostname }];
                await api.patch({ kind, name: door.name, namespace: door.namespace }, { status: { loadBalancer: { ingress } } }, { subresource: "status" });
                note(reached);
            }
        },
    };
}
