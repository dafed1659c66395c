import type { DrillResult, PromiseResult } from "../../result";
import type { Watch } from "../site";
import type { LiveOptions } from "./drill";

/** A result of nothing but one promise that was broken. */
export function brokenOff({ promise, ...rest }: Pick<DrillResult, "drill" | "cluster" | "what" | "seconds"> & { readonly promise: PromiseResult }): DrillResult {
    return { subject: "stack", ...rest, promises: [promise], series: [], marks: [], notes: [] };
}

/**
 * Does a drill. One that does not come to its end is a result too, unless the run itself is over: those before it are not to be lost. It is a fault of the
 * drill, and so never one that a naive stack is to have.
 */
export async function drilled({ signal, say }: Pick<LiveOptions, "signal" | "say">, drill: string, cluster: string, run: () => Promise<readonly DrillResult[]>): Promise<readonly DrillResult[]> {
    const began = performance.now();
    try {
        return await run();
    } catch (error) {
        signal.throwIfAborted();
        const why = error instanceof Error ? error.message : String(error);
        say(`${cluster}: ${drill}: ${why}`);
        const promise = { name: "the drill comes to its end", promised: "yes", measured: why, kept: false };
        return [brokenOff({ drill, cluster, what: "the drill did not come to its end", seconds: (performance.now() - began) / 1000, promise })];
    }
}

/** Does a drill to several apps at the same time, each by itself: where it does not come to its end on one, it goes on on the others. */
export async function drilledApart(options: Pick<LiveOptions, "signal" | "say">, drill: string, watches: readonly Watch[], run: (watch: Watch) => Promise<DrillResult>): Promise<readonly DrillResult[]> {
    return (await Promise.all(watches.map(watch => drilled(options, drill, watch.tenant.cluster, async () => [await run(watch)])))).flat();
}
