import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { selectorLabels } from "../../app/labels";
import { cpuLimitMillicores, podTemplate } from "../../app/podTemplate";
import { statelessSpread, statelessTolerations } from "../../app/scheduling";
import type { Cluster } from "../../cluster";
import type { AppConfig } from "../../config";
import type { AutoscalingConfig } from "../../config/platform/autoscaling";
import { type ZoneLossBuffer, zoneLossBuffer } from "../../model/capacity";
import { mebibytes, millicores } from "../../model/quantity";
import { createAddOnNamespace } from "../namespace";

/** What a {@link Headroom} is made from. */
export interface HeadroomArgs {
    /** Whose replicas it keeps room for. */
    readonly app: AppConfig;
    readonly buffer: ZoneLossBuffer;
    readonly cluster: Cluster;
}

/** Namespace, and name of what is in it. */
export const headroomNamespace = "headroom";

/** Kubernetes' own image that does nothing; the one that kubeadm 1.35 keeps pods' namespaces open with. */
const image = "registry.k8s.io/pause:3.10.1";

/**
 * Under all else, and just not under what the autoscalers of nodes still look at: pods below -10 bring no node, and keep none. The
 * default of `--expendable-pods-priority-cutoff`
 * (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#how-can-i-configure-overprovisioning-with-cluster-autoscaler),
 * and what Google advises for placeholders (https://cloud.google.com/kubernetes-engine/docs/how-to/capacity-provisioning).
 */
const priorityValue = -10;

/** The room that is kept, by the model. */
export function headroomOf({ min, max }: AppConfig["replicas"], kept: AutoscalingConfig["room"], zones: number): ZoneLossBuffer {
    switch (kept) {
        case "none":
            return zoneLossBuffer(0, zones);
        case "min":
            return zoneLossBuffer(min, zones);
        case "max":
            return zoneLossBuffer(max, zones);
        default:
            return kept satisfies never;
    }
}

/**
 * Pods that do nothing, of the very shape of the app's and spread like them: where one of them is, a replica of the app fits. When a
 * zone is lost the app's pods push them out, start at once, and only the pushed-out pods wait for nodes.
 */
export class Headroom extends pulumi.ComponentResource {
    constructor(name: string, args: HeadroomArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:Headroom", name, {}, opts);
        const child = { parent: this };
        const made = createAddOnNamespace(name, { namespace: headroomNamespace, podSecurity: "restricted" }, { ...child, dependsOn: [...args.cluster.ready] });
        const namespace = made.metadata.name;
        const account = new k8s.core.v1.ServiceAccount(`${name}-account`, { metadata: { namespace, name: headroomNamespace }, automountServiceAccountToken: false }, child);
        const priority = new k8s.scheduling.v1.PriorityClass(
            `${name}-priority`,
            {
                description: `Room for ${args.app.name}: every other pod may take it.`,
                value: priorityValue,
                preemptionPolicy: "Never",
                globalDefault: false,
            },
            // A priority class can't change.
            { ...child, replaceOnChanges: ["value", "preemptionPolicy"] },
        );
        new k8s.networking.v1.NetworkPolicy(
            `${name}-deny-all`,
            {
                metadata: { namespace, name: "deny-all" },
                spec: {
                    podSelector: {},
                    policyTypes: ["Ingress", "Egress"],
                    // Names alone, as in every namespace.
                    egress: [{ ports: ["UDP", "TCP"].map(protocol => ({ protocol, port: 53 })) }],
                },
            },
            child,
        );
        createBounds(name, args, namespace, child);
        createPods(name, args, { namespace, serviceAccountName: account.metadata.name, priorityClassName: priority.metadata.name }, child);
        this.registerOutputs({});
    }
}

/** The namespace holds the placeholders and nothing else; those on lost nodes count until they are gone. */
function createBounds(name: string, { app, buffer }: HeadroomArgs, namespace: pulumi.Output<string>, opts: pulumi.CustomResourceOptions): void {
    const { cpu, memory } = app.resources;
    const pods = buffer.replicas + buffer.perZone;
    const total = `${pods * mebibytes(memory)}Mi`;
    new k8s.core.v1.ResourceQuota(
        `${name}-quota`,
        {
            metadata: { namespace, name: headroomNamespace },
            spec: {
                hard: {
                    pods: String(pods),
                    "requests.cpu": `${pods * millicores(cpu)}m`,
                    "limits.cpu": `${pods * cpuLimitMillicores(app.resources)}m`,
                    "requests.memory": total,
                    "limits.memory": total,
                },
            },
        },
        opts,
    );
    new k8s.core.v1.LimitRange(
        `${name}-limits`,
        { metadata: { namespace, name: headroomNamespace }, spec: { limits: [{ type: "Container", defaultRequest: { cpu, memory }, default: { memory } }] } },
        opts,
    );
}

interface Place {
    readonly namespace: pulumi.Output<string>;
    readonly serviceAccountName: pulumi.Output<string>;
    readonly priorityClassName: pulumi.Output<string>;
}

function createPods(name: string, { app, buffer, cluster }: HeadroomArgs, { namespace, ...place }: Place, opts: pulumi.CustomResourceOptions): void {
    const labels = selectorLabels(headroomNamespace, "app");
    const template = podTemplate({
        ...place,
        app: headroomNamespace,
        part: "app",
        annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "true" },
        image,
        resources: app.resources,
        // They hold nothing, and end when they are told to.
        graceSeconds: 1,
        spread: statelessSpread(headroomNamespace, "app", cluster.zones.length),
        nodeSelector: app.scheduling.nodeSelector,
        tolerations: statelessTolerations(app),
        envFrom: [],
    });
    new k8s.apps.v1.Deployment(
        `${name}-pods`,
        {
            // Nothing waits for room that nodes are still made for.
            metadata: { namespace, name: headroomNamespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
            spec: {
                replicas: buffer.replicas,
                selector: { matchLabels: labels },
                // In place: a placeholder more would bring a node.
                strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
                minReadySeconds: 5,
                revisionHistoryLimit: 2,
                template,
            },
        },
        opts,
    );
}
