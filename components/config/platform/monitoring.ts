import { z } from "zod";

import { field } from "../fields";
import { urlPath } from "../values";
import { toggle } from "./toggle";

/** The longest burn-rate window is three days: it must be in what is kept. */
const leastDays = 4;

const alerts = field(
    z
        .strictObject({
            webhook: field(z.string().regex(/^https?:\/\/[^\s/]+\S*$/), {
                about: "URL that Alertmanager posts alerts to; it ends up in a Secret of the cluster alone.",
                allowed: "an http or https URL",
                example: "https://hooks.example.com/alerts",
                secret: true,
            }),
        })
        .optional(),
    {
        about: "Who is told of alerts; without it they can only be looked at.",
        allowed: "{ webhook }",
        example: { webhook: "https://hooks.example.com/alerts" },
    },
);

/**
 * The counter of requests: the name that Prometheus' own documentation gives one
 * (https://prometheus.io/docs/practices/naming/), with the status in a label.
 */
const requests = field(
    z
        .strictObject({
            // Names of metrics and labels: https://prometheus.io/docs/concepts/data_model/.
            metric: field(z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/).default("http_requests_total"), {
                about: "Counter of the app's requests.",
                allowed: "a metric's name of letters, digits, underscores and colons",
                example: "http_requests_total",
            }),
            label: field(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/).default("status"), {
                about: "Label of the counter that says how a request ended.",
                allowed: "a label's name of letters, digits and underscores",
                example: "status",
            }),
            errors: field(z.string().regex(/^[0-9A-Za-z._-]+(\|[0-9A-Za-z._-]+)*$/).default("5.."), {
                about: "Values of the label that count against the error budget; a dot stands for any character.",
                allowed: "one value, or several between bars: letters, digits, dots, hyphens and underscores",
                example: "5..",
            }),
        })
        .prefault({}),
    { about: "How the app counts its requests.", allowed: "{ metric?, label?, errors? }", example: { metric: "http_requests_total", label: "status", errors: "5.." } },
);

const metrics = field(
    z
        .strictObject({
            path: field(urlPath.default("/metrics"), {
                about: "Path that the app serves its metrics at, in Prometheus' format.",
                allowed: "a path that starts with /, without a query",
                example: "/metrics",
            }),
            port: field(z.int().min(1024).max(65535).optional(), {
                about: "Port that the app serves its metrics at; by default the app's own, which users reach too.",
                allowed: "a whole number from 1024 to 65535",
                example: 9797,
            }),
            slo: field(z.number().min(95).max(99.999).default(99.9), {
                about: "Share of requests, in per cent, that must not fail in 30 days; the rest is the error budget.",
                allowed: "a number from 95 to 99.999",
                example: 99.9,
            }),
            requests,
        })
        .optional(),
    { about: "The app's own metrics: they are collected, and alerts follow its error budget.", allowed: "{ path?, port?, slo?, requests? }", example: { path: "/metrics", slo: 99.9 } },
);

/** Settings of the add-on `monitoring`. */
export const monitoringSettings = z.strictObject({
    retentionDays: field(z.int().min(leastDays).max(365).default(15), {
        about: "Days that metrics are kept, as long as the volumes have room.",
        allowed: `a whole number from ${leastDays} to 365`,
        example: 15,
    }),
    size: field(z.string().regex(/^([1-9][0-9]{1,4}Gi|[1-9][0-9]?Ti)$/).default("50Gi"), {
        about: "Size of each of the two volumes of metrics; it can't shrink.",
        allowed: "a whole number of Gi or Ti, at least 10Gi",
        example: "50Gi",
    }),
    onDelete: field(z.enum(["keep", "delete"]).default("keep"), {
        about: "What becomes of the volumes of metrics when the add-on is turned off or the stack is destroyed.",
        allowed: "keep or delete",
        example: "keep",
    }),
    alerts,
    metrics,
});

/** The schema of `holdfast:platform.monitoring`. */
export const monitoring = toggle(monitoringSettings, {
    about: "Prometheus, Alertmanager and Grafana, with alerts on what the app promises.",
    example: true,
});

/** The add-on, as config says. */
export type MonitoringConfig = z.output<typeof monitoringSettings>;
/** The app's own metrics, as config says. */
export type AppMetricsConfig = NonNullable<MonitoringConfig["metrics"]>;
