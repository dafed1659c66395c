import type { KubeConfig } from "@kubernetes/client-node";

import { type Api, NotYet, conditionOf, kinds } from "../api";
import { until } from "../process/until";
import type { Component } from "./component";
import type { Ground } from "./ground";
import { fakeNode, nodeName } from "./nodes";
import type { ControlPlaneOptions } from "./options";
import type { Certificates, ControlPlane, Elected, Zones } from "./types";
import { kwokOf, standbyOf } from "./workers";

/** Printed by a scheduler or controller manager that leads. The lease itself names a random identity. */
const leads = /successfully acquired lease/i;

/** Longest wait for controllers and nodes, in seconds. They take five on an idle machine. */
const workSeconds = 120;

interface Parts extends Pick<ControlPlane, "server" | "kubeconfig" | "kubeconfigFile" | "api" | "components"> {
    /** Ends all requests and waits. */
    readonly end: () => void;
}

/** A control plane whose programs were started. */
export class RunningPlane implements ControlPlane {
    readonly name: string;
    readonly server: string;
    readonly kubeconfig: KubeConfig;
    readonly kubeconfigFile: string;
    readonly api: Api;
    readonly zones: Zones;
    readonly certificates: Certificates;
    readonly components: readonly Component[];
    readonly #options: ControlPlaneOptions;
    readonly #signal: AbortSignal;
    readonly #end: () => void;
    /** Highest number of a node by zone: numbers are not used twice. */
    readonly #lastNode = new Map<string, number>();

    constructor(
        { options, signal, pki }: Ground,
        { server, kubeconfig, kubeconfigFile, api, components, end }: Parts,
    ) {
        this.#options = options;
        this.#signal = signal;
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
        this.zones = {
            names: options.zones,
            stop: zone => {
                this.component(kwokOf(zone)).freeze();
            },
            resume: zone => {
                this.component(kwokOf(zone)).thaw();
            },
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
        return until(`${this.name}: a leader of ${of}`, look, { seconds: workSeconds, signal: this.#signal });
    }

    async addNodes(zone: string, count: number): Promise<readonly string[]> {
        const last = this.#lastNode.get(zone) ?? 0;
        this.#lastNode.set(zone, last + count);
        const numbers = Array.from({ length: count }, (_, index) => last + index + 1);
        await Promise.all(numbers.map(n => this.api.create(kinds.node, fakeNode(this.#options, zone, n))));
        const names = numbers.map(n => nodeName(zone, n));
        await this.#nodesReady(names);
        return names;
    }

    async removeNode(name: string): Promise<void> {
        await this.api.delete({ kind: kinds.node, name });
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

    /** Resolves when nodes are ready and the scheduler may use them. */
    async #nodesReady(names: readonly string[]): Promise<void> {
        const probe = async (): Promise<true | NotYet> => {
            const nodes = await this.api.list(kinds.node);
            const ready = nodes.filter(node => conditionOf(node, "Ready") === "True" && (node.spec?.taints ?? []).length === 0).map(node => node.metadata?.name);
            const missing = names.filter(name => !ready.includes(name));
            return missing.length === 0 ? true : new NotYet(`${missing.join(", ")} not ready`);
        };
        await this.api.until(`${this.name}: nodes`, probe, { seconds: workSeconds });
    }
}
