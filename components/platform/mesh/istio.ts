import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type PinnedChart, charts } from "../../charts";
import type { Cluster } from "../../cluster";
import { installChart } from "../chart";
import { createAddOnNamespace } from "../namespace";
import { type NetworkPlugins, baseValues, cniValues, controlPlaneNamespace, istiodValues, nodeNamespace, ztunnelValues } from "./values";

/** What {@link Istio} is made from. */
export interface IstioArgs {
    readonly cluster: Cluster;
    readonly plugins: NetworkPlugins;
}

/** The highest that users may give: an app's pods that wait for a certificate must not push out who signs it. */
const priority = 1_000_000_000;

/**
 * Istio in ambient mode: a control plane of several replicas, and on each node an agent and a tunnel. Pods stay as they are, so the
 * `restricted` Pod Security level holds for them.
 */
export class Istio extends pulumi.ComponentResource {
    /** Pods of the mesh can't start before their node leads them into it, and get no certificate without the control plane. */
    public readonly ready: readonly pulumi.Resource[];

    private readonly name: string;

    constructor(name: string, { cluster, plugins }: IstioArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:Istio", name, {}, opts);
        this.name = name;
        const made = createAddOnNamespace(name, { namespace: controlPlaneNamespace, podSecurity: "restricted" }, { parent: this, dependsOn: [...cluster.ready] });
        const namespace = made.metadata.name;
        const priorityClass = this.createPriority();
        const base = this.install("base", charts.istioBase, namespace, baseValues(), [...cluster.ready]);
        const istiod = this.install("istiod", charts.istiod, namespace, istiodValues(cluster, name), [base, priorityClass]);
        const cni = this.install("cni", charts.istioCni, nodeNamespace, cniValues(plugins), [istiod]);
        const ztunnel = this.install("ztunnel", charts.ztunnel, nodeNamespace, ztunnelValues(), [cni]);
        this.ready = [istiod, cni, ztunnel];
        this.registerOutputs({ ready: this.ready });
    }

    private createPriority(): k8s.scheduling.v1.PriorityClass {
        return new k8s.scheduling.v1.PriorityClass(
            `${this.name}-priority`,
            { metadata: { name: this.name }, description: "The mesh's control plane.", value: priority, globalDefault: false },
            // A priority class can't change.
            { parent: this, replaceOnChanges: ["value", "preemptionPolicy"], deleteBeforeReplace: true },
        );
    }

    private install(role: string, chart: PinnedChart, namespace: pulumi.Input<string>, values: Readonly<Record<string, unknown>>, dependsOn: pulumi.Resource[]): k8s.helm.v4.Chart {
        return installChart(`${this.name}-${role}`, { chart, namespace, values }, { parent: this, dependsOn });
    }
}
