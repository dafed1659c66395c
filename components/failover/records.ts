import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Participant } from "./members";

type RecordTarget = Pick<aws.route53.RecordArgs, "aliases" | "records" | "ttl">;

/**
 * What an A record of a cluster holds: an alias, judged by the load balancer's own targets too, where
 * Route 53 knows the load balancer; else its address. Never a CNAME, which may not stand beside other
 * records of its name.
 */
export function recordTarget({ address, aliasZoneId }: Participant, ttlSeconds: number): RecordTarget {
    // The zone alone decides, which is known even while the address is not.
    const zone = pulumi.output(aliasZoneId);
    return {
        aliases: zone.apply(zoneId => (zoneId === null ? undefined : [{ name: address, zoneId, evaluateTargetHealth: true }])),
        records: zone.apply(zoneId => (zoneId === null ? [address] : undefined)),
        // An alias has the TTL of what it points at.
        ttl: zone.apply(zoneId => (zoneId === null ? ttlSeconds : undefined)),
    };
}
