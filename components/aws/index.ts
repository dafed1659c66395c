import * as aws from "@pulumi/aws";

import type { ClusterKind } from "../cluster";
import { eksBill } from "./bill";
import { checkEks, checkEksTls, eksWarnings } from "./checks";
import { eksSchema } from "./config";
import { EksCluster } from "./eksCluster";
import { describeOwn } from "../config/describe";
import { ownerTags } from "../tags";
import { deregistrationSeconds } from "./traits";

/** Amazon EKS: Auto Mode, or managed node groups. */
export const eks: ClusterKind<typeof eksSchema> = {
    cloud: "AWS",
    schema: eksSchema,
    addressKind: "hostname",
    // "60 seconds (the TTL for load balancers)": Route 53 API reference, ResourceRecordSet.TTL.
    fixedTtlSeconds: 60,
    hostAccess: () => "any",
    deregistrationSeconds,
    tlsFrom: "cloud",
    // Uptime commitments: https://aws.amazon.com/compute/sla/ (region level, two zones or more; 2022-05)
    // and https://aws.amazon.com/elasticloadbalancing/sla/ (two zones or more; 2022-07).
    commitments: [
        { name: "EC2 over several zones", share: 0.9999 },
        { name: "Elastic Load Balancing", share: 0.9999 },
    ],
    bill: eksBill,
    check: checkEks,
    checkTls: checkEksTls,
    warnings: eksWarnings,
    describe: config => describeOwn(config, "Auto Mode"),
    create: (config, opts) => {
        const provider = new aws.Provider(
            `${config.name}-aws`,
            { region: config.region, defaultTags: { tags: ownerTags() } },
            opts,
        );
        return new EksCluster(config.name, config, { ...opts, providers: [provider] });
    },
};
