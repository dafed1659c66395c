import type { PromiseResult } from "../../result";
import type { Names } from "../names";
import type { LiveSite } from "../site";

/** Where the app's name leads from a moment on. */
export class NameWatch {
    /** Clusters that it led to at that moment. */
    readonly #before: readonly string[];
    /** Moves that there were by then, the beginning included. */
    readonly #known: number;

    constructor(private readonly names: Pick<Names, "route53" | "domain">) {
        this.#before = names.route53?.rotation() ?? [];
        this.#known = names.route53?.rotations.length ?? 0;
    }

    /** The promise that what befell one of the clusters that it leads to has not moved it. None for another cluster, or a stack without such a name. */
    staysPromises({ name: cluster }: Pick<LiveSite, "name">): readonly PromiseResult[] {
        const { domain } = this.names;
        if (domain === undefined || !this.#before.includes(cluster)) {
            return [];
        }
        const moves = (this.names.route53?.rotations.slice(this.#known) ?? []).map(({ clusters }) => clusters);
        const path = [this.#before, ...moves].map(clusters => clusters.join(" and ")).join(", then ");
        return [{ name: `${domain} leads to`, promised: this.#before.join(" and "), measured: path, kept: moves.length === 0 }];
    }
}
