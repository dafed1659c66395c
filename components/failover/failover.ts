import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { clusterHost } from "../app";
import type { FailoverConfig } from "../config";
import { type EndpointCheckArgs, endpointCheck } from "./healthCheck";
import { HoldDown } from "./holdDown";
import { Latch } from "./latch";
import { type Participant, memberParticipants } from "./members";
import { recordTarget } from "./records";

/** What a {@link Failover} is made from. */
export interface FailoverArgs {
    readonly config: FailoverConfig;
    /** Clusters of this stack that take part; those of other stacks are in the config. */
    readonly own: readonly Participant[];
    /** Path that the health checkers ask for. */
    readonly checkPath: string;
    /** Seconds that resolvers may keep an answer. */
    readonly ttlSeconds: number;
}

/** Share of each cluster in active-active: all alike. */
const evenWeight = 100;

/**
 * Health-checked DNS over clusters of any cloud. Each cluster answers by a name of its own, which its
 * health check asks for; the domain answers with the primary while that is healthy, or with every
 * healthy cluster.
 *
 * @example
 * new Failover("failover", { config, own, checkPath: "/readyz", ttlSeconds: 60 }, { provider: dns });
 */
export class Failover extends pulumi.ComponentResource {
    /** URL that the world reaches the app by. */
    public readonly url: pulumi.Output<string>;

    private readonly zoneId: pulumi.Output<string>;

    constructor(name: string, args: FailoverArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:failover:Failover", name, {}, opts);
        const { config } = args;
        const participants = [...args.own, ...memberParticipants(config.members, { parent: this })];
        this.zoneId = aws.route53.getZoneOutput({ name: config.zone }, { parent: this }).zoneId;
        for (const participant of participants) {
            this.createOwnName(name, participant, args);
            this.createAnswer(name, participant, args);
        }
        const schemes = pulumi.all(participants.map(({ scheme }) => scheme));
        this.url = schemes.apply(all => `${all.every(scheme => scheme === "https") ? "https" : "http"}://${config.domain}`);
        this.registerOutputs({ url: this.url });
    }

    /** The name by which the cluster alone answers, whatever its health. */
    private createOwnName(name: string, participant: Participant, { config, ttlSeconds }: FailoverArgs): void {
        new aws.route53.Record(
            `${name}-${participant.name}-own`,
            {
                zoneId: this.zoneId,
                name: clusterHost(participant.name, config.domain),
                type: "A",
                ...recordTarget(participant, ttlSeconds),
            },
            { parent: this },
        );
    }

    /**
     * The cluster's record under the domain, in force while its health check passes. In active-passive
     * there is one record for each role, and a new primary changes what they hold: if the roles moved
     * instead, Route 53 would be asked for two primaries at once, which it refuses.
     */
    private createAnswer(name: string, participant: Participant, args: FailoverArgs): void {
        const { config, ttlSeconds } = args;
        const key = recordKey(participant, config);
        new aws.route53.Record(
            `${name}-answer-${key}`,
            {
                zoneId: this.zoneId,
                name: config.domain,
                type: "A",
                setIdentifier: key,
                healthCheckId: this.healthCheckId(name, participant, args),
                ...recordTarget(participant, ttlSeconds),
                ...routing(participant, config),
            },
            { parent: this },
        );
    }

    /** The endpoint check, or for a primary that must not come back at once, a check that remembers. */
    private healthCheckId(name: string, participant: Participant, { config, checkPath }: FailoverArgs): pulumi.Output<string> {
        const endpoint: EndpointCheckArgs = {
            host: clusterHost(participant.name, config.domain),
            path: checkPath,
            intervalSeconds: config.check.interval,
            failures: config.check.failures,
        };
        const check = endpointCheck(`${name}-${participant.name}`, participant, endpoint, { parent: this });
        if (config.mode === "active-active" || participant.name !== config.primary) {
            return check.id;
        }
        const cluster = participant.name;
        if (config.failback === "manual") {
            return new Latch(`${name}-${cluster}-latch`, { cluster, host: endpoint.host, check }, { parent: this }).healthCheckId;
        }
        const { holdMinutes } = config.failback;
        return holdMinutes === 0
            ? check.id
            : new HoldDown(`${name}-${cluster}-hold`, { cluster, check, holdMinutes }, { parent: this }).healthCheckId;
    }
}

/** What a cluster's record under the domain is known by: its role where there are two, else its name. */
export function recordKey({ name }: Pick<Participant, "name">, { mode, primary }: FailoverConfig): string {
    if (mode === "active-active") {
        return name;
    }
    return name === primary ? "primary" : "secondary";
}

/** How Route 53 chooses among the domain's records. */
function routing(
    { name }: Participant,
    { mode, primary }: FailoverConfig,
): Pick<aws.route53.RecordArgs, "failoverRoutingPolicies" | "weightedRoutingPolicies"> {
    switch (mode) {
        case "active-passive":
            return { failoverRoutingPolicies: [{ type: name === primary ? "PRIMARY" : "SECONDARY" }] };
        case "active-active":
            return { weightedRoutingPolicies: [{ weight: evenWeight }] };
        default:
            return mode satisfies never;
    }
}
