import type { Thing, World } from "../world";
import { type Host, type HostKind, ownerOf } from "./host";

/** Type of a cluster that was there before. */
const existingCluster = "existing:cluster";

/** Puts a cluster there that no one of ours made. */
export function addExistingCluster(world: World, address: string): void {
    world.add({ place: "existing", type: existingCluster, id: address, urn: undefined, inputs: {}, outputs: {} });
}

/** A cluster that was there before: it has all it needs. */
export const existingHost: HostKind = {
    find: (world, address) => (world.get("existing", existingCluster, address) === undefined ? undefined : new ExistingHost(world)),
};

const balancer = "existing:balancer";

class ExistingHost implements Host {
    readonly refusal = undefined;
    readonly hasNodes = true;
    readonly balances = true;
    readonly provisions = true;
    readonly groups = [];
    readonly disk = "existing:disk";

    constructor(private readonly world: World) {}

    balance(owner: Thing): { readonly status: unknown } {
        const named = ownerOf(owner);
        const there = this.world.ofType(balancer).find(({ inputs }) => inputs["owner"] === named);
        const made = there ?? this.world.add({ place: "existing", type: balancer, id: `balancer-${this.world.nextNumber()}`, urn: undefined, inputs: { owner: named }, outputs: { ip: `192.0.2.${this.world.nextNumber() % 250}` } });
        return { status: { loadBalancer: { ingress: [{ ip: made.outputs["ip"] }] } } };
    }

    unbalance(owner: Thing): void {
        const named = ownerOf(owner);
        this.world.ofType(balancer).filter(({ inputs }) => inputs["owner"] === named).forEach(found => {
            this.world.remove(found);
        });
    }
}
