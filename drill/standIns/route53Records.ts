import { z } from "zod";

import { clusterOfProvider } from "../../components/kubernetesProviders";
import type { RecordedResource } from "../../plan/recorder";

/** A name that leads to one of several clusters, as the planned resources say. */
export interface FailoverDns {
    readonly domain: string;
    readonly answers: readonly DnsAnswer[];
}

/** One of the domain's records. */
export interface DnsAnswer {
    /** The cluster that it leads to. */
    readonly cluster: string;
    /** Where one record has precedence. */
    readonly role: "PRIMARY" | "SECONDARY" | undefined;
    /** Share of the answers where none has. */
    readonly weight: number;
    /** Seconds that resolvers keep it. */
    readonly ttlSeconds: number;
    /** What it goes by. */
    readonly check: Check;
    /** Whether it goes by the load balancer's own view of its targets too. @default false */
    readonly evaluateTargetHealth?: boolean;
}

export type Check = EndpointCheck | CalculatedCheck | AlarmCheck | SwitchCheck;

/** Asks a cluster, by the name under which it alone answers. */
export interface EndpointCheck {
    readonly kind: "endpoint";
    readonly cluster: string;
    readonly protocol: "http" | "https";
    /** The name that is looked up, and sent as Host. */
    readonly fqdn: string;
    readonly port: number;
    readonly path: string;
    /** Whether the name is sent with the TLS handshake. */
    readonly sni: boolean;
    readonly intervalSeconds: number;
    /** Answers in a row that change a checker's mind, either way. */
    readonly failures: number;
}

/** Healthy while so many others are. */
export interface CalculatedCheck {
    readonly kind: "calculated";
    readonly children: readonly Check[];
    readonly threshold: number;
}

/** Healthy while an endpoint's check was so for a whole window. */
export interface AlarmCheck {
    readonly kind: "alarm";
    readonly of: EndpointCheck;
    readonly windowSeconds: number;
}

/** Asks nobody: healthy until it is inverted, which an alarm has done. */
export interface SwitchCheck {
    readonly kind: "switch";
    readonly inverted: boolean;
    /** Alarms whose event throws it. */
    readonly thrownBy: readonly AlarmCheck[];
}

/** "60 seconds (the TTL for load balancers)": https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html, TTL. */
export const aliasTtlSeconds = 60;

const types = {
    record: "aws:route53/record:Record",
    check: "aws:route53/healthCheck:HealthCheck",
    alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
    rule: "aws:cloudwatch/eventRule:EventRule",
    target: "aws:cloudwatch/eventTarget:EventTarget",
    machine: "aws:sfn/stateMachine:StateMachine",
} as const;

const recordSchema = z.object({
    name: z.string(),
    ttl: z.number().optional(),
    aliases: z.array(z.object({ evaluateTargetHealth: z.boolean() })).optional(),
    setIdentifier: z.string().optional(),
    failoverRoutingPolicies: z.array(z.object({ type: z.enum(["PRIMARY", "SECONDARY"]) })).optional(),
    weightedRoutingPolicies: z.array(z.object({ weight: z.number() })).optional(),
});

const checkSchema = z.discriminatedUnion("type", [
    z.object({
        type: z.enum(["HTTP", "HTTPS"]),
        fqdn: z.string(),
        requestInterval: z.number(),
        failureThreshold: z.number(),
        disabled: z.boolean().default(false),
        invertHealthcheck: z.boolean().default(false),
    }),
    z.object({ type: z.literal("CALCULATED"), childHealthThreshold: z.number() }),
    z.object({ type: z.literal("CLOUDWATCH_METRIC") }),
]);

/** What a check that is made sends. Whether it names the host in the handshake is decided by its type, unless it says so (`enableSni` of the SDK's HealthCheck). */
const requestSchema = z.object({ port: z.number(), resourcePath: z.string(), enableSni: z.boolean().optional() });

/** An alarm that goes off when a health check was unhealthy at any time of its window: the one form that is understood here. */
const alarmSchema = z.object({
    namespace: z.literal("AWS/Route53"),
    metricName: z.literal("HealthCheckStatus"),
    statistic: z.literal("Minimum"),
    comparisonOperator: z.literal("LessThanThreshold"),
    threshold: z.literal(1),
    period: z.number(),
    evaluationPeriods: z.literal(1),
});

/**
 * Reads a domain's records and what they go by. It follows references from resource to resource, as the deployed ones would
 * lead; nothing is taken from config or names.
 *
 * @throws where a resource has a form that the evaluator does not know, or a reference leads out of the stack.
 */
export function failoverDns(resources: readonly RecordedResource[], domain: string): FailoverDns {
    const reader = new Reader(resources);
    return { domain, answers: reader.records(domain).filter(({ inputs }) => inputs.setIdentifier !== undefined).map(record => reader.answer(record)) };
}

interface ReadRecord {
    readonly resource: RecordedResource;
    readonly inputs: z.output<typeof recordSchema>;
}

class Reader {
    readonly #byUrn: ReadonlyMap<string, RecordedResource>;
    /** One object for each check, however many others refer to it. */
    readonly #checks = new Map<string, Check>();

    constructor(private readonly resources: readonly RecordedResource[]) {
        this.#byUrn = new Map(resources.map(resource => [resource.urn, resource]));
    }

    /** Records of a name. */
    records(name: string): readonly ReadRecord[] {
        return this.resources
            .filter(({ type }) => type === types.record)
            .map(resource => ({ resource, inputs: recordSchema.parse(resource.inputs) }))
            .filter(({ inputs }) => inputs.name === name);
    }

    answer(record: ReadRecord): DnsAnswer {
        const { resource, inputs } = record;
        const { aliases = [], ttl, failoverRoutingPolicies, weightedRoutingPolicies } = inputs;
        const [check] = this.#sources(resource, "healthCheckId");
        if (check === undefined) {
            throw new Error(`${resource.name} has no health check`);
        }
        return {
            cluster: this.#clusterOf(record),
            role: failoverRoutingPolicies?.[0]?.type,
            weight: weightedRoutingPolicies?.[0]?.weight ?? 0,
            ttlSeconds: aliases.length > 0 ? aliasTtlSeconds : (ttl ?? aliasTtlSeconds),
            check: this.#check(check),
            ...(aliases.some(({ evaluateTargetHealth }) => evaluateTargetHealth) ? { evaluateTargetHealth: true } : {}),
        };
    }

    /** The cluster whose load balancer a record holds. */
    #clusterOf({ resource }: ReadRecord): string {
        const [door] = [...this.#sources(resource, "aliases"), ...this.#sources(resource, "records")];
        const cluster = clusterOfProvider(door?.provider ?? null);
        if (cluster === undefined) {
            throw new Error(`${resource.name} leads to no cluster of this stack`);
        }
        return cluster;
    }

    #check(resource: RecordedResource): Check {
        const known = this.#checks.get(resource.urn);
        const check = known ?? this.#read(resource);
        this.#checks.set(resource.urn, check);
        return check;
    }

    #read(resource: RecordedResource): Check {
        const inputs = checkSchema.parse(resource.inputs);
        switch (inputs.type) {
            case "HTTP":
            case "HTTPS": {
                if (inputs.disabled) {
                    return { kind: "switch", inverted: inputs.invertHealthcheck, thrownBy: this.#alarmsThatThrow(resource) };
                }
                const { type, fqdn, requestInterval, failureThreshold } = inputs;
                const [own] = this.records(fqdn);
                if (own === undefined) {
                    throw new Error(`${resource.name} asks ${fqdn}, which no record leads anywhere`);
                }
                const { port, resourcePath, enableSni = type === "HTTPS" } = requestSchema.parse(resource.inputs);
                return {
                    kind: "endpoint",
                    cluster: this.#clusterOf(own),
                    protocol: type === "HTTPS" ? "https" : "http",
                    fqdn,
                    port,
                    path: resourcePath,
                    sni: enableSni,
                    intervalSeconds: requestInterval,
                    failures: failureThreshold,
                };
            }
            case "CALCULATED":
                return { kind: "calculated", threshold: inputs.childHealthThreshold, children: this.#sources(resource, "childHealthchecks").map(child => this.#check(child)) };
            case "CLOUDWATCH_METRIC": {
                const [alarm] = this.#sources(resource, "cloudwatchAlarmName");
                if (alarm === undefined) {
                    throw new Error(`${resource.name} reads no alarm`);
                }
                return this.#alarm(alarm);
            }
            default:
                return inputs satisfies never;
        }
    }

    #alarm(resource: RecordedResource): AlarmCheck {
        const { period } = alarmSchema.parse(resource.inputs);
        const [source] = this.#sources(resource, "dimensions");
        const of = source === undefined ? undefined : this.#check(source);
        if (of?.kind !== "endpoint") {
            throw new Error(`${resource.name} looks at no endpoint's check`);
        }
        return { kind: "alarm", of, windowSeconds: period };
    }

    /** Alarms whose change of state starts a machine that acts on a switch. */
    #alarmsThatThrow({ urn }: RecordedResource): readonly AlarmCheck[] {
        return this.#users(urn, types.machine, "definition")
            .flatMap(machine => this.#users(machine.urn, types.target, "arn"))
            .flatMap(target => this.#sources(target, "rule"))
            .flatMap(rule => this.#sources(rule, "eventPattern"))
            .filter(({ type }) => type === types.alarm)
            .map(alarm => this.#alarm(alarm));
    }

    /** Resources that an input takes its value from. */
    #sources({ propertyDependencies }: RecordedResource, input: string): readonly RecordedResource[] {
        return (propertyDependencies[input] ?? []).flatMap(urn => this.#byUrn.get(urn) ?? []);
    }

    /** Resources of a type whose input takes its value from one. */
    #users(urn: string, type: string, input: string): readonly RecordedResource[] {
        return this.resources.filter(resource => resource.type === type && (resource.propertyDependencies[input] ?? []).includes(urn));
    }
}
