import type { Case, Fired } from "./cases";
import { zoned } from "./subjects";

const counter = (status: string): string => `http_requests_total{job="monitoring/app-shop",pod="shop-1",status="${status}"}`;

const names = ["HoldfastErrorBudgetBurnFast", "HoldfastErrorBudgetBurnSlow"] as const;
const subject = zoned;

function fast(share: string): Fired {
    const summary = `shop on east: ${share} of requests fail, of 0.1 % that may; the budget of 30 days lasts 5 days at most`;
    return { severity: "critical", name: "HoldfastErrorBudgetBurnFast", labels: { namespace: "shop" }, summary };
}

function slow(share: string): Fired {
    const summary = `shop on east: ${share} of requests fail, of 0.1 % that may; the budget of 30 days lasts 30 days at most`;
    return { severity: "warning", name: "HoldfastErrorBudgetBurnSlow", labels: { namespace: "shop" }, summary };
}

/** Alerts on the error budget: 99.9 % of requests must not fail in 30 days. Series grow by requests a sample. */
export const requestCases: readonly Case[] = [
    {
        names,
        subject,
        title: "half of what may fail does: nobody is told, ever",
        interval: "5m",
        series: { [counter("200")]: "0+19990x400", [counter("503")]: "0+10x400" },
        at: ["1h", "12h", "30h"].map(time => ({ time, fires: [] })),
    },
    {
        names,
        subject,
        title: "2 % fail for an hour and a half: told at once, and no more soon after",
        interval: "1m",
        series: { [counter("200")]: "0+980x90 89200+1000x100", [counter("500")]: "0+20x90 1800+0x100" },
        at: [
            { time: "30m", fires: [fast("2%"), slow("2%")] },
            { time: "89m", fires: [fast("2%"), slow("2%")] },
            // Both short windows of the fast burn, five minutes and thirty, have seen no error since; the six hours have.
            { time: "125m", fires: [slow("1.44%")] },
        ],
    },
    {
        names,
        subject,
        title: "an hour of 1.6 % after a good day's work: the hour alone tells, since six hours dilute it",
        interval: "1m",
        series: { [counter("200")]: "0+1000x420 420984+984x70", [counter("500")]: "0x420 16+16x70" },
        at: [
            { time: "7h", fires: [] },
            { time: "8h", fires: [fast("1.6%"), slow("0.2%")] },
        ],
    },
    {
        names,
        subject,
        title: "other errors than those that count: nobody is told",
        interval: "1m",
        series: { [counter("200")]: "0+500x90", [counter("404")]: "0+500x90" },
        at: [{ time: "80m", fires: [] }],
    },
    {
        names,
        subject,
        title: "0.4 % fail all day: it can wait for the morning",
        interval: "5m",
        series: { [counter("200")]: "0+9960x400", [counter("500")]: "0+40x400" },
        at: [{ time: "30h", fires: [slow("0.4%")] }],
    },
    {
        names,
        subject,
        title: "0.15 % fail for more than a day: it can wait too",
        interval: "5m",
        series: { [counter("200")]: "0+9985x400", [counter("500")]: "0+15x400" },
        at: [{ time: "30h", fires: [slow("0.15%")] }],
    },
    {
        names,
        subject,
        title: "nobody asks for anything: there is nothing to fail",
        interval: "1m",
        series: { [counter("200")]: "100x120", [counter("500")]: "7x120" },
        at: [{ time: "100m", fires: [] }],
    },
];
