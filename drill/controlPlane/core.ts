import type { KubeConfig } from "@kubernetes/client-node";

import { type Api, NotYet, kinds } from "../api";
import type { Run } from "../process/run";
import { until } from "../process/until";
import { startApiServer } from "./apiServer";
import type { Component } from "./component";
import { etcdOf } from "./etcd";
import { type Ground, makeGround, writeKubeconfig } from "./ground";
import type { CoreOptions } from "./options";
import { type User, users } from "./pki";
import type { Certificates, CorePlane, Elected } from "./types";
import { standbyOf, workersOf } from "./workers";

/** Printed by a scheduler or controller manager that leads. The lease itself names a random identity. */
const leads = /successfully acquired lease/i;

/** Longest wait for controllers and nodes, in seconds. They take five on an idle machine. */
export const workSeconds = 120;

/** What a running control plane has. */
export interface Parts extends Pick<CorePlane, "server" | "kubeconfig" | "kubeconfigFile" | "api" | "components"> {
    /** Ends all requests and waits. */
    readonly end: () => void;
}

/** A control plane whose programs were started. */
export class RunningCore implements CorePlane {
    readonly name: string;
    readonly server: string;
    readonly kubeconfig: KubeConfig;
    readonly kubeconfigFile: string;
    readonly api: Api;
    readonly certificates: Certificates;
    readonly components: readonly Component[];
    readonly #ground: Ground;
    readonly #end: () => void;

    constructor(ground: Ground, { server, kubeconfig, kubeconfigFile, api, components, end }: Parts) {
        const { pki, options } = ground;
        this.#ground = ground;
        this.#end = end;
        this.name = options.name;
        this.server = server;
        this.kubeconfig = kubeconfig;
        this.kubeconfigFile = kubeconfigFile;
        this.api = api;
        this.components = components;
        this.certificates = {
            authority: pki.authority.certificate,
            frontProxyAuthority: pki.frontProxyAuthority,
            serving: (service, namespace) => pki.authority.server(`${service}.${namespace}.svc`),
        };
    }

    component(name: string): Component {
        const component = this.components.find(candidate => candidate.name === name);
        if (component === undefined) {
            throw new Error(`${this.name} has no component ${name}; it has ${this.components.map(candidate => candidate.name).join(", ")}`);
        }
        return component;
    }

    leader(of: Elected): Promise<Component> {
        const instances = this.components.filter(({ name }) => name === of || name === standbyOf(of));
        const look = (): Promise<Component | NotYet> => Promise.resolve(instances.find(one => one.running && leads.test(one.printed())) ?? new NotYet("none leads"));
        return until(`${this.name}: a leader of ${of}`, look, { seconds: workSeconds, signal: this.#ground.signal });
    }

    kubeconfigFor(user: User): string {
        return writeKubeconfig(this.#ground, this.server, user);
    }

    async stop(): Promise<void> {
        this.#end();
        await Promise.all(this.components.map(component => component.kill()));
        this.api.close();
    }

    /** Resolves when there is a scheduler that leads, and controllers that have done what every namespace needs. */
    async working(): Promise<void> {
        const account = { kind: kinds.serviceAccount, name: "default", namespace: "default" };
        const probe = async (): Promise<true | NotYet> => ((await this.api.get(account)) === undefined ? new NotYet("the default service account is missing") : true);
        await Promise.all([this.leader("kube-scheduler"), this.leader("kube-controller-manager"), this.api.until(`${this.name}: controllers`, probe, { seconds: workSeconds })]);
    }
}

/** A control plane of which the API server answers, and the rest is not started yet. */
export interface Begun {
    readonly ground: Ground;
    /** All but what plays nodes; etcd and the API server run. */
    readonly parts: Parts;
    /** Controllers and schedulers, not started. */
    readonly workers: readonly Component[];
}

/** Starts etcd and an API server with RBAC and Kubernetes' default admission. All of it ends with the run at the latest. */
export async function beginControlPlane(run: Run, options: CoreOptions): Promise<Begun> {
    const started = performance.now();
    const ending = new AbortController();
    const ground = await makeGround(run, options, AbortSignal.any([run.signal, ending.signal]));
    const etcd = etcdOf(ground);
    await etcd.start();
    const { component: apiServer, server, kubeconfig, api } = await startApiServer(ground);
    options.say(`${options.name}: API server ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const workers = workersOf(ground, server);
    const end = (): void => {
        ending.abort(new Error(`${options.name} is stopped`));
    };
    const parts = { server, kubeconfig, kubeconfigFile: writeKubeconfig(ground, server, users.admin), api, components: [etcd, apiServer, ...workers], end };
    return { ground, parts, workers };
}

/** Starts a control plane without nodes: etcd, an API server, controllers and a scheduler. Resolves when the controllers work. */
export async function startCorePlane(run: Run, options: CoreOptions): Promise<CorePlane> {
    const { ground, parts, workers } = await beginControlPlane(run, options);
    const plane = new RunningCore(ground, parts);
    await Promise.all(workers.map(component => component.start()));
    await plane.working();
    return plane;
}
