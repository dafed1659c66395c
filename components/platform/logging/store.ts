import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "../../cluster";
import type { LoggingConfig } from "../../config/platform/logging";
import { volumeClass } from "../../volumeClass";
import { createAddOnNamespace, managedLabels } from "../namespace";
import { createOperator } from "./operator";
import { nodeSet, pods, storeName, storeNamespace, storeNodes, storeVersion } from "./places";
import { createStorePolicies } from "./policies";
import { createRoom, requests } from "./room";
import { createSetup } from "./setup";

/** What a {@link LogStore} is made from. */
export interface LogStoreArgs {
    readonly settings: LoggingConfig;
    readonly cluster: Cluster;
    readonly priorityClassName: pulumi.Input<string>;
    /** Secret of the agents, which the setup fills. */
    readonly access: pulumi.Input<string>;
}

/** Name of the class of the volumes, where the cluster says how to define one. */
const volumeClassName = "elasticsearch-logs";

/**
 * Elasticsearch of three nodes over the zones, with the operator that runs it. Its volumes are kept: by ECK when the resource goes,
 * by the namespace that stays, and by the disks' own class where there is one.
 */
export class LogStore extends pulumi.ComponentResource {
    /** What must be done before agents ship. */
    public readonly ready: readonly pulumi.Resource[];

    constructor(name: string, { settings, cluster, priorityClassName, access }: LogStoreArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:LogStore", name, {}, opts);
        const namespace = createAddOnNamespace(
            name,
            { namespace: storeNamespace, podSecurity: "restricted" },
            // Deleting a namespace deletes the claims in it.
            { parent: this, provider: cluster.keeper, dependsOn: [...cluster.ready], retainOnDelete: true },
        );
        const inside = { parent: this, dependsOn: [namespace] };
        createStorePolicies(name, inside);
        const room = createRoom(name, settings, inside);
        const operator = createOperator(name, { cluster, namespace: namespace.metadata.name }, { parent: this, dependsOn: [...cluster.ready, ...room] });
        const kept = { className: volumeClassName, keeps: true, labels: managedLabels };
        const { className: storageClassName, made } = volumeClass(`${name}-storage`, cluster.storage, kept, { parent: this });
        const store = new k8s.apiextensions.CustomResource(
            name,
            {
                apiVersion: "elasticsearch.k8s.elastic.co/v1",
                kind: "Elasticsearch",
                metadata: { name: storeName, namespace: storeNamespace, labels: { "app.kubernetes.io/managed-by": "holdfast" } },
                spec: storeSpec(settings, cluster, { storageClassName, priorityClassName }),
            },
            { parent: this, dependsOn: [...operator, ...made] },
        );
        const setup = createSetup(name, { settings, cluster: cluster.name, access, priorityClassName, store }, inside);
        this.ready = [setup];
        this.registerOutputs({ ready: this.ready });
    }
}

/** What a node's pod is given beside config's settings. */
interface NodeNeeds {
    readonly storageClassName: string | undefined;
    readonly priorityClassName: pulumi.Input<string>;
}

/**
 * The Elasticsearch resource: https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/docs/reference/api-reference/3_5_0.md. What it does not say is
 * ECK's own and meant so: TLS by an authority of its own, a budget that lets one node go while the cluster is green, pods that pass the
 * restricted Pod Security standard.
 */
function storeSpec(settings: LoggingConfig, { zones }: Cluster, needs: NodeNeeds): object {
    const zoned = zones.length > 1;
    return {
        version: storeVersion,
        // Volumes go with a node that is taken away, never with the cluster.
        volumeClaimDeletePolicy: "DeleteOnScaledownOnly",
        nodeSets: [
            {
                name: nodeSet,
                count: storeNodes,
                config: {
                    "node.roles": ["master", "data", "ingest"],
                    // With maps of files in memory the node's kernel must allow more of them, which takes a privileged container. Without, files are
                    // read by system calls, which is slower where searches read much (https://elastic.co/guide/en/cloud-on-k8s/2.4/k8s-virtual-memory.html).
                    "node.store.allow_mmap": false,
                    // A new index each day: whole indices are deleted, and by default one may hold a month. The rest is the default
                    // (https://elastic.co/docs/reference/elasticsearch/configuration-reference/data-stream-lifecycle-settings).
                    "cluster.lifecycle.default.rollover": "max_age=1d,max_primary_shard_size=50gb,min_docs=1,max_primary_shard_docs=200000000",
                    // It loads a database from the internet, which no line here needs.
                    "ingest.geoip.downloader.enabled": false,
                },
                // Copies of a line go to different zones, and ECK tells each node its own.
                ...(zoned ? { zoneAwareness: {} } : {}),
                podTemplate: {
                    spec: {
                        priorityClassName: needs.priorityClassName,
                        ...(zoned ? { topologySpreadConstraints: [overZonesForGood(zones.length)] } : {}),
                        containers: [
                            {
                                name: "elasticsearch",
                                resources: { requests: requests.store(settings), limits: { memory: settings.memory } },
                            },
                        ],
                    },
                },
                volumeClaimTemplates: [
                    {
                        // The name that ECK knows.
                        metadata: { name: "elasticsearch-data" },
                        spec: {
                            accessModes: ["ReadWriteOnce"],
                            ...(needs.storageClassName === undefined ? {} : { storageClassName: needs.storageClassName }),
                            resources: { requests: { storage: settings.size } },
                        },
                    },
                ],
            },
        ],
    };
}

/** Volumes tie nodes to their zones for good, so each zone must have its share from the beginning; as for the app's state. */
function overZonesForGood(zones: number): k8s.types.input.core.v1.TopologySpreadConstraint {
    return {
        maxSkew: Math.ceil(storeNodes / zones),
        minDomains: Math.min(storeNodes, zones),
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: pods.store },
        nodeTaintsPolicy: "Honor",
    };
}
