import type { AppMetricsConfig } from "../../config/platform/monitoring";
import { appMonitor, jobOf } from "./names";
import { decimal, either, series } from "./promql";
import type { Alert, AppSubject, Recording, Severity } from "./rules";

/** A pace at which the error budget is spent, and the two windows in which it must be seen. */
interface Burn {
    readonly severity: Severity;
    /** As many times faster than the budget lasts. */
    readonly factor: number;
    readonly long: string;
    /** Ends the alert soon after the errors end. */
    readonly short: string;
}

/**
 * The recommended parameters for an objective over 30 days: 2 % of the budget in an hour and 5 % in six wake somebody, 10 % in three days
 * waits for the morning. https://sre.google/workbook/alerting-on-slos/#recommended_parameters_for_an_slo_based_a. The chapter's fourth pair, 3
 * times over a day, adds nothing: at an even flow of requests whatever meets it meets the last.
 */
export const burns: readonly Burn[] = [
    { severity: "critical", factor: 14.4, long: "1h", short: "5m" },
    { severity: "critical", factor: 6, long: "6h", short: "30m" },
    { severity: "warning", factor: 1, long: "3d", short: "6h" },
];

/** Windows over many hours are looked at less often: they read all samples of all replicas. */
const shortWindows: readonly string[] = ["5m", "30m", "1h"];

/** Series of the share of requests that failed in a window. */
export function ratioOf(window: string): string {
    return `holdfast:request_errors:ratio_rate${window}`;
}

/** Share of requests that may fail, 0.001 for an objective of 99.9 %. */
export function budgetOf({ slo }: AppMetricsConfig): number {
    return Number(decimal(1 - slo / 100));
}

/** The shares of failed requests, of the short windows and of the long ones. */
export function burnRecordings({ app }: AppSubject, metrics: AppMetricsConfig): { readonly short: readonly Recording[]; readonly long: readonly Recording[] } {
    const windows = [...new Set(burns.flatMap(({ long, short }) => [short, long]))];
    const recordings = (chosen: readonly string[]): readonly Recording[] =>
        chosen.map(window => ({ record: ratioOf(window), expression: failedShare(app.name, metrics, window), labels: { namespace: app.name } }));
    return {
        short: recordings(windows.filter(window => shortWindows.includes(window))),
        long: recordings(windows.filter(window => !shortWindows.includes(window))),
    };
}

/** Failed requests over all requests. Without a request there is no share; without a failed one it is 0. */
function failedShare(app: string, { requests }: AppMetricsConfig, window: string): string {
    const all = { job: jobOf(appMonitor(app)) };
    const rate = (selector: string): string => `sum(rate(${selector}[${window}]))`;
    const failed = rate(series(requests.metric, { ...all, [requests.label]: { like: requests.errors } }));
    const total = rate(series(requests.metric, all));
    return `(${failed} or vector(0)) / (${total} > 0)`;
}

/** Alerts on how fast the budget is spent. */
export function burnAlerts({ app, cluster }: AppSubject, metrics: AppMetricsConfig): readonly Alert[] {
    const budget = budgetOf(metrics);
    const over = (window: string, factor: number): string => `${series(ratioOf(window), { namespace: app.name })} > ${decimal(factor)} * ${decimal(budget)}`;
    const alert = (name: Alert["name"], severity: Severity): Alert => {
        const chosen = burns.filter(burn => burn.severity === severity);
        const days = decimal(30 / Math.min(...chosen.map(({ factor }) => factor)));
        return {
            name,
            severity,
            expression: either(...chosen.map(({ long, short, factor }) => `(${over(long, factor)} and ${over(short, factor)})`)),
            summary: `${app.name} on ${cluster.name}: {{ $value | humanizePercentage }} of requests fail, of ${decimal(budget * 100)} % that may; the budget of 30 days lasts ${days} days at most`,
        };
    };
    return [alert("HoldfastErrorBudgetBurnFast", "critical"), alert("HoldfastErrorBudgetBurnSlow", "warning")];
}
