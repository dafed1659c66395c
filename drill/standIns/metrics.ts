import { setTimeout as sleep } from "node:timers/promises";

import { type Api, NotYet, conditionOf, isPassing, kinds } from "../api";
import { type Certificates, aggregatedApi } from "../controlPlane";
import { type Question, type Scrape, describeGroup, describeResources, listOf, metricsGroup, nodeMetrics, podMetrics, questionOf, refusal } from "./metricsApi";
import { type Answer, startMetricsServer } from "./metricsServer";
import { type Carried, scrapeOf } from "./scrape";
import type { StandIn, StandInOptions } from "./standIn";

export interface MetricsOptions extends StandInOptions {
    readonly certificates: Certificates;
    /** Apps with a load. All other pods are idle. */
    readonly loads: readonly Carried[];
}

/** Name and place of the Service, as metrics-server has them. */
const service = { service: "metrics-server", namespace: "kube-system" } as const;

/** metrics-server's interval in its released manifests and on the clouds, --metric-resolution=15s (https://github.com/kubernetes-sigs/metrics-server/blob/master/FAQ.md). */
export const scrapeSeconds = 15;

/** Namespace of the nodes' leases. */
const leaseNamespace = "kube-node-lease";

/** Longest wait until the API server has found it, in seconds. */
const reachableSeconds = 60;

/**
 * Serves metrics.k8s.io as metrics-server does: through the API server's aggregation layer, by TLS, and to nobody but the API
 * server. Nodes are looked at every 15 s; the numbers come from the load model.
 */
export async function playMetrics({ api, fail, certificates, loads }: MetricsOptions): Promise<StandIn> {
    const stopping = new AbortController();
    let latest: Scrape | undefined;

    const scrape = async (): Promise<void> => {
        const [nodes, leases, pods] = await Promise.all([api.list(kinds.node), api.list(kinds.lease, { namespace: leaseNamespace }), api.list(kinds.pod)]);
        latest = scrapeOf({ at: new Date(), windowSeconds: scrapeSeconds, nodes, leases, pods }, loads);
    };
    const scrapeOn = async (): Promise<void> => {
        for (;;) {
            await sleep(scrapeSeconds * 1000, undefined, { signal: stopping.signal });
            // While the API server is away, the last numbers grow old, as they would.
            await scrape().catch((error: unknown) => {
                if (!isPassing(error)) {
                    throw error;
                }
            });
        }
    };
    const server = await startMetricsServer({
        own: await certificates.serving(service.service, service.namespace),
        callers: certificates.frontProxyAuthority,
        answer: path => answer(api, latest, path),
    });
    const begin = async (): Promise<void> => {
        await scrape();
        for (const object of aggregatedApi({ ...metricsGroup, ...service, port: server.port, authority: certificates.authority })) {
            await api.apply(object);
        }
        scrapeOn().catch((error: unknown) => {
            if (!stopping.signal.aborted) {
                fail(error instanceof Error ? error : new Error(String(error)));
            }
        });
        await api.until("metrics.k8s.io", () => isAvailable(api), { seconds: reachableSeconds });
    };
    return {
        unproved: [
            "CPU use is computed from a load that the drill sets, shared evenly over the ready replicas of nodes that are heard of; how a real program's CPU follows its requests, and how unevenly a load balancer shares, is not seen",
        ],
        ready: begin(),
        stop: () => {
            stopping.abort();
            server.close();
        },
    };
}

async function isAvailable(api: Api): Promise<true | NotYet> {
    const registered = await api.get({ kind: kinds.apiService, name: `${metricsGroup.version}.${metricsGroup.group}` });
    return registered !== undefined && conditionOf(registered, "Available") === "True" ? true : new NotYet(registered?.status?.conditions?.[0]?.message ?? "it is not registered");
}

async function answer(api: Api, scrape: Scrape | undefined, path: string): Promise<Answer> {
    const question = questionOf(path);
    if (question === undefined) {
        return { status: 404, body: refusal(404, `nothing is at ${path}`) };
    }
    switch (question.about) {
        case "group":
            return { status: 200, body: describeGroup() };
        case "resources":
            return { status: 200, body: describeResources() };
        case "nodes":
        case "pods":
            return scrape === undefined ? { status: 503, body: refusal(503, "nothing was measured yet") } : measured(api, scrape, question);
        default:
            return question satisfies never;
    }
}

async function measured(api: Api, scrape: Scrape, question: Extract<Question, { readonly about: "nodes" | "pods" }>): Promise<Answer> {
    const { name } = question;
    const kind = question.about === "nodes" ? "NodeMetricsList" : "PodMetricsList";
    const items =
        question.about === "nodes"
            ? scrape.nodes.filter(node => name === undefined || node.name === name).map(node => nodeMetrics(node, scrape))
            : (await selected(api, scrape, question)).map(pod => podMetrics(pod, scrape));
    const [item] = items;
    if (name === undefined) {
        return { status: 200, body: listOf(kind, items) };
    }
    return item === undefined ? { status: 404, body: refusal(404, `no metrics of ${name}`) } : { status: 200, body: item };
}

/** The pods that are asked for. Which ones a selector means is the API server's to say. */
async function selected(api: Api, { pods }: Scrape, { namespace, name, labels }: Extract<Question, { readonly about: "pods" }>): Promise<Scrape["pods"]> {
    const meant = pods.filter(pod => (namespace === undefined || pod.namespace === namespace) && (name === undefined || pod.name === name));
    if (labels === undefined || labels === "") {
        return meant;
    }
    const found = await api.list(kinds.pod, { labels, ...(namespace === undefined ? {} : { namespace }) });
    const names = new Set(found.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`));
    return meant.filter(pod => names.has(`${pod.namespace}/${pod.name}`));
}
