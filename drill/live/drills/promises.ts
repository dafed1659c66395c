import { secondsText } from "../../drills/disruption/promises";
import type { PromiseResult } from "../../result";
import type { ReadBack } from "../clients/readBack";
import type { Client, Watch } from "../site";

/**
 * What is allowed beyond the time that the model computes, in seconds: the controllers and the scheduler act, an image that is there
 * already starts, and its probes pass.
 */
export const liveStartSeconds = 15;

/** How much longer than promised is waited, in seconds, so that a table can say how late it was. */
export const patienceSeconds = 20;

/** How a client came in, as promises name it. */
export function wayOf({ door }: Pick<Client, "door">): string {
    return door?.object ?? "the app's name";
}

/** No request fails, a promise for each client. */
export function nothingFails({ clients }: Pick<Watch, "clients">, from = 0, to = Infinity): readonly PromiseResult[] {
    return clients.map(client => {
        const sent = client.outcomes.filter(({ at }) => at >= from && at < to);
        const failed = sent.filter(({ ok }) => !ok).length;
        return { name: `failed requests by ${wayOf(client)}`, promised: "none", measured: `${failed === 0 ? "none" : failed} of ${sent.length}`, kept: failed === 0 && sent.length > 0 };
    });
}

/**
 * Requests fail for no longer after a moment than something takes, a promise for each client. The last one must have been answered: else nobody
 * knows how much longer they would have failed.
 *
 * @param seconds longest time, for each client.
 */
export function failsNoLonger({ clients }: Pick<Watch, "clients">, since: number, seconds: (client: Client) => number): readonly PromiseResult[] {
    return clients.map(client => {
        const after = client.outcomes.filter(({ at }) => at >= since);
        const last = after.filter(({ ok }) => !ok).at(-1);
        const lasted = last === undefined ? undefined : last.at - since;
        const most = seconds(client);
        return {
            name: `requests by ${wayOf(client)} fail no longer than`,
            promised: secondsText(most),
            measured: lasted === undefined ? `none of ${after.length} failed` : `${secondsText(lasted)}${after.at(-1) === last ? ", and to the end" : ""}`,
            kept: after.at(-1)?.ok === true && (lasted === undefined || lasted <= most),
        };
    });
}

/** Longest time until a client's load balancer sends nothing to a target that fell silent, in seconds. */
export function detectionOf({ door }: Pick<Client, "door">): number {
    if (door === undefined) {
        throw new Error("a client that goes by a name has no load balancer of its own");
    }
    return door.detectionSeconds;
}

/**
 * No write fails from a moment on, since a majority of those that keep data goes on. None for an app that keeps nothing. A naive stack, whose one replica
 * is lost, is held against it too.
 */
export function writesSucceed({ writes }: Pick<Watch, "writes">, since = 0): readonly PromiseResult[] {
    if (writes === undefined) {
        return [];
    }
    const asked = writes.outcomes.filter(({ at }) => at >= since);
    const failed = asked.filter(({ ok }) => !ok).length;
    return [{ name: "failed writes", promised: "none", measured: `${failed === 0 ? "none" : failed} of ${asked.length}`, kept: failed === 0 && asked.length > 0 }];
}

/**
 * No write is lost that was acknowledged, and every replica that acknowledged one can be asked.
 *
 * @param name of the first promise.
 */
export function readPromises({ acknowledged, lost, silent }: Pick<ReadBack, "acknowledged" | "lost" | "silent">, name = "acknowledged writes lost"): readonly PromiseResult[] {
    const measured = acknowledged === 0 ? "none was acknowledged" : `${lost.length === 0 ? "none" : lost.length} of ${acknowledged}`;
    return [
        { name, promised: "none", measured, kept: lost.length === 0 && acknowledged > 0 },
        ...(silent.length === 0 ? [] : [{ name: "replicas that can't be read", promised: "none", measured: silent.join("; "), kept: false }]),
    ];
}

/** Longest time for which the clients may stand still, in seconds: what is not asked can't fail. */
const stillSeconds = 3;

/** The clients ask on time. Only told where they did not, since that is no doing of the stack. */
export function punctualPromises(lagSeconds: number): readonly PromiseResult[] {
    return lagSeconds <= stillSeconds ? [] : [{ name: "the clients stood still no longer than", promised: secondsText(stillSeconds), measured: `${secondsText(lagSeconds)}: the machine was too busy to tell`, kept: false }];
}
