import { z } from "zod";

import { field } from "../fields";
import { labelKey, labelValue, urlPath } from "../values";

/** How replicas start, are judged, end, and where they may run. */

/** Readiness path of an app that names none. */
export const defaultReadyPath = "/readyz";

const healthPath = (about: string, example: string) =>
    field(urlPath.default(example), { about, allowed: "a path that starts with /, without a query", example });

export const health = field(
    z
        .strictObject({
            live: healthPath("Path that answers 200 while the process works; failures restart the container.", "/healthz"),
            ready: healthPath("Path that answers 200 while the replica can serve; failures take it out of the load balancer.", defaultReadyPath),
            startupSeconds: field(z.int().min(5).max(3600).default(60), {
                about: "Longest time that a start may take, in seconds, before the container is restarted.",
                allowed: "a whole number from 5 to 3600",
                example: 60,
            }),
        })
        .prefault({}),
    { about: "How health is asked for, over HTTP on the app's port.", allowed: "{ live, ready, startupSeconds }", example: { live: "/healthz", ready: "/readyz" } },
);

export const shutdown = field(
    z
        .strictObject({
            drainSeconds: field(z.int().min(0).max(300).default(20), {
                about: "Time that open requests get to finish after the load balancer has stopped sending new ones.",
                allowed: "a whole number from 0 to 300",
                example: 20,
            }),
            preStopSeconds: field(z.int().min(1).max(300).optional(), {
                about: "Time to go on serving after the end was announced; by default the load balancer's deregistration time plus 5.",
                allowed: "a whole number from 1 to 300, over the load balancer's deregistration time",
                example: 25,
            }),
            graceSeconds: field(z.int().min(2).max(600).optional(), {
                about: "Time from the announcement until the container is killed; by default preStop plus drain plus 5.",
                allowed: "a whole number from 2 to 600, over preStopSeconds plus drainSeconds",
                example: 50,
            }),
        })
        .prefault({}),
    { about: "How a replica ends without losing requests, in seconds.", allowed: "{ drainSeconds, preStopSeconds?, graceSeconds? }", example: { drainSeconds: 20 } },
);

const toleration = z.strictObject({
    key: field(labelKey, { about: "Key of the taint.", allowed: "a taint's key, such as dedicated or example.com/dedicated", example: "dedicated" }),
    operator: field(z.enum(["Exists", "Equal"]).default("Equal"), {
        about: "Whether the taint's value must be the same.",
        allowed: "Equal or Exists",
        example: "Equal",
    }),
    value: field(labelValue.optional(), { about: "Value of the taint; none with Exists.", allowed: "a taint's value", example: "shop" }),
    effect: field(z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(), {
        about: "Effect of the taint; by default every one.",
        allowed: "NoSchedule, PreferNoSchedule or NoExecute",
        example: "NoSchedule",
    }),
});

const nodeLabel = field(labelValue, {
    about: "Value of one label.",
    allowed: "up to 63 letters, digits, hyphens, dots and underscores; a number, true or false goes in quotes",
    example: "amd64",
});

export const scheduling = field(
    z
        .strictObject({
            nodeSelector: field(z.record(labelKey, nodeLabel).default({}), {
                about: "Labels that a node must have.",
                allowed: "a mapping of label to value, in the syntax of labels",
                example: { "kubernetes.io/arch": "amd64" },
            }),
            tolerations: field(z.array(toleration).default([]), {
                about: "Taints that the pods put up with.",
                allowed: "a list of { key, operator?, value?, effect? }",
                example: [{ key: "dedicated", operator: "Equal", value: "shop", effect: "NoSchedule" }],
            }),
            priority: field(z.int().min(1).max(1_000_000_000).default(1_000_000), {
                about: "Priority of the app's pods; its jobs get a tenth. Where room is short, higher priority pre-empts lower.",
                allowed: "a whole number from 1 to 1000000000",
                example: 1_000_000,
            }),
            giveUpNodeSeconds: field(z.int().min(0).max(600).default(30), {
                about: "Time until a stateless pod on a silent node is replaced, after the node counts as lost.",
                allowed: "a whole number from 0 to 600",
                example: 30,
            }),
        })
        .prefault({}),
    { about: "Where the pods may run.", allowed: "{ nodeSelector?, tolerations?, priority?, giveUpNodeSeconds? }", example: { priority: 1_000_000 } },
);
