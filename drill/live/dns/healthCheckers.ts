import type { Socket } from "node:net";

import { draw } from "../../standIns/loads";
import { type EndpointHealth, Finding, checkersOfEach, connectSeconds, countHealthy, leastHealthyCheckers, statusSeconds } from "../../standIns/route53Endpoint";
import type { EndpointCheck } from "../../standIns/route53Records";
import { ask } from "../clients/ask";
import { connectToFirst } from "../clients/connect";
import { startDeadline } from "../clients/deadline";

export interface LiveEndpointOptions {
    /** The same seed spreads the checkers out in the same way. */
    readonly seed: number;
    /** Address that a name leads to now; undefined where it leads nowhere, which fails a check. */
    readonly resolve: (fqdn: string) => string | undefined;
    /** Seconds on a clock that only goes forward. */
    readonly now: () => number;
    /** Ends the requests in the air. */
    readonly signal: AbortSignal;
}

/** One of those who ask. */
interface Checker {
    readonly finding: Finding;
    /** When it asks next; undefined while a request is in the air. */
    askAt: number | undefined;
}

/** An endpoint whose checkers send real requests to the address that its name has at the time. */
export class LiveEndpoint implements EndpointHealth {
    readonly #checkers: readonly Checker[];

    constructor(
        private readonly check: EndpointCheck,
        private readonly options: LiveEndpointOptions,
    ) {
        const { seed, now } = options;
        this.#checkers = Array.from({ length: checkersOfEach }, (_, index) => ({ finding: new Finding(check, draw(seed, index) * check.intervalSeconds), askAt: now() }));
    }

    get count(): number {
        return countHealthy(this.#checkers);
    }

    get healthy(): boolean {
        return this.count >= leastHealthyCheckers;
    }

    /** Sends what is due. What has come back was taken when it came. */
    advance(now: number): void {
        for (const checker of this.#checkers.filter(({ askAt }) => askAt !== undefined && askAt <= now)) {
            checker.askAt = undefined;
            void this.#ask(checker);
        }
    }

    async #ask(checker: Checker): Promise<void> {
        const { resolve, signal, now } = this.options;
        const passed = await passes(this.check, resolve(this.check.fqdn), signal);
        if (!signal.aborted) {
            checker.askAt = now() + checker.finding.take(passed);
        }
    }
}

/**
 * Whether an endpoint passes a check now: a connection in four seconds, and a status of 2xx or 3xx in two more; "HTTPS health checks don't
 * validate SSL/TLS certificates" (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html).
 * The host header has the port where it is not the protocol's own
 * (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html, FullyQualifiedDomainName).
 */
export async function passes({ protocol, fqdn, port, path, sni }: EndpointCheck, address: string | undefined, signal: AbortSignal): Promise<boolean> {
    if (address === undefined) {
        return false;
    }
    const host = port === (protocol === "https" ? 443 : 80) ? fqdn : `${fqdn}:${port}`;
    const tls = protocol === "https" ? { tls: { verified: false, ...(sni ? { servername: fqdn } : {}) } } : {};
    let socket: Socket | undefined;
    try {
        ({ socket } = await within(connectSeconds, signal, inTime => connectToFirst({ addresses: [address], port, signal: inTime })));
        const connected = socket;
        const { status } = await within(statusSeconds, signal, inTime => ask(connected, { path, host, ...tls, signal: inTime }));
        return status >= 200 && status < 400;
    } catch {
        return false;
    } finally {
        socket?.destroy();
    }
}

async function within<T>(seconds: number, outer: AbortSignal, doIt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = startDeadline(seconds, () => new Error(`not within ${seconds} s`), outer);
    try {
        return await doIt(deadline.signal);
    } finally {
        deadline.end();
    }
}
