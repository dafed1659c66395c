import type { V1Ingress } from "@kubernetes/client-node";

import { type Api, type Kind, type Wire, kindOf, kinds } from "../../api";
import { type Reconciler, reconcile } from "../../standIns/reconcile";
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

/** Name of a hostname balancer, under a domain that leads nowhere outside (RFC 2606). */
export function hostnameOf({ object, namespace, name }: Door, region: string): string {
    return `${name}.${namespace}.${object.toLowerCase()}.${region}.elb.holdfast.invalid`;
}

/** Begins to write. */
export function writeStatuses(api: Pick<Api, "observe" | "patch" | "until">, all: readonly Reached[], fail: (error: Error) => void): Statuses {
    const waiting = new Set(all.map(({ door }) => nameOf(door)));
    let finish: () => void = () => undefined;
    const written = new Promise<void>(resolve => (finish = resolve));
    const reachedOf = (object: Door["object"], metadata: { readonly name?: string; readonly namespace?: string } = {}): Reached | undefined =>
        all.find(({ door }) => door.object === object && door.name === metadata.name && door.namespace === metadata.namespace);
    const note = (reached: Reached): void => {
        waiting.delete(nameOf(reached.door));
        if (waiting.size === 0) {
            finish();
        }
    };
    const duty = (object: Door["object"], kind: Kind<Service | Ingress>): Reconciler =>
        reconcile(
            api,
            {
                what: "an address",
                kind,
                needs: ({ metadata, status }) => {
                    const reached = reachedOf(object, metadata);
                    const isWritten = (status?.loadBalancer?.ingress ?? []).length > 0;
                    if (reached !== undefined && isWritten) {
                        note(reached);
                    }
                    return reached !== undefined && !isWritten;
                },
                act: async ({ metadata }) => {
                    const reached = reachedOf(object, metadata);
                    if (reached !== undefined) {
                        const { door, hostname, address } = reached;
                        const ingress = [hostname === undefined ? { ip: address } : { hostname }];
                        await api.patch({ kind, name: door.name, namespace: door.namespace }, { status: { loadBalancer: { ingress } } }, { subresource: "status" });
                        note(reached);
                    }
                },
            },
            fail,
        );
    const duties = [duty("Service", serviceKind), duty("Ingress", ingressKind)];
    if (waiting.size === 0) {
        finish();
    }
    return {
        written,
        stop: () => {
            duties.forEach(own => {
                own.stop();
            });
        },
    };
}
