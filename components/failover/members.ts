import * as pulumi from "@pulumi/pulumi";

import type { Endpoint } from "../app";
import type { MemberConfig } from "../config";

/** A cluster that takes part in failover: one of this stack, or of another. */
export interface Participant {
    readonly name: string;
    /** The load balancer's host name or IP address. */
    readonly address: pulumi.Input<string>;
    /** Hosted zone id for an alias record; null where the address is an IP. */
    readonly aliasZoneId: pulumi.Input<string | null>;
    readonly scheme: pulumi.Input<"https" | "http">;
}

/** A cluster of this stack. */
export function ownParticipant(name: string, { address, aliasZoneId, scheme }: Endpoint): Participant {
    return { name, address, aliasZoneId, scheme };
}

/**
 * Clusters of other stacks, by what those stacks export. A stack that several clusters are in is
 * asked once. Only its last outputs are read: nothing here needs its cloud to be up.
 */
export function memberParticipants(members: readonly MemberConfig[], opts: pulumi.CustomResourceOptions): Participant[] {
    const references = new Map<string, pulumi.StackReference>();
    for (const { stack } of members) {
        if (!references.has(stack)) {
            references.set(stack, new pulumi.StackReference(stack, {}, opts));
        }
    }
    return members.map(({ name, stack }) => {
        const endpoint = pulumi.output(references.get(stack)?.requireOutput("endpoints")).apply(endpoints => pick(endpoints, name, stack));
        return {
            name,
            address: endpoint.apply(({ address }) => address),
            aliasZoneId: endpoint.apply(({ aliasZoneId }) => aliasZoneId),
            scheme: endpoint.apply(({ scheme }) => scheme),
        };
    });
}

type ExportedEndpoint = pulumi.Unwrap<Endpoint>;

function pick(endpoints: unknown, name: string, stack: string): ExportedEndpoint {
    const endpoint = (endpoints as Readonly<Record<string, ExportedEndpoint>> | undefined)?.[name];
    if (endpoint === undefined) {
        throw new pulumi.RunError(
            `stack ${stack} exports no endpoint of a cluster ${name}: received ${Object.keys(endpoints ?? {}).join(", ") || "none"}; ` +
                "fix: name a cluster of that stack in failover.members, and run `pulumi up` there first",
        );
    }
    return endpoint;
}
