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

    /** Whether it is cut off. */
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
     * Nothing is heard of it any more: its cable is pulled and its programs stand still. Its containers still run, as they do in a zone
     * that is cut off; nobody can tell that from a power cut.
     */
    async lose(): Promise<void> {
        this.#lost = true;
        await this.network.cut(this.net);
        for (const component of [...this.components].reverse()) {
            component.freeze();
        }
    }

    /** It is back, as it was. */
    async bringBack(): Promise<void> {
        for (const component of this.components) {
            component.thaw();
        }
        await this.network.mend(this.net);
        this.#lost = false;
    }
}
