/** Invalid settings of the add-on `mesh`. */
import { zonedCluster } from "../../../support/kubernetes";
import { clusterConfigs, minimalApp, poolNodes } from "../../../support/plan";
import type { BadInput } from "../row";

/** Clusters whose nodes can be reached into, and an app with state. */
const base = {
    clusters: [clusterConfigs.eks, { ...clusterConfigs.gke, nodes: poolNodes.gke }],
    app: { ...minimalApp, state: { image: "docker.io/library/redis:8.2.1", replicas: 3 } },
    failover: { domain: "shop.example.com", zone: "example.com", primary: "east" },
    platform: { mesh: { mtls: "strict", gateways: { min: 3, max: 9 } }, monitoring: { metrics: { port: 9797 } } },
};

export const badMesh: readonly BadInput[] = [
    ["mesh as a word", { "platform.mesh": "istio" }, "mesh: true", { base }],
    ["a setting of mesh that there is not", { "platform.mesh.mode": "ambient" }, "remove mode", { base }],
    ["mutual TLS that is off", { "platform.mesh.mtls": "disable" }, 'mtls: "strict"', { base }],
    ["one gateway", { "platform.mesh.gateways.min": 1 }, "min: 3", { base }],
    ["more gateways at least than at most", { "platform.mesh.gateways.min": 10 }, "lower min or raise max", { base }],
    ["fewer gateways than zones", { "platform.mesh.gateways.min": 2 }, "set gateways.min to 3 or more", { base }],
    ["a distribution of Kubernetes that Istio has no name for", { "platform.mesh.distribution": "openshift" }, 'distribution: "minikube"', { base }],
    ["a distribution of clusters that have none", { "platform.mesh.distribution": "k3s" }, "remove distribution", { base }],
    ["the mesh on nodes that nobody may reach into", { "clusters[1].nodes": { mode: "auto" } }, "set nodes.mode to pools, or turn mesh off", { base }],
    ["an app at the tunnel's port", { "app.port": 15008 }, "listen on another port", { base }],
    ["state at a port of the tunnel's", { "app.state.port": 15053 }, "listen on another port", { base }],
    [
        "metrics where the mesh lets users alone",
        { "platform.monitoring": { metrics: {} } },
        "serve metrics at a port of their own",
        { base: { ...base, clusters: [zonedCluster], failover: undefined }, paths: ["platform.monitoring.metrics.port"] },
    ],
];
