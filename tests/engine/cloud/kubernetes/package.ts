import { parse } from "yaml";

import type { Properties } from "../../provider/wire";
import { differenceOf } from "../difference";
import type { Package } from "../emulated";
import { inputFailures } from "../inputs";
import { text } from "../kind";
import { latencyOf } from "../latencies";
import { named, namedObject } from "../madeUpName";
import { Refused } from "../world";
import { constructChart } from "./charts";
import { answering, objectKind } from "./kinds";

const providerType = "pulumi:providers:kubernetes";

/** Address of the API that a provider reaches: the server of its kubeconfig. */
function serverOf(settings: Properties): string {
    const kubeconfig = parse(text(settings, "kubeconfig")) as { readonly clusters?: readonly { readonly cluster: { readonly server: string } }[] } | null;
    const server = kubeconfig?.clusters?.[0]?.cluster.server;
    if (server === undefined) {
        throw new Refused("configured Kubernetes cluster is unreachable: the provider has no kubeconfig");
    }
    return server;
}

/** Kubernetes, as its provider has it: each of its objects is where the provider's kubeconfig leads. */
export const kubernetes: Package = {
    kind: objectKind,
    place: (world, settings) => {
        const server = serverOf(settings);
        answering(world, server);
        return server;
    },
    checkConfig: config => inputFailures(providerType, config),
    diffConfig: (before, after) => differenceOf(providerType, before, after),
    complete: ({ type, name }, before, after, seed) => (type.startsWith("kubernetes:helm.sh/") ? named(name, before, after, seed) : namedObject(name, before, after, seed)),
    check: (type, inputs) => inputFailures(type, inputs),
    diff: (type, before, after) => differenceOf(type, before, after),
    invoke: (_world, _settings, token) => {
        throw new Refused(`the emulated Kubernetes knows no ${token}`);
    },
    construct: (type, name, inputs) => constructChart(type, name, inputs),
    latency: latencyOf,
    takesOver: settings => settings["upsertExistingObjects"] === "true",
};
