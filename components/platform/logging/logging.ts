import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "../../cluster";
import type { LogEndpointConfig, LoggingConfig } from "../../config/platform/logging";
import { createAddOnNamespace } from "../namespace";
import type { Endpoint } from "./agentConfig";
import { createAgents } from "./agents";
import { createAlerts } from "./alerts";
import { agentNamespace, ports, storeHost } from "./places";
import { createAgentPolicies } from "./policies";
import { LogStore } from "./store";

/** What {@link Logging} is made from. */
export interface LoggingArgs {
    readonly settings: LoggingConfig;
    readonly cluster: Cluster;
    /** What a pod may do to its node: anything, or no more than read the logs there. */
    readonly hostAccess: "any" | "logs";
    /** Priority of the app's pods. */
    readonly appPriority: number;
}

/** What the agents need to know of where they ship to. */
interface Shipping {
    readonly endpoint: Endpoint;
    readonly access: pulumi.Input<string>;
    readonly ready: readonly pulumi.Resource[];
}

/**
 * An agent on each node, and Elasticsearch in the cluster where config names no other.
 *
 * @example
 * new Logging("east-logging", { settings, cluster, hostAccess: "logs", appPriority: 1_000_000 }, { parent });
 */
export class Logging extends pulumi.ComponentResource {
    /** Nothing waits for it: an app whose logs are not shipped serves all the same. */
    public readonly ready = [];

    private readonly name: string;

    constructor(name: string, args: LoggingArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:Logging", name, {}, opts);
        this.name = name;
        const { settings, cluster } = args;
        const { watcher } = cluster;
        const namespace = createAddOnNamespace(
            name,
            { namespace: agentNamespace, podSecurity: { level: "privileged", because: "the agents read the logs of a node from its files" } },
            { parent: this },
        );
        const inside = { parent: this, dependsOn: [namespace] };
        const priorityClassName = this.createPriority(args.appPriority);
        const shipping = settings.to === undefined ? this.createStore(args, priorityClassName, inside) : this.reach(settings.to, inside);
        createAgentPolicies(name, { port: shipping.endpoint.port, inCluster: settings.to === undefined }, watcher !== undefined, inside);
        const agents = createAgents(
            name,
            { ...shipping, namespace: namespace.metadata.name, cluster: cluster.name, hostAccess: args.hostAccess, priorityClassName },
            { parent: this, dependsOn: [...cluster.ready, ...shipping.ready] },
        );
        if (watcher !== undefined) {
            createAlerts(name, { cluster: cluster.name, inCluster: settings.to === undefined, labels: watcher.labels }, { parent: this, dependsOn: [agents, ...watcher.ready] });
        }
        this.registerOutputs({ ready: this.ready });
    }

    /**
     * Half the app's priority: agents and store pre-empt what has none, never the app. On GKE Autopilot an agent would else wait on a full
     * node (https://cloud.google.com/kubernetes-engine/docs/concepts/daemonset#autopilot-ds-best-practices).
     */
    private createPriority(appPriority: number): pulumi.Output<string> {
        const made = new k8s.scheduling.v1.PriorityClass(
            `${this.name}-priority`,
            {
                metadata: { labels: { "app.kubernetes.io/managed-by": "holdfast" } },
                description: "Log agents and store: they yield to the app.",
                value: Math.floor(appPriority / 2),
                globalDefault: false,
            },
            { parent: this, replaceOnChanges: ["value"] },
        );
        return made.metadata.name;
    }

    private createStore({ settings, cluster }: LoggingArgs, priorityClassName: pulumi.Input<string>, inside: pulumi.CustomResourceOptions): Shipping {
        // Empty: the setup fills it in the cluster, and what it holds is in no state.
        const secret = new k8s.core.v1.Secret(
            `${this.name}-access`,
            { metadata: { name: "elasticsearch", namespace: agentNamespace, labels: { "app.kubernetes.io/managed-by": "holdfast" } } },
            { ...inside, ignoreChanges: ["data", "stringData"] },
        );
        const access = secret.metadata.name;
        const { ready } = new LogStore(`${this.name}-store`, { settings, cluster, priorityClassName, access }, { parent: this });
        return { endpoint: { host: storeHost, port: ports.api, byUser: true, ownAuthority: true }, access, ready };
    }

    /** An endpoint of the user's. Pulumi names the Secret, so that agents roll when it changes. */
    private reach({ host, port, user, secret, ca }: LogEndpointConfig, inside: pulumi.CustomResourceOptions): Shipping {
        const data = { secret, ...(user === undefined ? {} : { user }), ...(ca === undefined ? {} : { "ca.crt": ca }) };
        const made = new k8s.core.v1.Secret(
            `${this.name}-access`,
            { metadata: { namespace: agentNamespace, labels: { "app.kubernetes.io/managed-by": "holdfast" } }, immutable: true, stringData: pulumi.secret(data) },
            inside,
        );
        return { endpoint: { host, port, byUser: user !== undefined, ownAuthority: ca !== undefined }, access: made.metadata.name, ready: [] };
    }
}
