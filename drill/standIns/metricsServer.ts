import { once } from "node:events";
import { type Server, createServer } from "node:https";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";

import type { Certificate } from "../controlPlane";
import { frontProxyName } from "../controlPlane/pki";
import { freePort, loopback } from "../process/ports";
import { refusal } from "./metricsApi";

/** An answer in JSON. */
export interface Answer {
    /** HTTP status. */
    readonly status: number;
    readonly body: object;
}

export interface MetricsServer {
    /** On loopback. */
    readonly port: number;
    close(): void;
}

export interface MetricsServerOptions {
    /** What it proves itself with. */
    readonly own: Certificate;
    /** Authority of whoever may ask, PEM. */
    readonly callers: string;
    /** Answers a GET of a path. */
    readonly answer: (path: string) => Promise<Answer>;
    /** Finds a port that nobody listens on. @default freePort */
    readonly pickPort?: () => Promise<number>;
}

/** Ports that are tried, should others take each between our look and its use. */
const tries = 5;

/**
 * A server on loopback that answers the API server and nobody else. An aggregated API has to check who asks, as the headers
 * that say for whom can be written by anyone (https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/#extension-apiserver-authenticates-the-request).
 */
export async function startMetricsServer({ own, callers, answer, pickPort = freePort }: MetricsServerOptions): Promise<MetricsServer> {
    const server = createServer({ cert: own.certificate, key: own.key, ca: callers, requestCert: true, rejectUnauthorized: true }, (request, response) => {
        respond(request, answer).then(
            ({ status, body }) => {
                response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
            },
            () => {
                response.destroy();
            },
        );
    });
    const port = await listen(server, pickPort);
    return {
        port,
        close: () => {
            server.close();
            server.closeAllConnections();
        },
    };
}

async function listen(server: Server, pickPort: () => Promise<number>): Promise<number> {
    for (let attempt = 1; ; attempt++) {
        const port = await pickPort();
        try {
            server.listen(port, loopback);
            await once(server, "listening");
            return port;
        } catch (error) {
            if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE") || attempt === tries) {
                throw error;
            }
        }
    }
}

async function respond({ method, url = "/", socket }: IncomingMessage, answer: MetricsServerOptions["answer"]): Promise<Answer> {
    // The TLS layer has checked who issued the caller's certificate; whose it is counts too.
    if ((socket as TLSSocket).getPeerCertificate().subject.CN !== frontProxyName) {
        return { status: 403, body: refusal(403, "only the API server may ask") };
    }
    if (method !== "GET") {
        return { status: 405, body: refusal(405, `${method ?? "this"} is not done here`) };
    }
    try {
        return await answer(url);
    } catch (error) {
        return { status: 503, body: refusal(503, error instanceof Error ? error.message : String(error)) };
    }
}
