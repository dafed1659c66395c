import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { charts } from "../../charts";
import type { Cluster } from "../../cluster";
import { installChart } from "../chart";
import { pods, storeNamespace } from "./places";
import { operatorReplicas, requests } from "./room";

/** The chart's name for its StatefulSet and its service account. */
const operator = "elastic-operator";

/**
 * ECK, the operator of Elasticsearch, which minds one namespace and has rights in no other
 * (https://elastic.co/guide/en/cloud-on-k8s/current/k8s-eck-permissions.html).
 *
 * It has no webhook: a control plane in a network of its own reaches only a few ports of the nodes, and ECK checks what it is given all
 * the same when it acts on it
 * (https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/controller/elasticsearch/validation/validations.go).
 *
 * The chart's types stay when it goes, so that no Elasticsearch of others goes with them; the provider that takes over what is there finds
 * them when it is back.
 */
export function createOperator(
    name: string,
    { cluster, namespace }: { readonly cluster: Cluster; readonly namespace: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
    const chart = installChart(
        `${name}-operator`,
        {
            chart: charts.eckOperator,
            namespace,
            values: {
                managedNamespaces: [storeNamespace],
                createClusterScopedResources: false,
                webhook: { enabled: false },
                replicaCount: operatorReplicas,
                podDisruptionBudget: { enabled: true, minAvailable: 1 },
                resources: { requests: requests.operator, limits: { cpu: "1", memory: requests.operator.memory } },
                podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
                affinity: apart(cluster),
                telemetry: { disabled: true },
                config: {
                    // It may not look at classes.
                    validateStorageClass: false,
                    // Agents read the authority's certificate when they start: ten years in place of one.
                    caValidity: "87600h",
                },
            },
        },
        { ...opts, provider: cluster.keeper },
    );
    return [chart, ...(cluster.zones.length > 1 ? createNodeReader(name, opts) : [])];
}

/** Replicas apart by zone, or by host where the cluster names none. The chart knows no other way to spread them. */
function apart({ zones }: Pick<Cluster, "zones">): k8s.types.input.core.v1.Affinity {
    const topologyKey = zones.length > 1 ? "topology.kubernetes.io/zone" : "kubernetes.io/hostname";
    const podAffinityTerm = { topologyKey, labelSelector: { matchLabels: pods.operator } };
    return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] } };
}

/** The one right beyond its namespace: it tells Elasticsearch's nodes which zone they are in, and reads that from the cluster's nodes. */
function createNodeReader(name: string, opts: pulumi.CustomResourceOptions): readonly pulumi.Resource[] {
    const labels = { "app.kubernetes.io/managed-by": "holdfast" };
    const role = new k8s.rbac.v1.ClusterRole(
        `${name}-node-reader`,
        { metadata: { name: `${operator}-nodes`, labels }, rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] }] },
        opts,
    );
    const binding = new k8s.rbac.v1.ClusterRoleBinding(
        `${name}-node-reader`,
        {
            metadata: { name: `${operator}-nodes`, labels },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
            subjects: [{ kind: "ServiceAccount", name: operator, namespace: storeNamespace }],
        },
        opts,
    );
    return [role, binding];
}
