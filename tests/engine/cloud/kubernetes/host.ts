import type { Properties } from "../../provider/wire";
import type { Thing, World } from "../world";

/** The cloud below a cluster: what its controllers do there on their own. */
export interface Host {
    /** Why its API refuses Pulumi; undefined where it lets it in. */
    readonly refusal: string | undefined;
    /** Whether pods find nodes. */
    readonly hasNodes: boolean;
    /** Whether what makes load balancers, and takes them away again, runs and may do so. */
    readonly balances: boolean;
    /** Whether what makes volumes, and takes them away again, runs and may do so. */
    readonly provisions: boolean;
    /** Groups of custom resources that come with it. */
    readonly groups: readonly string[];
    /** Type of a disk. */
    readonly disk: string;
    /** Makes the load balancer of a Service or an Ingress, where there is none yet. Returns its status. */
    balance(owner: Thing): Properties;
    /** Takes a load balancer away. */
    unbalance(owner: Thing): void;
}

/** A kind of host: whose API answers at an address. */
export interface HostKind {
    find(world: World, address: string): Host | undefined;
}

/** What a load balancer belongs to. */
export function ownerOf({ place, type, id }: Thing): string {
    return JSON.stringify([place, type, id]);
}
