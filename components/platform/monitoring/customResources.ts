import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { type PrometheusRuleSpec, type RuleGroup, ruleSpec } from "./rules";

/** What every object for the operator is made from. */
export interface OperatorContext {
    /** Prefix of resource names; as the release's name it is also the label by which Prometheus chooses its objects. */
    readonly name: string;
    /** Name of the namespace, known once that exists. */
    readonly namespace: pulumi.Input<string>;
    /** Parent, and the chart that brings the types. */
    readonly opts: pulumi.CustomResourceOptions;
}

/** Pods whose series are collected. */
export interface Scrape {
    /** Name of the PodMonitor. */
    readonly monitor: string;
    readonly namespace: string;
    readonly podLabels: Readonly<Record<string, string>>;
    /** Name of the container's port by which pods are found. */
    readonly portName: string;
    readonly path: string;
    /** Port to ask instead; undefined for the one found. */
    readonly port: number | undefined;
    /** Whether labels of the series come before those of the pod. @default false */
    readonly honorLabels?: boolean;
}

/** The part of a PodMonitor's spec that is used: https://github.com/prometheus-operator/prometheus-operator/blob/v0.93.1/Documentation/api-reference/api.md. */
interface PodMonitorSpec {
    readonly namespaceSelector: { readonly matchNames: readonly string[] };
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly {
        readonly port: string;
        readonly path: string;
        readonly honorLabels?: boolean;
        readonly relabelings?: readonly { readonly sourceLabels: readonly string[]; readonly targetLabel: string; readonly replacement: string }[];
    }[];
}

const apiVersion = "monitoring.coreos.com/v1";

/** Has Prometheus collect the series of pods, each by itself. */
export function createScrape(context: OperatorContext, { monitor, namespace, podLabels, portName, path, port, honorLabels }: Scrape): void {
    const spec: PodMonitorSpec = {
        namespaceSelector: { matchNames: [namespace] },
        selector: { matchLabels: podLabels },
        podMetricsEndpoints: [
            {
                port: portName,
                path,
                ...(honorLabels === true ? { honorLabels } : {}),
                // A pod need not declare the port that it serves metrics at.
                ...(port === undefined ? {} : { relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_ip"], targetLabel: "__address__", replacement: `$1:${port}` }] }),
            },
        ],
    };
    create(context, monitor, "PodMonitor", monitor, spec);
}

/** Has Prometheus compute rules. */
export function createRules(context: OperatorContext, groups: readonly RuleGroup[]): void {
    const spec: PrometheusRuleSpec = ruleSpec(groups);
    create(context, "rules", "PrometheusRule", "holdfast", spec);
}

function create(context: OperatorContext, role: string, kind: string, name: string, spec: PodMonitorSpec | PrometheusRuleSpec): void {
    new k8s.apiextensions.CustomResource(
        `${context.name}-${role}`,
        {
            apiVersion,
            kind,
            metadata: { name, namespace: context.namespace, labels: { "app.kubernetes.io/managed-by": "holdfast", release: context.name } },
            spec,
        },
        context.opts,
    );
}
