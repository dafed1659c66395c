/** Servers on loopback for clients to ask. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type RequestListener, type Server, createServer } from "node:http";
import { type Server as TlsServer, createServer as createTlsServer } from "node:https";
import { type AddressInfo, type Socket, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { generate } from "selfsigned";

import { type NameAnswer, type NameServer, startNameServer } from "../../../drill/live/dns/server";
import { freePort } from "../../../drill/process/ports";
import { NotYet, until } from "../../../drill/process/until";

export const loopback = "127.0.0.1";
export const host = "shop.example.com";

/** Seconds since the process began. */
export const now = (): number => performance.now() / 1000;

/** Looks until something is so. */
export function soon(what: string, is: () => boolean, seconds = 20): Promise<true> {
    return until(what, () => Promise.resolve(is() || new NotYet("it is not")), { seconds, everyMs: 5, signal: new AbortController().signal });
}

/** What a test has opened, closed after it. */
export class Opened {
    #closers: (() => unknown)[] = [];
    #ending = new AbortController();

    /** Ends what the test has begun: aborted by `close`, or before. */
    get signal(): AbortSignal {
        return this.#ending.signal;
    }

    end(reason: string): void {
        this.#ending.abort(new Error(reason));
    }

    later(close: () => unknown): void {
        this.#closers.push(close);
    }

    async close(): Promise<void> {
        this.end("the test is over");
        this.#ending = new AbortController();
        const closers = this.#closers;
        this.#closers = [];
        for (const close of closers.reverse()) {
            await close();
        }
    }

    /** An HTTP server; its port. */
    async http(listener: RequestListener, { address = loopback, port = 0 } = {}): Promise<number> {
        return this.#listen(createServer(listener), address, port);
    }

    async https(pem: { readonly key: string; readonly cert: string }, listener: RequestListener): Promise<number> {
        return this.#listen(createTlsServer(pem, listener), loopback, 0);
    }

    /** A name server; what it is asked is counted. */
    async names(answers: ReadonlyMap<string, NameAnswer>): Promise<NameServer & { readonly asked: readonly string[] }> {
        const asked: string[] = [];
        const answer = (name: string): NameAnswer | undefined => {
            asked.push(name);
            return answers.get(name);
        };
        const server = await startNameServer({ address: loopback, port: await freePort(), answer });
        this.later(() => server.close());
        return { ...server, asked };
    }

    /** An address that takes no connection and refuses none: its server is stopped, and the queue before it is full. */
    async silent(address: string, port: number): Promise<void> {
        const script = `require("node:net").createServer().listen({ host: "${address}", port: ${port}, backlog: 1 }, () => console.log("listens"))`;
        const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
        const queued: Socket[] = [];
        this.later(() => {
            queued.forEach(socket => socket.destroy());
            child.kill("SIGKILL");
        });
        await once(child.stdout, "data");
        child.kill("SIGSTOP");
        for (let full = false; !full; ) {
            const socket = connect({ host: address, port });
            socket.on("error", () => undefined);
            queued.push(socket);
            // What has come about while this process was busy is read before it is taken not to have: immediates come after that, timers before.
            const silence = sleep(300).then(() => new Promise<true>(resolve => setImmediate(resolve, true)));
            full = await Promise.race([once(socket, "connect").then(() => false), silence]);
        }
    }

    async #listen(server: Server | TlsServer, address: string, port: number): Promise<number> {
        server.listen(port, address);
        await once(server, "listening");
        this.later(() => {
            server.closeAllConnections();
            return new Promise(resolve => server.close(resolve));
        });
        return (server.address() as AddressInfo).port;
    }
}

/** A certificate for the host, which is its own authority. */
export async function certificate(name = host): Promise<{ readonly key: string; readonly cert: string }> {
    const { private: key, cert } = await generate([{ name: "commonName", value: name }], { keyType: "ec", extensions: [{ name: "basicConstraints", cA: true }, { name: "subjectAltName", altNames: [{ type: 2, value: name }] }] });
    return { key, cert };
}
