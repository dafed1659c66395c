import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Certificate } from "../../controlPlane";
import type { Child, Children } from "../../process/children";
import { NotYet, until } from "../../process/until";
import type { Door } from "./door";
import { haproxyConfig } from "./haproxyConfig";
import type { DoorAddress, Pool } from "./pools";
import { Runtime } from "./runtime";

export interface BalancerOptions {
    readonly cluster: string;
    readonly doors: readonly { readonly door: Door; readonly addresses: readonly DoorAddress[] }[];
    readonly pools: readonly Pool[];
    /** The program. */
    readonly haproxy: string;
    /** Gets its configuration, certificate, socket and log. */
    readonly folder: string;
    readonly certificate: Certificate;
    readonly children: Children;
    readonly signal: AbortSignal;
}

/** A HAProxy that listens. */
export interface Balancer {
    readonly runtime: Runtime;
    stop(): Promise<void>;
}

/** Longest path of a Unix socket, less what HAProxy adds to it while it starts. */
const longestSocketPath = 90;

/** Longest wait for it to listen, in seconds. */
const startSeconds = 20;

/** Starts HAProxy. Resolves when it listens. */
export async function startBalancer({ cluster, doors, pools, haproxy, folder, certificate, children, signal }: BalancerOptions): Promise<Balancer> {
    const socket = join(folder, "haproxy.sock");
    if (socket.length > longestSocketPath) {
        throw new Error(`${socket} is too long for a Unix socket: choose a temporary folder with a shorter path (TMPDIR)`);
    }
    const certificateFile = join(folder, "haproxy.pem");
    writeFileSync(certificateFile, `${certificate.certificate.trimEnd()}\n${certificate.key}`, { mode: 0o600 });
    chmodSync(certificateFile, 0o600);
    const configFile = join(folder, "haproxy.cfg");
    writeFileSync(configFile, haproxyConfig({ doors, pools, socket, certificateFile }));
    const child = await children.start({
        name: `${cluster}/haproxy`,
        command: haproxy,
        args: ["-db", "-f", configFile],
        cwd: folder,
        env: { PATH: process.env["PATH"] },
        logFile: join(folder, "haproxy.log"),
    });
    const runtime = new Runtime(socket);
    await until(`${cluster}/haproxy`, () => answers(runtime, child), { seconds: startSeconds, signal });
    return { runtime, stop: () => child.kill() };
}

/** Whether it answers. One that ended never will; the run's own error says why. */
async function answers(runtime: Runtime, child: Child): Promise<true | NotYet> {
    if (!child.running) {
        throw new Error(`haproxy ended while it started. It last said:\n${child.lastWords()}`);
    }
    try {
        await runtime.ask("show info");
        return true;
    } catch (error) {
        return new NotYet((error as Error).message);
    }
}
