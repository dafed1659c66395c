import type { Cluster } from "../../cluster";
import type { AppConfig } from "../../config";
import type { AppMetricsConfig } from "../../config/platform/monitoring";
import type { Scrape } from "./customResources";

/** What the rules of a cluster are made from. */
export interface Subject {
    readonly cluster: Pick<Cluster, "name" | "zones">;
    readonly app: AppConfig | undefined;
    /** The app's own metrics; undefined where it serves none. */
    readonly metrics: AppMetricsConfig | undefined;
    /** Whether cert-manager is there, and tells of its certificates. */
    readonly certificates: boolean;
    /** What other add-ons have watched; undefined for nothing. */
    readonly watched?: Watched;
}

/** What an add-on has collected, and tells of. */
export interface Watched {
    readonly scrapes: readonly Scrape[];
    readonly alerts: readonly Alert[];
}

/** A subject that has an app. */
export type AppSubject = Subject & { readonly app: AppConfig };

/** How much haste an alert asks for: critical wakes somebody, a warning waits for the day. */
export type Severity = "critical" | "warning";

/** An alert, as rules are written here. */
export interface Alert {
    readonly name: `Holdfast${string}`;
    readonly severity: Severity;
    readonly expression: string;
    /** How long the expression must hold before anybody is told; PromQL's duration. Undefined for not at all. */
    readonly after?: string;
    /** One sentence with the numbers; Prometheus' template fills in what it measured. */
    readonly summary: string;
    /** What it is about, where several of one name and severity differ in nothing else. */
    readonly about?: string;
    /** Page that says what to do. @default this add-on's own */
    readonly runbook?: string;
}

/** A series that Prometheus computes and keeps, for alerts and the dashboard. */
export interface Recording {
    readonly record: string;
    readonly expression: string;
    readonly labels?: Readonly<Record<string, string>>;
}

/** Recordings and alerts that are computed one after the other. */
export interface RuleGroup {
    readonly name: string;
    /** Time between two looks; by default Prometheus' own, 30 seconds here. */
    readonly interval?: string;
    readonly recordings: readonly Recording[];
    readonly alerts: readonly Alert[];
}

/** Where what to do about alerts is written down. */
export const runbook = "docs/runbooks/monitoring.md";

/**
 * The spec of a PrometheusRule: `spec` in
 * https://github.com/prometheus-operator/prometheus-operator/blob/v0.93.1/Documentation/api-reference/api.md.
 */
export interface PrometheusRuleSpec {
    readonly groups: readonly {
        readonly name: string;
        readonly interval?: string;
        readonly rules: readonly (RecordRule | AlertRule)[];
    }[];
}

interface RecordRule {
    readonly record: string;
    readonly expr: string;
    readonly labels?: Readonly<Record<string, string>>;
}

interface AlertRule {
    readonly alert: string;
    readonly expr: string;
    readonly for?: string;
    readonly labels: { readonly severity: Severity; readonly about?: string };
    readonly annotations: { readonly summary: string; readonly runbook: string };
}

/** Groups as the operator takes them. */
export function ruleSpec(groups: readonly RuleGroup[]): PrometheusRuleSpec {
    return {
        groups: groups.map(({ name, interval, recordings, alerts }) => ({
            name,
            ...(interval === undefined ? {} : { interval }),
            rules: [...recordings.map(recordRule), ...alerts.map(alertRule)],
        })),
    };
}

function recordRule({ record, expression, labels }: Recording): RecordRule {
    return { record, expr: expression, ...(labels === undefined ? {} : { labels }) };
}

function alertRule({ name, severity, expression, after, summary, about, runbook: page = runbook }: Alert): AlertRule {
    return {
        alert: name,
        expr: expression,
        ...(after === undefined ? {} : { for: after }),
        labels: { severity, ...(about === undefined ? {} : { about }) },
        annotations: { summary, runbook: `${page}#${name.toLowerCase()}` },
    };
}
