import type { CoreV1Event } from "@kubernetes/client-node";

import { type Wire, kindOf } from "../../api";
import type { Stage } from "../../stage";

const eventKind = kindOf<Wire<CoreV1Event>>("v1", "Event");

/** What a controller could not make for lack of quota since a moment, by controller: "ReplicaSet shop-5d9 4 times". */
export async function refusedByQuota({ api, namespace }: Stage, since: Date): Promise<readonly string[]> {
    const events = await api.list(eventKind, { namespace, fields: "reason=FailedCreate" });
    return refusalsIn(events, since);
}

/** The same of events. One that occurs often is one event with a count; a time is given in whole seconds. */
export function refusalsIn(events: readonly Wire<CoreV1Event>[], since: Date): readonly string[] {
    const times = new Map<string, number>();
    for (const { involvedObject, message = "", count = 1, lastTimestamp = "" } of events) {
        if (message.includes("exceeded quota") && Date.parse(lastTimestamp) >= Math.floor(since.getTime() / 1000) * 1000) {
            const about = `${involvedObject.kind} ${involvedObject.name}`;
            times.set(about, (times.get(about) ?? 0) + count);
        }
    }
    return [...times].map(([about, count]) => `${about} ${count === 1 ? "once" : `${count} times`}`);
}
