import type { LiveCluster, LiveNode } from "../cluster";
import type { WayIn } from "../wayIn";
import type { Tenant } from "./tenant";

/** A cluster with its nodes, its load balancers and the apps on it: what a live drill is done to. */
export class LiveSite {
    #down = false;

    constructor(
        readonly cluster: LiveCluster,
        readonly wayIn: WayIn,
        /** Ours, and the naive one where it lives here. */
        readonly tenants: readonly Tenant[],
        readonly zones: readonly string[],
    ) {}

    get name(): string {
        return this.cluster.name;
    }

    /** The stack's own app. */
    get ours(): Tenant {
        const own = this.tenants.find(({ subject }) => subject.subject === "stack");
        if (own === undefined) {
            throw new Error(`${this.name} has no app of the stack`);
        }
        return own;
    }

    /** Whether it is lost as a whole. */
    get down(): boolean {
        return this.#down;
    }

    /** A zone loses its power: its nodes, and what the load balancers have there. */
    async loseZone(zone: string): Promise<void> {
        await Promise.all([...this.cluster.nodesIn(zone).map(node => node.lose()), this.wayIn.zoneDown(zone)]);
    }

    async bringBackZone(zone: string): Promise<void> {
        await Promise.all([...this.cluster.nodesIn(zone).map(node => node.bringBack()), this.wayIn.zoneUp(zone)]);
    }

    /** All zones lose their power, and with them the control plane and the load balancers. */
    async lose(): Promise<void> {
        this.#down = true;
        await Promise.all([this.wayIn.down(), ...this.cluster.nodes.map(node => node.lose())]);
        // Backwards, so that none complains of one before it.
        for (const component of [...this.cluster.plane.components].reverse()) {
            await component.kill();
        }
    }

    /** It is back, with what etcd and the disks knew. */
    async bringBack(): Promise<void> {
        for (const component of this.cluster.plane.components) {
            await component.start();
        }
        await Promise.all([this.wayIn.up(), ...this.lostNodes().map(node => node.bringBack())]);
        this.#down = false;
    }

    /** Nodes that have no power. */
    lostNodes(): readonly LiveNode[] {
        return this.cluster.nodes.filter(({ lost }) => lost);
    }

    /** Brings every program and every node back that a drill has left down. */
    async revive(): Promise<void> {
        if (this.#down) {
            await this.bringBack();
        }
        for (const component of this.cluster.plane.components) {
            component.thaw();
            if (!component.running) {
                await component.start();
            }
        }
        for (const zone of new Set(this.lostNodes().map(node => node.zone))) {
            await this.bringBackZone(zone);
        }
        await Promise.all(this.cluster.nodes.flatMap(({ components }) => components.filter(({ running }) => !running).map(component => component.start())));
    }
}
