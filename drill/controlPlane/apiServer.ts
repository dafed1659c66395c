import type { KubeConfig } from "@kubernetes/client-node";

import { Api, NotYet } from "../api";
import { freePort, saysPortTaken } from "../process/ports";
import { until } from "../process/until";
import { Component } from "./component";
import { apiServerFlags } from "./flags";
import { type Ground, programOf } from "./ground";
import { kubeconfigOf } from "./kubeconfig";
import { users } from "./pki";

/** A running API server, and its admin's way in. */
export interface ApiServer {
    readonly component: Component;
    readonly server: string;
    readonly kubeconfig: KubeConfig;
    readonly api: Api;
}

/** Ports that are tried, should others take each between our look and its use. */
const tries = 5;

/** Longest wait for an API server, in seconds. It takes 4 on an idle machine. */
const readySeconds = 120;

class PortTaken extends Error {}

/** Starts an API server on a free port, over etcd. Resolves when it is ready. */
export async function startApiServer(ground: Ground): Promise<ApiServer> {
    const { options, address, children, folder, pki, signal } = ground;
    for (let attempt = 1; ; attempt++) {
        const port = await freePort();
        const server = `https://${address}:${port}`;
        const kubeconfig = kubeconfigOf(options.name, server, pki, users.admin);
        const api = await Api.connect(kubeconfig, signal);
        const program = { ...programOf(ground, "kube-apiserver", options.binaries.paths["kube-apiserver"], apiServerFlags({ address, port }, folder, pki)), mayEnd: saysPortTaken };
        const component = new Component("kube-apiserver", children, program, self => untilReady(api, self, signal));
        try {
            await component.start();
            return { component, server, kubeconfig, api };
        } catch (error) {
            api.close();
            if (!(error instanceof PortTaken) || attempt === tries) {
                throw error;
            }
        }
    }
}

async function untilReady(api: Api, component: Component, signal: AbortSignal): Promise<void> {
    await until(
        component.name,
        async () => {
            if (!component.running && saysPortTaken(component.printed())) {
                throw new PortTaken("another program took the API server's port");
            }
            try {
                await api.raw("GET", "/readyz");
                return true;
            } catch (error) {
                signal.throwIfAborted();
                return new NotYet(error instanceof Error ? error.message : String(error));
            }
        },
        { seconds: readySeconds, signal },
    );
}
