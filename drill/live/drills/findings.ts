import type { DrillResult, PromiseResult, Series, Traffic } from "../../result";
import { gapNotes } from "../../drills/disruption/promises";
import { figuresOf, seriesOf } from "../clients/figures";
import { readBack } from "../clients/readBack";
import type { Client, Watch } from "../site";
import { punctualPromises, readPromises, wayOf } from "./promises";

/** What a live drill says of an app. */
export interface Findings {
    readonly drill: string;
    /** What happened, one sentence. */
    readonly what: string;
    readonly promises: readonly PromiseResult[];
    readonly series: readonly Series[];
    readonly notes: readonly string[];
    /** As a result has it. */
    readonly fullStrengthSeconds?: number | "never";
    /** Why nothing could be seen for a while, where that is meant. @default what is known: something was busy */
    readonly unseen?: string;
    /** Name of the cluster in tables. @default the tenant's */
    readonly cluster?: string;
}

/** The result of a drill on an app that is at rest again: its clients are stopped, and its writes read back. */
export async function resultOf(watch: Watch, findings: () => Findings): Promise<DrillResult> {
    await watch.quiet();
    const { writes, sampler, tenant } = watch;
    const read = writes === undefined ? undefined : await readBack(writes, watch.replicas());
    const { drill, what, promises, series, notes, fullStrengthSeconds, unseen, cluster = tenant.cluster } = findings();
    const seconds = sampler.now();
    await watch.stop();
    return {
        drill,
        subject: tenant.subject.subject,
        cluster,
        what,
        seconds,
        promises: [...promises, ...(read === undefined ? [] : readPromises(read)), ...punctualPromises(watch.lag())],
        series: [...requestSeries(watch), ...series],
        marks: sampler.marks,
        notes: [...notes, ...gapNotes(sampler, unseen), ...missedNotes(watch.missed())],
        traffic: watch.clients.map(client => trafficOf(client, seconds)),
        ...(fullStrengthSeconds === undefined ? {} : { fullStrengthSeconds }),
        ...(read === undefined ? {} : { writes: { acknowledged: read.acknowledged, readBack: read.readBack, lost: read.lost, copies: read.copies } }),
    };
}

/** A note where not all was sent that was due: nobody knows what would have become of the rest. */
function missedNotes(missed: number): readonly string[] {
    return missed === 0 ? [] : [`requests and writes that were due and not sent, as the machine was busy: ${missed}`];
}

function trafficOf(client: Client, seconds: number): Traffic {
    const { sent, failed, longestGapSeconds, p99Seconds, errors } = figuresOf(client.outcomes, 0, seconds);
    return { client: wayOf(client), sent, failed, longestGapSeconds, p99Seconds, errors: [...errors].map(([error, count]) => ({ error, count })) };
}

/** Requests of each client, answered and failed. */
function requestSeries({ clients }: Watch): readonly Series[] {
    return clients.flatMap(client => seriesOf(client.outcomes, wayOf(client)));
}
