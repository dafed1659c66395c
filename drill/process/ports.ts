import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Ports that are tried: above those of well-known servers and below those that systems give to outgoing connections
 * (from 32768 on Linux, 49152 on macOS). A server's port among the latter can be lost while the server restarts: a client
 * that keeps trying to reach it may get that very port for its own end, and be connected to itself.
 */
export const portRange = { first: 20_000, last: 32_767 } as const;

/** Address that everything listens on. */
export const loopback = "127.0.0.1";

/** All addresses of the machine, every one of loopback among them. */
export const everywhere = "0.0.0.0";

/** Tries before it is taken that there is no free port. */
const tries = 100;

/** Ports that this process has given out. */
const given = new Set<number>();

const anyPort = (): number => randomInt(portRange.first, portRange.last + 1);

/**
 * A port that nobody listens on. Until its server listens another process may take it, so start the server anew
 * with another port where it finds the address in use.
 *
 * @param address where it is free: on loopback unless told.
 */
export async function freePort(pick: () => number = anyPort, address: typeof loopback | typeof everywhere = loopback): Promise<number> {
    for (let attempt = 0; attempt < tries; attempt++) {
        const port = pick();
        if (!given.has(port) && (await isFree(port, address))) {
            given.add(port);
            return port;
        }
    }
    throw new Error(`no port from ${portRange.first} to ${portRange.last} of ${address} is free`);
}

async function isFree(port: number, host: string): Promise<boolean> {
    const server = createServer();
    try {
        server.listen({ port, host, exclusive: true });
        await once(server, "listening");
        return true;
    } catch {
        return false;
    } finally {
        server.close();
    }
}

/** What Go's and Node's servers print when their port is taken. */
export function saysPortTaken(printed: string): boolean {
    return /address already in use|EADDRINUSE/.test(printed);
}
