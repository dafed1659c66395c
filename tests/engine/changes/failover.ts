import type { EverydayChange } from "./change";

/** What holds a primary down after an outage. */
const holdDown = (cluster: string): readonly string[] => [`HealthCheck failover-${cluster}-hold`, `HealthCheck failover-${cluster}-hold-recovered`, `MetricAlarm failover-${cluster}-hold`];

const endpointChecks = ["HealthCheck failover-central", "HealthCheck failover-east"];

/** Records that lead the world to the app. */
const records = ["Record failover-answer-primary", "Record failover-answer-secondary", "Record failover-central-own", "Record failover-east-own"];

/** Changes of failover and add-ons. */
export const failoverChanges: readonly EverydayChange[] = [
    {
        does: "another primary",
        from: "prod",
        edits: { "failover.primary": "central" },
        created: holdDown("central"),
        updated: ["Record failover-answer-primary", "Record failover-answer-secondary"],
        deleted: holdDown("east"),
    },
    // Route 53 gives every alias of a load balancer 60 seconds, and both clusters answer for the same time.
    { does: "a shorter time to keep answers", from: "prod", edits: { "failover.ttl": 20 } },
    { does: "another number of failures", from: "prod", edits: { "failover.check.failures": 3 }, updated: endpointChecks },
    {
        does: "another interval of checks",
        from: "prod",
        edits: { "failover.check.interval": 30 },
        replaced: endpointChecks,
        updated: ["HealthCheck failover-east-hold", "MetricAlarm failover-east-hold", "Record failover-answer-secondary"],
    },
    { does: "a longer hold-down", from: "prod", edits: { "failover.failback.holdMinutes": 60 }, updated: ["HealthCheck failover-east-hold-recovered", "MetricAlarm failover-east-hold"] },
    {
        does: "failback by hand",
        from: "prod",
        edits: { "failover.failback": "manual" },
        created: ["* failover-east-latch", "* failover-east-latch-*"],
        updated: ["Record failover-answer-primary"],
        deleted: holdDown("east"),
    },
    {
        does: "another name for the world",
        from: "prod",
        edits: { "failover.domain": "store.example.com", "app.ingress.host": "store.example.com" },
        created: ["Record east-shop-entry-certificate-east.store.example.com", "Record east-shop-entry-certificate-store.example.com"],
        updated: [...endpointChecks, "Ingress central-shop-ingress", "Ingress east-shop-ingress"],
        kept: ["Record east-shop-entry-certificate-*"],
        replaced: ["Certificate east-shop-entry-certificate", "CertificateValidation east-shop-entry-certificate", ...records],
    },
    {
        does: "all clusters answer, where one did",
        from: "prod",
        edits: { "failover.mode": "active-active", "failover.primary": undefined, "failover.failback": undefined },
        refused: /exists under another routing policy/,
        // It has records of a name under one policy only: failover must go out, and come in anew.
        refusedBy: "cloud",
    },
    {
        does: "no failover any more",
        from: "prod",
        edits: { failover: undefined, "app.ingress.tls.zone": "example.com" },
        deleted: [...endpointChecks, ...holdDown("east"), ...records],
    },
    {
        does: "no rebalancing any more",
        from: "prod",
        edits: { "platform.rebalancing": false },
        deleted: ["central", "east"].flatMap(cluster => [`Namespace ${cluster}-rebalancing-namespace`, `PodDisruptionBudget ${cluster}-rebalancing-descheduler-budget`]),
        because: "the namespaces are the add-on's own: nothing else is in them",
    },
    {
        does: "another address for the certificates' account",
        from: "prod",
        edits: { "platform.certificates.email": "oncall@example.com" },
        updated: ["ClusterIssuer central-certificates-issuer", "ClusterIssuer east-certificates-issuer"],
    },
];
