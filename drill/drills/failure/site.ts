import { NotYet } from "../../api";
import type { Sampler, Stage } from "../../stage";
import type { Reply } from "../../standIns/route53";

/** Longest wait for a look at a cluster that is back, in seconds; there are two a second. */
const seenSeconds = 60;

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

    /** It is back, with what etcd knew of it. Resolves when what it answers is known. */
    async bringBack(): Promise<void> {
        const { api, cluster, controlPlane, zones } = this.stage;
        for (const component of controlPlane.components.filter(({ running }) => !running)) {
            await component.start();
        }
        for (const zone of zones) {
            controlPlane.zones.resume(zone);
        }
        // Until then its endpoints are those that were seen before the loss.
        const upAt = this.sampler.now();
        const seen = (): boolean => (this.sampler.endpoints.at(-1)?.at ?? 0) > upAt;
        await api.until(`${cluster}: a look at its endpoints`, () => Promise.resolve(seen() || new NotYet("there was none since it is back")), { seconds: seenSeconds });
        this.#lost = false;
    }
}
