import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { portName } from "../../app/deployment";
import { selectorLabels } from "../../app/labels";
import { charts } from "../../charts";
import { volumeClass } from "../../volumeClass";
import type { Cluster, Watcher } from "../../cluster";
import type { MonitoringConfig } from "../../config/platform/monitoring";
import { certManager } from "../certificates/chart";
import { installChart } from "../chart";
import { createAddOnNamespace, managedLabels } from "../namespace";
import { createClosure, createReaders, readers } from "./access";
import { receiverKey } from "./alertmanager";
import { type OperatorContext, createRules, createScrape } from "./customResources";
import { createDashboard } from "./dashboard";
import { createMetricsServer } from "./metricsServer";
import { appMonitor, certManagerMonitor, monitoringNamespace, nodesNamespace } from "./names";
import { ruleGroups } from "./ruleGroups";
import type { Subject } from "./rules";
import { stackValues } from "./values";

/** What a {@link Monitoring} is made from. */
export interface MonitoringArgs {
    readonly settings: MonitoringConfig;
    readonly cluster: Cluster;
    /** What is watched. */
    readonly subject: Subject;
    /** Whether pods may look at the nodes. */
    readonly onNodes: boolean;
    /** Whether the cluster has no metrics-server. */
    readonly metricsServer: boolean;
    /** Whether it can check the kubelets' certificates. */
    readonly signedKubelets: boolean;
}

/** Prometheus, Alertmanager and Grafana, with the rules and the dashboard that follow from the objectives. */
export class Monitoring extends pulumi.ComponentResource {
    /** What the autoscaler measures by, where it is not the cluster's own. */
    public readonly ready: readonly pulumi.Resource[];
    /** Prometheus, to add-ons that bring rules of their own: it goes by the label of its release. */
    public readonly watcher: Watcher;

    constructor(name: string, args: MonitoringArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:Monitoring", name, {}, opts);
        const { cluster, subject } = args;
        const dependsOn = [...cluster.ready];
        const namespace = this.createNamespace(name, args);
        const chart = this.createStack(name, args, namespace);
        this.watcher = { labels: { release: name }, ready: [chart] };
        const context: OperatorContext = { name, namespace: namespace.metadata.name, opts: { parent: this, dependsOn: [chart] } };
        this.createScrapes(context, subject);
        createRules(context, ruleGroups(subject));
        if (subject.app !== undefined) {
            createDashboard(name, { ...subject, app: subject.app }, namespace.metadata.name, { parent: this });
        }
        this.ready = args.metricsServer ? [createMetricsServer(`${name}-metrics-server`, { cluster, signedKubelets: args.signedKubelets }, { parent: this, dependsOn })] : [];
        this.registerOutputs({ ready: this.ready });
    }

    /** The claims are in the namespace, so where metrics are kept it stays when the add-on goes, and is taken over when it is back. */
    private createNamespace(name: string, { cluster, settings }: MonitoringArgs): k8s.core.v1.Namespace {
        // Always the same provider: another one would replace the namespace, and delete what is in it.
        const kept = { provider: cluster.keeper, retainOnDelete: settings.onDelete === "keep" };
        return createAddOnNamespace(name, { namespace: monitoringNamespace, podSecurity: "restricted" }, { parent: this, dependsOn: [...cluster.ready], ...kept });
    }

    private createStack(name: string, { cluster, settings, onNodes }: MonitoringArgs, { metadata }: k8s.core.v1.Namespace): pulumi.Resource {
        const opts = { parent: this, dependsOn: [...cluster.ready] };
        const access = { namespace: metadata.name, opts: { parent: this } };
        createClosure(name, access);
        const role = createReaders(name, access);
        const kept = { className: monitoringNamespace, keeps: settings.onDelete === "keep", labels: managedLabels };
        const { className, made } = volumeClass(`${name}-storage`, cluster.storage, kept, opts);
        const nodes = onNodes ? [createAddOnNamespace(`${name}-nodes`, { namespace: nodesNamespace, podSecurity: { level: "privileged", because: "the exporters read a node's own figures" } }, opts)] : [];
        const receiver = this.createReceiver(name, settings, metadata.name);
        const values = stackValues(name, { settings, cluster, className, onNodes, receiver: receiver?.metadata.name, readers });
        return installChart(
            name,
            { chart: charts.kubePrometheusStack, namespace: metadata.name, values },
            { parent: this, dependsOn: [...cluster.ready, ...made, ...nodes, role, ...(receiver === undefined ? [] : [receiver])] },
        );
    }

    /** The receiver's URL. Pulumi names the Secret, so that a new URL rolls Alertmanager, and the old one goes last. */
    private createReceiver(name: string, { alerts }: MonitoringConfig, namespace: pulumi.Output<string>): k8s.core.v1.Secret | undefined {
        return alerts === undefined
            ? undefined
            : new k8s.core.v1.Secret(
                  `${name}-receiver`,
                  { metadata: { namespace, labels: { "app.kubernetes.io/managed-by": "holdfast" } }, immutable: true, stringData: pulumi.secret({ [receiverKey]: alerts.webhook }) },
                  { parent: this },
              );
    }

    private createScrapes(context: OperatorContext, { app, metrics, certificates, watched }: Subject): void {
        if (app !== undefined && metrics !== undefined) {
            const port = metrics.port === app.port ? undefined : metrics.port;
            createScrape(context, { monitor: appMonitor(app.name), namespace: app.name, podLabels: selectorLabels(app.name, "app"), portName, path: metrics.path, port });
        }
        if (certificates) {
            const podLabels = { "app.kubernetes.io/name": certManager, "app.kubernetes.io/component": "controller" };
            // The series name the certificate's namespace, not the pod's.
            createScrape(context, { monitor: certManagerMonitor, namespace: certManager, podLabels, portName: "http-metrics", path: "/metrics", port: undefined, honorLabels: true });
        }
        for (const scrape of watched?.scrapes ?? []) {
            createScrape(context, scrape);
        }
    }
}
