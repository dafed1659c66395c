import type { DrillResult, PromiseResult, Series, Traffic, WriteCount } from "../../result";
import { gapNotes } from "../../drills/disruption/promises";
import { figuresOf, seriesOf } from "../clients/figures";
import { readBack } from "../clients/writes";
import type { Client, Watch } from "../site";
import { wayOf, writesKept } from "./promises";

/** What a live drill says of an app. */
export interface Findings {
    readonly drill: string;
    /** What happened, one sentence. */
    readonly what: string;
    readonly promises: readonly PromiseResult[];
    readonly series: readonly Series[];
    readonly notes: readonly string[];
    /** Seconds from the fault until all replicas were ready again. */
    readonly fullStrengthSeconds?: number | "never";
    /** Why nothing could be seen for a while, where that is meant. @default what is known: something was busy */
    readonly unseen?: string;
    /** Name of the cluster in tables. @default the tenant's */
    readonly cluster?: string;
}

/** The result of a drill on an app that is at rest again: its clients are stopped, and its writes read back. */
export async function resultOf(watch: Watch, findings: (writes: WriteCount | undefined) => Findings | Promise<Findings>): Promise<DrillResult> {
    await watch.quiet();
    const { writes, sampler, tenant } = watch;
    const count = writes === undefined ? undefined : await countOf(watch);
    const { drill, what, promises, series, notes, fullStrengthSeconds, unseen, cluster = tenant.cluster } = await findings(count);
    const seconds = sampler.now();
    await watch.stop();
    return {
        drill,
        subject: tenant.subject.subject,
        cluster,
        what,
        seconds,
        promises: [...promises, ...writesKept(count)],
        series: [...requestSeries(watch), ...series],
        marks: sampler.marks,
        notes: [...notes, ...gapNotes(sampler, unseen)],
        traffic: watch.clients.map(client => trafficOf(client, seconds)),
        ...(fullStrengthSeconds === undefined ? {} : { fullStrengthSeconds }),
        ...(count === undefined ? {} : { writes: count }),
    };
}

async function countOf({ tenant, writes, replicas }: Watch): Promise<WriteCount | undefined> {
    if (writes === undefined) {
        return undefined;
    }
    const { acknowledged, readBack: read, lost, silent } = await readBack(writes, replicas());
    if (silent.length > 0) {
        // A replica that says nothing may have what the others lack: then "lost" would be no more than "not read".
        throw new Error(`${tenant.cluster}: ${silent.join(", ")} can't be read, though the app is at rest`);
    }
    return { acknowledged, readBack: read, lost };
}

function trafficOf(client: Client, seconds: number): Traffic {
    const { sent, failed, longestGapSeconds, p99Seconds, errors } = figuresOf(client.outcomes, 0, seconds);
    return { client: wayOf(client), sent, failed, longestGapSeconds, p99Seconds, errors: [...errors].map(([error, count]) => ({ error, count })) };
}

/** Requests of each client, answered and failed. */
function requestSeries({ clients }: Watch): readonly Series[] {
    return clients.flatMap(client => seriesOf(client.outcomes, wayOf(client)));
}
