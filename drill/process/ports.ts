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

/** Tries before it is taken that there is no free port. */
const tries = 100;

/** Ports that this process has given out. */
const given = new Set<number>();

/**
 * A port on loopback that nobody listens on. Until its server listens another process may take it, so start the
 * server anew with another port where it finds the address in use.
 */
export async function freePort(pick: () => number = () => randomInt(portRange.first, portRange.last + 1)): Promise<number> {
    for (let attempt = 0; attempt < tries; attempt++) {
        const port = pick();
        if (!given.has(port) && (await isFree(port))) {
            given.add(port);
            return port;
        }
    }
    throw new Error(`no port from ${portRange.first} to ${portRange.last} of ${loopback} is free`);
}

async function isFree(port: number): Promise<boolean> {
    const server = createServer();
    try {
        server.listen({ port, host: loopback, exclusive: true });
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
