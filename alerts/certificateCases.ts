import type { Alert, Severity } from "../components/platform/monitoring/rules";
import type { Case, Fired } from "./cases";
import { zoned } from "./subjects";

const day = 24 * 60 * 60;
const hourly = { names: ["HoldfastCertificateNearEnd", "HoldfastCertificateNotReady"], subject: zoned, interval: "1h" } as const;

/** A certificate's series, the same from two sources. It begins at the first second, since 0 is no time. */
function certificate({ days, renewalDay, ready = 1 }: { readonly days: number; readonly renewalDay: number; readonly ready?: number }): Readonly<Record<string, string>> {
    const labels = 'namespace="shop",name="shop-tls",issuer_name="letsencrypt-dns"';
    return Object.fromEntries(
        ["one", "two"].flatMap(pod => [
            [`certmanager_certificate_not_before_timestamp_seconds{${labels},pod="${pod}"}`, "1x2400"],
            [`certmanager_certificate_expiration_timestamp_seconds{${labels},pod="${pod}"}`, `${days * day}x2400`],
            [`certmanager_certificate_renewal_timestamp_seconds{${labels},pod="${pod}"}`, `${renewalDay * day}x2400`],
            [`certmanager_certificate_ready_status{${labels},condition="True",pod="${pod}"}`, `${ready}x2400`],
        ]),
    );
}

function told(severity: Severity, name: Alert["name"], words: string): Fired {
    return { severity, name, labels: { namespace: "shop", name: "shop-tls" }, summary: `east: certificate shop/shop-tls ${words}` };
}

/** Alerts on certificates: a sample an hour. */
export const certificateCases: readonly Case[] = [
    {
        ...hourly,
        title: "a certificate of 90 days that is not renewed",
        series: certificate({ days: 90, renewalDay: 60 }),
        at: [
            { time: "1452h", fires: [] },
            { time: "1488h", fires: [told("warning", "HoldfastCertificateNearEnd", "should have been renewed 2d 0h 0m 0s ago, and was not")] },
            {
                time: "2040h",
                fires: [
                    told("warning", "HoldfastCertificateNearEnd", "should have been renewed 25d 0h 0m 0s ago, and was not"),
                    told("critical", "HoldfastCertificateNearEnd", "ends in 5d 0h 0m 0s, the last tenth of its life"),
                ],
            },
        ],
    },
    {
        ...hourly,
        title: "a certificate of six days, of which two are left: it is about to be renewed",
        series: certificate({ days: 6, renewalDay: 4 }),
        at: [{ time: "97h", fires: [] }],
    },
    {
        ...hourly,
        title: "a certificate that never came",
        series: certificate({ days: 0, renewalDay: 0, ready: 0 }),
        at: [{ time: "48h", fires: [told("warning", "HoldfastCertificateNotReady", "is not valid for an hour: a cluster that stands by must have it before its first request")] }],
    },
];
