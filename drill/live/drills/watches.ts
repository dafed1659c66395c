import type { Tenant, Watch } from "../site";
import type { LiveOptions } from "./drill";
import { untilAnswered } from "./rest";

/** A moment, by the clock of each watch. */
export type Moment = (watch: Watch) => number;

/** Several apps while the same happens to them. */
export class Watches {
    constructor(readonly all: readonly Watch[]) {}

    /** Begins to watch apps. Resolves when the clients of all are answered. */
    static async begin(tenants: readonly Tenant[], { watch }: Pick<LiveOptions, "watch">): Promise<Watches> {
        const watches = new Watches(await Promise.all(tenants.map(tenant => watch(tenant))));
        await Promise.all(watches.all.map(untilAnswered));
        return watches;
    }

    /** That of an app. */
    of(tenant: Tenant): Watch {
        const found = this.all.find(watch => watch.tenant === tenant);
        if (found === undefined) {
            throw new Error(`${tenant.cluster} is not watched`);
        }
        return found;
    }

    /** Notes for all that something happens now. */
    mark(text: string): Moment {
        const at = new Map(this.all.map(watch => [watch, watch.sampler.mark(text)]));
        return watch => at.get(watch) ?? 0;
    }
}
