/** Where the parts are, and what they are called: agents, store, policies and alerts name each other's. */

/** Namespace of the agents. Their pods read the node's logs by hostPath, so it can't be a restricted one. */
export const agentNamespace = "logging";

/** Namespace of Elasticsearch, its operator and its setup. It outlives the add-on, with the volumes in it. */
export const storeNamespace = "elasticsearch";

/**
 * Name of the Elasticsearch resource; ECK begins the names of what it makes with it
 * (https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/pkg/apis/elasticsearch/v1/name.go).
 */
export const storeName = "logs";

/** Name of its one set of nodes. */
export const nodeSet = "default";

/** Three, so that two are a majority: each may lead, and each holds lines. */
export const storeNodes = 3;

/**
 * Of Elasticsearch: what ECK 3.5's own examples run
 * (https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/config/samples/elasticsearch/elasticsearch.yaml).
 */
export const storeVersion = "9.4.3";

/** The Service of the nodes; ECK's certificate is for this name too. */
export const storeHost = `${storeName}-es-http.${storeNamespace}.svc`;

export const ports = {
    /** Elasticsearch's API. */
    api: 9200,
    /** Between Elasticsearch's nodes. */
    transport: 9300,
    /** Fluent Bit's health and metrics. */
    agent: 2020,
} as const;

/** Labels of the pods, as their charts, ECK and the setup give them. */
export const pods = {
    agent: { "app.kubernetes.io/name": "fluent-bit" },
    operator: { "app.kubernetes.io/name": "elastic-operator" },
    store: { "elasticsearch.k8s.elastic.co/cluster-name": storeName },
    setup: { "app.kubernetes.io/name": "logging-setup" },
} as const;

/** User and role of the agents in Elasticsearch: they may add lines, and no more. */
export const agentUser = "log-agent";

/** The data stream of a cluster's logs, of the form that Elasticsearch's own templates go by. */
export function streamOf(cluster: string): string {
    return `logs-kubernetes-${cluster}`;
}
