import { secondsText } from "../../drills/disruption/promises";
import type { PromiseResult, WriteCount } from "../../result";
import type { Client, Watch } from "../site";

/**
 * What is allowed beyond the time that the model computes, in seconds: the controllers and the scheduler act, an image that is there
 * already starts, and its probes pass.
 */
export const liveStartSeconds = 15;

/** How a client came in, as promises name it. */
export function wayOf({ door }: Pick<Client, "door">): string {
    return door?.object ?? "the app's name";
}

/** No request fails, a promise for each client. */
export function nothingFails({ clients }: Watch, from = 0, to = Infinity): readonly PromiseResult[] {
    return clients.map(client => {
        const sent = client.outcomes.filter(({ at }) => at >= from && at < to);
        const failed = sent.filter(({ ok }) => !ok).length;
        return { name: `failed requests by ${wayOf(client)}`, promised: "none", measured: `${failed === 0 ? "none" : failed} of ${sent.length}`, kept: failed === 0 && sent.length > 0 };
    });
}

/**
 * Requests fail for no longer after a moment than something takes, a promise for each client.
 *
 * @param seconds longest time, for each client.
 */
export function failsNoLonger({ clients }: Watch, since: number, seconds: (client: Client) => number): readonly PromiseResult[] {
    return clients.map(client => {
        const after = client.outcomes.filter(({ at }) => at >= since);
        const last = after.filter(({ ok }) => !ok).at(-1);
        const lasted = last === undefined ? undefined : last.at - since;
        const most = seconds(client);
        return {
            name: `requests by ${wayOf(client)} fail no longer than`,
            promised: secondsText(most),
            measured: lasted === undefined ? `none of ${after.length} failed` : secondsText(lasted),
            kept: after.length > 0 && (lasted === undefined || lasted <= most),
        };
    });
}

/** Longest time until a client's load balancer sends nothing to a target that fell silent, in seconds. */
export function detectionOf({ door }: Client): number {
    if (door === undefined) {
        throw new Error("a client that goes by a name has no load balancer of its own");
    }
    return door.detectionSeconds;
}

/** No write is lost that was acknowledged. None for an app that keeps nothing. */
export function writesKept(count: WriteCount | undefined): readonly PromiseResult[] {
    if (count === undefined) {
        return [];
    }
    const { acknowledged, lost } = count;
    const kept = lost.length === 0 && acknowledged > 0;
    return [{ name: "acknowledged writes lost", promised: "none", measured: `${lost.length === 0 ? "none" : lost.length} of ${acknowledged}`, kept }];
}
