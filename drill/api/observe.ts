import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import { ApiError, type Connection, isPassing } from "./http";

/** A look at objects that goes on. */
export interface Observation {
    /** Resolves when the objects were seen for the first time. */
    readonly started: Promise<void>;
    /** Rejects where the observation can't go on, and resolves once it was stopped. */
    readonly ended: Promise<void>;
    readonly stop: () => void;
}

/** Time before a lost connection is made anew, in milliseconds. */
const pauseMs = 100;

const metadataSchema = z.object({ metadata: z.object({ uid: z.string(), resourceVersion: z.string() }) });

const listSchema = z.object({ metadata: z.object({ resourceVersion: z.string() }), items: z.array(z.unknown()) });

const eventSchema = z.object({ type: z.string(), object: z.unknown() });

/** Lists, then watches, and again where the watch ends (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes). */
export function observe(connection: Connection, pathOf: (query: URLSearchParams) => Promise<string>, changed: (objects: readonly unknown[]) => void, outer: AbortSignal): Observation {
    const stopping = new AbortController();
    const signal = AbortSignal.any([outer, stopping.signal]);
    const stopped = (): boolean => signal.aborted;
    let first: () => void = () => undefined;
    const started = new Promise<void>(resolve => (first = resolve));

    const once = async (): Promise<void> => {
        const listed = listSchema.parse(await connection.read({ method: "GET", path: await pathOf(new URLSearchParams()), signal }));
        const objects = new Map(listed.items.map((item): [string, unknown] => [metadataSchema.parse(item).metadata.uid, item]));
        changed([...objects.values()]);
        first();
        const query = new URLSearchParams({ watch: "true", resourceVersion: listed.metadata.resourceVersion });
        const response = await connection.stream({ method: "GET", path: await pathOf(query), signal });
        for await (const line of linesOf(response)) {
            const { type, object } = eventSchema.parse(JSON.parse(line));
            if (type === "ERROR") {
                // Most often that the place in the stream is too old. Listing anew gives another.
                return;
            }
            const { uid } = metadataSchema.parse(object).metadata;
            if (type === "DELETED") {
                objects.delete(uid);
            } else {
                objects.set(uid, object);
            }
            changed([...objects.values()]);
        }
    };

    const run = async (): Promise<void> => {
        while (!stopped()) {
            try {
                await once();
            } catch (error) {
                if (!stopped() && !isPassing(error) && !(error instanceof ApiError && error.status === 410)) {
                    throw error;
                }
            }
            await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
        }
    };
    const ended = run();
    ended.catch(() => undefined);
    return {
        started: Promise.race([started, ended]),
        ended,
        stop: () => {
            stopping.abort();
        },
    };
}

/** The lines of an answer. Unlike node:readline's, these end with the error where the connection is lost. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
    let rest = "";
    for await (const chunk of response.setEncoding("utf8")) {
        const lines = (rest + (chunk as string)).split("\n");
        rest = lines.pop() ?? "";
        yield* lines;
    }
}
