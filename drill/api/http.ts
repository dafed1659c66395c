import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { text as textOf } from "node:stream/consumers";

import type { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";

/**
 * Longest time until an answer is there, in seconds. The API server itself gives up after 60 (--request-timeout of
 * https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/).
 */
const defaultAnswerSeconds = 30;

/** Too many requests, bad gateway, unavailable, gateway timeout. */
const passingStatus = new Set([429, 502, 503, 504]);

/** The API server said no. */
export class ApiError extends Error {
    constructor(
        what: string,
        /** HTTP status. */
        readonly status: number,
        /** Kubernetes' word for it, such as NotFound or Conflict. */
        readonly reason: string,
        said: string,
    ) {
        super(`${what}: ${status} ${reason}: ${said}`);
    }

    /** Whether trying again can help: the server is starting or stopping, or has too much to do. A 500 is none: unknown fields get one. */
    get isPassing(): boolean {
        return passingStatus.has(this.status);
    }
}

/** The API server said nothing in time. It may have done what it was asked for. */
export class Unanswered extends Error {
    constructor(what: string, seconds: number) {
        super(`${what}: no answer within ${seconds} s`);
    }
}

/** Errors of a connection to a server that is starting or stopping. */
const passingCodes = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT"]);

/** Whether an error can be over by itself in a moment, as while an API server restarts, is cut off, or has too much to do. */
export function isPassing(error: unknown): boolean {
    if (error instanceof ApiError) {
        return error.isPassing;
    }
    return error instanceof Unanswered || (error instanceof Error && "code" in error && passingCodes.has(String(error.code)));
}

export interface Query {
    readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    /** Path with its query string. */
    readonly path: string;
    readonly body?: unknown;
    /** @default application/json */
    readonly contentType?: string;
    readonly signal: AbortSignal;
}

const statusSchema = z.object({ reason: z.string().optional(), message: z.string().optional() });

/** Connections to an API server, kept open between requests. */
export class Connection {
    readonly #agent: Agent;
    readonly #headers: Record<string, string>;
    readonly #server: URL;

    private constructor(
        server: string,
        private readonly answerSeconds: number,
        { ca, cert, key, headers }: RequestOptions,
    ) {
        this.#server = new URL(server);
        this.#agent = new Agent({ keepAlive: true, ca, cert, key });
        this.#headers = { accept: "application/json", ...(headers as Record<string, string> | undefined) };
    }

    /** @param answerSeconds longest time until an answer is read, in seconds. */
    static async open(kubeconfig: KubeConfig, answerSeconds = defaultAnswerSeconds): Promise<Connection> {
        const cluster = kubeconfig.getCurrentCluster();
        if (cluster === null) {
            throw new Error("the kubeconfig has no current cluster");
        }
        const options: RequestOptions = {};
        await kubeconfig.applyToHTTPSOptions(options);
        return new Connection(cluster.server, answerSeconds, options);
    }

    close(): void {
        this.#agent.destroy();
    }

    /** Asks, and reads the answer: an object where it is JSON, else text. Rejects with ApiError where it is no success, and with Unanswered where it takes too long. */
    async read(query: Query): Promise<unknown> {
        const late = AbortSignal.timeout(this.answerSeconds * 1000);
        try {
            const response = await this.stream({ ...query, signal: AbortSignal.any([query.signal, late]) });
            const text = await textOf(response);
            return response.headers["content-type"]?.startsWith("application/json") === true ? JSON.parse(text) : text;
        } catch (error) {
            // What the run itself ends is no matter of time.
            query.signal.throwIfAborted();
            throw late.aborted && !(error instanceof ApiError) ? new Unanswered(`${query.method} ${query.path}`, this.answerSeconds) : error;
        }
    }

    /** Asks, and leaves the answer to be read. Rejects with ApiError where that is no success. */
    async stream(query: Query): Promise<IncomingMessage> {
        const response = await this.#ask(query);
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) {
            return response;
        }
        const text = await textOf(response);
        const status = statusSchema.safeParse(parsed(text));
        const { reason = response.statusMessage ?? "", message = text } = status.success ? status.data : {};
        throw new ApiError(`${query.method} ${query.path}`, statusCode, reason, message);
    }

    async #ask(query: Query): Promise<IncomingMessage> {
        for (;;) {
            const asked = this.#send(query);
            try {
                return await answerTo(asked);
            } catch (error) {
                query.signal.throwIfAborted();
                // The server closed a kept connection just as it was used again: https://nodejs.org/api/http.html#requestreusedsocket
                if (!(asked.reusedSocket && error instanceof Error && "code" in error && error.code === "ECONNRESET" && query.method !== "POST")) {
                    throw error;
                }
            }
        }
    }

    #send({ method, path, body, contentType = "application/json", signal }: Query): ClientRequest {
        const text = body === undefined ? undefined : JSON.stringify(body);
        // Node sends the body of a DELETE without saying how long it is, and the server takes it for the next request.
        const headers = text === undefined ? this.#headers : { ...this.#headers, "content-type": contentType, "content-length": Buffer.byteLength(text) };
        const { hostname, port } = this.#server;
        const asked = request({ agent: this.#agent, hostname, port, method, path, headers, signal });
        asked.end(text);
        return asked;
    }
}

function answerTo(asked: ClientRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
        asked.once("response", resolve).on("error", reject);
    });
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
