import type { KindBill } from "../cluster";
import { type BillLine, hourly } from "../model/cost";
import type { EksConfig } from "./config";

/** A machine of the kind that Auto Mode picks for small pods, to reckon with: 2 vCPU, 8 GiB. */
const autoMachine = { type: "m7i.large", usableCores: 1.8, usableGib: 6.5 };

const listLength = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** What a cluster on EKS and its DNS cost; traffic, requests and logs are paid by use and not in it. */
export const eksBill: KindBill<EksConfig> = {
    usage: "AWS traffic and logs",
    resources: {
        "aws:eks/cluster:Cluster": (_, region) => [hourly("control planes", "aws.eks.control-plane.standard", region)],
        "aws:ec2/natGateway:NatGateway": (_, region) => [hourly("NAT and endpoints", "aws.nat.hour", region)],
        "aws:ec2/eip:Eip": (_, region) => [hourly("NAT and endpoints", "aws.ipv4.public.hour", region)],
        "aws:ec2/vpcEndpoint:VpcEndpoint": (inputs, region) =>
            inputs["vpcEndpointType"] === "Interface"
                ? [hourly("NAT and endpoints", "aws.vpce.interface.hour", region, listLength(inputs["subnetIds"]))]
                : [],
        "aws:kms/key:Key": (_, region) => [{ part: "keys and alarms", sku: "aws.kms.key", region, quantity: 1 }],
        "aws:cloudwatch/metricAlarm:MetricAlarm": inputs => [
            { part: "keys and alarms", sku: "aws.cloudwatch.alarm.standard", region: inputs["region"] as string, quantity: 1 },
        ],
        "aws:eks/nodeGroup:NodeGroup": (inputs, region) => {
            const [machine] = inputs["instanceTypes"] as string[];
            const { minSize } = inputs["scalingConfig"] as { minSize: number };
            return [hourly("nodes", `aws.ec2.od.linux.${machine ?? ""}`, region, minSize)];
        },
        "aws:route53/healthCheck:HealthCheck": inputs => healthCheckLines(inputs),
    },
    service: ({ region }) => [hourly("load balancers", "aws.nlb.hour", region)],
    ingress: ({ region }) => [hourly("load balancers", "aws.alb.hour", region)],
    volume: ({ region }, gib) => [{ part: "volumes", sku: "aws.ebs.gp3.storage", region, quantity: gib }],
    nodes: ({ nodes, region, zones }, { cores, gib }) => {
        if (nodes.mode === "pools") {
            return [];
        }
        const { type, usableCores, usableGib } = autoMachine;
        const count = Math.max(zones.length, Math.ceil(cores / usableCores), Math.ceil(gib / usableGib));
        return [
            hourly("nodes", `aws.ec2.od.linux.${type}`, region, count),
            hourly("nodes", `aws.eks.auto-mode.premium.${type}`, region, count),
        ];
    },
};

/**
 * Checks of endpoints are priced as of endpoints outside AWS, the dearer kind, with one option each for
 * HTTPS and the short interval. Checks of other checks have no price in the table.
 */
function healthCheckLines(inputs: Readonly<Record<string, unknown>>): BillLine[] {
    const part = "DNS and health checks";
    const type = String(inputs["type"]);
    if (type !== "HTTP" && type !== "HTTPS") {
        return [{ part, sku: `aws.route53.healthcheck.${type.toLowerCase()}`, region: "global", quantity: 1 }];
    }
    const options = Number(type === "HTTPS") + Number(inputs["requestInterval"] === 10);
    return [
        { part, sku: "aws.route53.healthcheck.non-aws-endpoint", region: "global", quantity: 1 },
        { part, sku: "aws.route53.healthcheck.option.non-aws-endpoint", region: "global", quantity: options },
    ];
}
