import { type Mutant, add, both, drop, rewire, set, setKey, unwire } from "../plant";

const record = "aws:route53/record:Record";
const check = "aws:route53/healthCheck:HealthCheck";
const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const ingress = "kubernetes:networking.k8s.io/v1:Ingress";
const [primary, secondary] = ["failover-answer-primary", "failover-answer-secondary"];
const hold = "failover-east-hold";
const policy = "failoverRoutingPolicies";

/** DNS that fails over between clusters. */
export const failover: readonly Mutant[] = [
    { defect: "answers that are kept for five minutes", rule: "dns-ttl", plant: set(record, secondary, "ttl", 300) },
    { defect: "a cluster's own name that is kept for an hour", rule: "dns-ttl", plant: set(record, "failover-central-own", "ttl", 3600) },
    { defect: "a record without a TTL", rule: "dns-ttl", plant: set(record, secondary, "ttl", undefined) },
    {
        defect: "a standby without a health check",
        rule: "dns-health-check",
        plant: both(unwire(record, secondary, "healthCheckId", [check, "failover-central"]), set(record, secondary, "healthCheckId", undefined)),
    },
    {
        defect: "a primary without a health check",
        rule: "dns-health-check",
        plant: both(unwire(record, primary, "healthCheckId", [check, hold]), set(record, primary, "healthCheckId", "")),
    },
    {
        defect: "an alias that isn't judged by its load balancer",
        rule: "dns-target-health",
        plant: set(record, primary, "aliases[0].evaluateTargetHealth", false),
    },
    { defect: "no standby", rule: "dns-failover-pair", plant: drop(record, secondary) },
    {
        defect: "two primaries",
        rule: "dns-failover-pair",
        plant: set(record, secondary, `${policy}[0].type`, "PRIMARY"),
    },
    { defect: "a standby of another type than its primary", rule: "dns-one-type", plant: set(record, secondary, "type", "AAAA") },
    {
        defect: "a CNAME beside the failover records",
        rule: "dns-one-type",
        plant: add([record, secondary], record, "www", { name: "shop.example.com", type: "CNAME", ttl: 60, zoneId: "${zone example.com.id}", records: ["elsewhere.example.net"] }),
    },
    {
        defect: "a standby without a health check, beside the name's mail and proofs",
        rule: "dns-health-check",
        plant: both(
            add([record, secondary], record, "mail", { name: "shop.example.com", type: "MX", ttl: 3600, zoneId: "${zone example.com.id}", records: ["10 mail.example.com"] }),
            add([record, secondary], record, "proof", { name: "shop.example.com", type: "TXT", ttl: 3600, zoneId: "${zone example.com.id}", records: ["v=spf1 -all"] }),
            unwire(record, secondary, "healthCheckId", [check, "failover-central"]),
            set(record, secondary, "healthCheckId", undefined),
        ),
    },
    {
        defect: "answers that are kept for an hour, beside an alias of CloudFront",
        rule: "dns-ttl",
        plant: both(
            unwire(record, primary, "healthCheckId", [check, hold]),
            set(record, primary, "healthCheckId", undefined),
            set(record, primary, "aliases", [{ name: "d111111abcdef8.cloudfront.net", zoneId: "Z2FDTNDATAQYW2", evaluateTargetHealth: false }]),
            set(record, secondary, "ttl", 3600),
        ),
    },
    {
        defect: "an address that is always answered beside the failover records",
        rule: "dns-one-routing",
        plant: add([record, secondary], record, "old", { name: "Shop.example.com.", type: "A", ttl: 60, zoneId: "${zone example.com.id}", records: ["203.0.113.7"] }),
    },
    {
        defect: "failover and weights on one name",
        rule: "dns-one-routing",
        plant: add(
            [record, secondary],
            record,
            "third",
            {
                name: "shop.example.com",
                type: "A",
                ttl: 60,
                zoneId: "${zone example.com.id}",
                records: ["203.0.113.7"],
                setIdentifier: "third",
                healthCheckId: "0b2c7a4e",
                weightedRoutingPolicies: [{ weight: 1 }],
            },
        ),
    },
    { defect: "two records of one identifier", rule: "dns-set-identifier", plant: set(record, secondary, "setIdentifier", "primary") },
    { defect: "a record without an identifier", rule: "dns-set-identifier", plant: set(record, secondary, "setIdentifier", undefined) },
    { defect: "a health check every 20 seconds", rule: "health-check-interval", plant: set(check, "failover-east", "requestInterval", 20) },
    { defect: "failover at the first lost packet", rule: "health-check-patience", plant: set(check, "failover-east", "failureThreshold", 1) },
    {
        defect: "failover after six minutes",
        rule: "failover-rto",
        plant: both(set(check, "failover-east", "requestInterval", 30), set(check, "failover-east", "failureThreshold", 10)),
    },
    { defect: "a standby's health check that is off", rule: "health-check-asks", plant: set(check, "failover-central", "disabled", true) },
    { defect: "a health check that says the opposite", rule: "health-check-asks", plant: set(check, "failover-east", "invertHealthcheck", true) },
    {
        defect: "a primary that only an alarm judges",
        rule: "health-check-asks",
        plant: rewire(record, primary, "healthCheckId", [check, hold], "failover-east-hold-recovered"),
    },
    {
        defect: "a standby that the primary's check judges",
        rule: "health-check-own-cluster",
        plant: rewire(record, secondary, "healthCheckId", [check, "failover-central"], "failover-east"),
    },
    {
        defect: "a cluster's own name that points at the other cluster",
        rule: "health-check-own-cluster",
        plant: rewire(record, "failover-central-own", "records", [ingress, "central-shop-ingress"], "east-shop-ingress"),
    },
    {
        defect: "a health check that asks whichever cluster is in force",
        rule: "health-check-own-cluster",
        plant: set(check, "failover-central", "fqdn", "shop.example.com"),
    },
    {
        defect: "a health check by plain HTTP",
        rule: "health-check-https",
        plant: both(set(check, "failover-east", "type", "HTTP"), set(check, "failover-east", "port", 80)),
    },
    { defect: "a health check of a misspelt name", rule: "health-check-name-served", plant: set(check, "failover-east", "fqdn", "eats.shop.example.com") },
    { defect: "a cluster without the name that its check asks", rule: "health-check-name-served", plant: drop(record, "failover-central-own") },
    {
        defect: "an internal load balancer in failover",
        rule: "failover-door-public",
        plant: set("kubernetes:eks.amazonaws.com/v1:IngressClassParams", "east-shop-entry-params", "spec.scheme", "internal"),
    },
    {
        defect: "a load balancer in failover whose class says no scheme",
        rule: "failover-door-public",
        stack: "pools",
        plant: set("kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams", "east-shop-entry-params", "spec.scheme", undefined),
    },
    {
        defect: "Google's internal load balancer in failover",
        rule: "failover-door-public",
        plant: setKey(ingress, "central-shop-ingress", "metadata.annotations", "kubernetes.io/ingress.class", "gce-internal"),
    },
    { defect: "a health check that names no host to TLS", rule: "health-check-https", plant: set(check, "failover-central", "enableSni", false) },
    { defect: "HTTPS asked at port 80", rule: "health-check-https", plant: set(check, "failover-central", "port", 80) },
    { defect: "a health check that only connects", rule: "health-check-http", plant: set(check, "failover-central", "type", "TCP") },
    { defect: "a health check of another path than the readiness probe's", rule: "health-check-path", plant: set(check, "failover-central", "resourcePath", "/healthz") },
    { defect: "a health check of no path", rule: "health-check-path", plant: set(check, "failover-east", "resourcePath", undefined) },
    { defect: "a calculated check that one child is enough for", rule: "health-check-calculated", plant: set(check, hold, "childHealthThreshold", 1) },
    { defect: "a calculated check that is always healthy", rule: "health-check-calculated", plant: set(check, hold, "childHealthThreshold", 0) },
    { defect: "a calculated check that is never healthy", rule: "health-check-calculated", plant: set(check, hold, "childHealthThreshold", 3) },
    {
        defect: "an Ingress that does not know the name that its check asks",
        rule: "failover-host-served",
        plant: set(ingress, "east-shop-ingress", "spec.rules", (rules: readonly unknown[]) => rules.slice(0, 1)),
    },
    {
        defect: "an Ingress that does not know the failover name",
        rule: "failover-host-served",
        plant: set(ingress, "east-shop-ingress", "spec.rules", (rules: readonly unknown[]) => rules.slice(1)),
    },
    {
        defect: "a certificate that the failover name isn't in",
        rule: "failover-certificate",
        plant: set("aws:acm/certificate:Certificate", "east-shop-entry-certificate", "domainName", "www.example.com"),
    },
    {
        defect: "a standby without a certificate for the failover name",
        rule: "failover-certificate",
        plant: set(ingress, "central-shop-ingress", "spec.tls[0].hosts", ["central.shop.example.com"]),
    },
    {
        defect: "a cluster that active-active leaves out",
        rule: "failover-every-cluster",
        plant: both(
            drop(record, secondary),
            set(record, primary, policy, undefined),
            set(record, primary, "weightedRoutingPolicies", [{ weight: 100 }]),
        ),
    },
    { defect: "a hold-down's alarm where there are no metrics", rule: "health-alarm-region", plant: set(alarm, hold, "region", "eu-central-1") },
    {
        defect: "a check that looks for its alarm in another region",
        rule: "health-alarm-region",
        plant: set(check, "failover-east-hold-recovered", "cloudwatchAlarmRegion", "eu-central-1"),
    },
    { defect: "a hold-down that the last check decides", rule: "hold-down-remembers", plant: set(alarm, hold, "statistic", "Maximum") },
    { defect: "a hold-down of several periods", rule: "hold-down-remembers", plant: set(alarm, hold, "evaluationPeriods", 30) },
    { defect: "a hold-down that alarms on health", rule: "hold-down-remembers", plant: set(alarm, hold, "comparisonOperator", "GreaterThanOrEqualToThreshold") },
    { defect: "a hold-down of a minute", rule: "hold-down-length", plant: set(alarm, hold, "period", 60) },
    { defect: "a hold-down that takes silence for failure", rule: "hold-down-missing-data", plant: set(alarm, hold, "treatMissingData", "breaching") },
    {
        defect: "a check that takes an alarm without data for failure",
        rule: "hold-down-missing-data",
        plant: set(check, "failover-east-hold-recovered", "insufficientDataHealthStatus", "Unhealthy"),
    },
    {
        defect: "a hold-down that watches the standby",
        rule: "hold-down-own-check",
        plant: rewire(alarm, hold, "dimensions", [check, "failover-east"], "failover-central"),
    },
    { defect: "a hold-down that keeps its first length", rule: "hold-down-renewed", plant: set(check, "failover-east-hold-recovered", "triggers", undefined) },
];
