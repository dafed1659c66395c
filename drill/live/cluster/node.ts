import type { Component } from "../../controlPlane";
import type { NodeNet } from "./addresses";
import { type ContainerSignal, signalContainer } from "./containerd";
import type { NodeGround } from "./ground";
import type { Network } from "./network";

/** A node whose containers are real. */
export class LiveNode {
    readonly name: string;
    readonly zone: string;
    #lost = false;

    constructor(
        private readonly ground: NodeGround,
        private readonly network: Network,
        readonly containerd: Component,
        readonly kubelet: Component,
        readonly kubeProxy: Component,
    ) {
        this.name = ground.node.name;
        this.zone = ground.node.zone;
    }

    get net(): NodeNet {
        return this.ground.net;
    }

    get components(): readonly Component[] {
        return [this.containerd, this.kubelet, this.kubeProxy];
    }

    /** Whether it is lost. */
    get lost(): boolean {
        return this.#lost;
    }

    /**
     * Sends a signal to the first process of one of its containers, past the kubelet, as a fault of the program would befall it.
     *
     * @param id as the pod's status has it: "containerd://6fa5…".
     */
    signalContainer(id: string, signal: ContainerSignal): Promise<void> {
        return signalContainer(this.ground, id, signal);
    }

    /**
     * Its power is cut: its cable is dead, all its programs and containers end where they are, what looks after those too, and what the kernel was told of
     * Services is forgotten. What was written to its volumes and is not on the disk yet is kept by the machine that it is played on.
     */
    async lose(): Promise<void> {
        this.#lost = true;
        await this.network.cut(this.net);
        await Promise.all(this.components.map(component => component.kill()));
        await this.ground.cgroup.end(this.ground.signal);
        await this.network.within(this.net, "nft", "flush", "ruleset");
    }

    /** It starts again, with its disk; the kubelet starts what still belongs on it. */
    async bringBack(): Promise<void> {
        await this.network.mend(this.net);
        for (const component of this.components) {
            await component.start();
        }
        this.#lost = false;
    }
}
