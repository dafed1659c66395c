import { request } from "node:http";
import { join } from "node:path";

import { NotYet, until } from "../process/until";
import { Component } from "./component";
import { etcdFlags, etcdSockets } from "./flags";
import { type Ground, programOf } from "./ground";

/** Longest wait for etcd, in seconds. It takes less than one on an idle machine. */
const etcdSeconds = 60;

/** A control plane's etcd, not started yet. */
export function etcdOf(ground: Ground): Component {
    const { folder, signal, children } = ground;
    const ready = async (): Promise<void> => {
        await until("etcd", async () => (await answers(folder)) || new NotYet("it does not answer"), { seconds: etcdSeconds, everyMs: 50, signal });
    };
    return new Component("etcd", children, programOf(ground, "etcd", ground.options.binaries.paths.etcd, etcdFlags(join(folder, "etcd"))), ready);
}

function answers(folder: string): Promise<boolean> {
    return new Promise(resolve => {
        const asked = request({ socketPath: join(folder, etcdSockets.client), path: "/health", timeout: 1000 }, response => {
            response.resume();
            resolve(response.statusCode === 200);
        });
        asked.on("timeout", () => asked.destroy());
        asked.on("error", () => {
            resolve(false);
        });
        asked.end();
    });
}
