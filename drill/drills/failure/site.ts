import type { Sampler, Stage } from "../../stage";
import type { Reply } from "../../standIns/route53";

/** A cluster as the world sees it: it can be lost as a whole. */
export class Site {
    #lost = false;

    constructor(
        readonly stage: Stage,
        readonly sampler: Sampler,
    ) {}

    /** What a request meets now. Its load balancer goes with the cluster; one that is left without a ready endpoint says so. */
    reply(): Reply {
        if (this.#lost) {
            return "silent";
        }
        return (this.sampler.ready.last ?? 0) > 0 ? "answers" : "refuses";
    }

    /** All zones fall silent, and with them the control plane and the load balancers. */
    async lose(): Promise<void> {
        const { controlPlane, zones } = this.stage;
        this.#lost = true;
        for (const zone of zones) {
            controlPlane.zones.stop(zone);
        }
        // Backwards, so that none complains of one before it.
        for (const component of [...controlPlane.components].reverse().filter(({ name }) => !name.startsWith("kwok-"))) {
            await component.kill();
        }
    }

    /** It is back, with what etcd knew of it. */
    async bringBack(): Promise<void> {
        const { controlPlane, zones } = this.stage;
        for (const component of controlPlane.components.filter(({ running }) => !running)) {
            await component.start();
        }
        for (const zone of zones) {
            controlPlane.zones.resume(zone);
        }
        this.#lost = false;
    }
}
