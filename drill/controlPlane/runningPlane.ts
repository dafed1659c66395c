import { kinds } from "../api";
import { RunningCore, type Parts, workSeconds } from "./core";
import type { Ground } from "./ground";
import { fakeNode, nodeName, untilNodesReady } from "./nodes";
import type { ControlPlaneOptions } from "./options";
import type { ControlPlane, Zones } from "./types";
import { kwokOf } from "./workers";

/** A control plane with fake nodes whose programs were started. */
export class RunningPlane extends RunningCore implements ControlPlane {
    readonly zones: Zones;
    /** Highest number of a node by zone: numbers are not used twice. */
    readonly #lastNode = new Map<string, number>();

    constructor(
        ground: Ground,
        parts: Parts,
        private readonly options: ControlPlaneOptions,
    ) {
        super(ground, parts);
        this.zones = {
            names: options.zones,
            stop: zone => {
                this.component(kwokOf(zone)).freeze();
            },
            resume: zone => {
                this.component(kwokOf(zone)).thaw();
            },
        };
    }

    async addNodes(zone: string, count: number): Promise<readonly string[]> {
        const last = this.#lastNode.get(zone) ?? 0;
        this.#lastNode.set(zone, last + count);
        const numbers = Array.from({ length: count }, (_, index) => last + index + 1);
        await Promise.all(numbers.map(n => this.api.create(kinds.node, fakeNode(this.options, zone, n))));
        const names = numbers.map(n => nodeName(zone, n));
        await untilNodesReady(this, names, workSeconds);
        return names;
    }

    async removeNode(name: string): Promise<void> {
        await this.api.delete({ kind: kinds.node, name });
    }
}
