import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Statement } from "../../aws/iam";

/** A hosted zone that proves names. */
export interface ProvingZone {
    readonly name: string;
    readonly id: pulumi.Output<string>;
}

/** Looks up hosted zones of Route 53. */
export function provingZonesOf(names: readonly string[], opts: pulumi.InvokeOutputOptions): readonly ProvingZone[] {
    return names.map(name => ({ name, id: aws.route53.getZoneOutput({ name }, opts).zoneId }));
}

/**
 * What a proof by DNS takes: the text records below `_acme-challenge`, in these zones, and to see that they are there. What cert-manager
 * asks for, less what it needs only where it looks the zone up itself: https://cert-manager.io/docs/configuration/acme/dns01/route53/.
 * Condition keys: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html.
 */
export function proofStatements(zones: readonly ProvingZone[]): readonly Statement[] {
    return [
        { Effect: "Allow", Action: ["route53:GetChange"], Resource: "arn:aws:route53:::change/*" },
        {
            Effect: "Allow",
            Action: ["route53:ChangeResourceRecordSets"],
            Resource: zones.map(({ id }) => id.apply(zoneId => `arn:aws:route53:::hostedzone/${zoneId}`)),
            Condition: {
                "ForAllValues:StringEquals": {
                    "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"],
                    "route53:ChangeResourceRecordSetsActions": ["UPSERT", "DELETE"],
                },
                "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_acme-challenge.*"] },
                // "For all" is true of none as well.
                Null: { "route53:ChangeResourceRecordSetsNormalizedRecordNames": "false", "route53:ChangeResourceRecordSetsRecordTypes": "false" },
            },
        },
    ];
}
