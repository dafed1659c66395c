import * as aws from "@pulumi/aws";

import type { ClusterKind } from "../cluster";
import { eksBill } from "./bill";
import { checkEks, checkEksTls, eksWarnings } from "./checks";
import { eksSchema } from "./config";
import { EksCluster } from "./eksCluster";
import { autoscalerDemand } from "./nodeAutoscaler";
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
    // Also in Auto Mode: AWS' own example installs Istio's network plugin there with the chart's defaults
    // (https://github.com/aws-samples/istio-on-eks, terraform-blueprint/ambient).
    networkPlugins: "/opt/cni/bin",
    disks: "cloud",
    nodeScaling: ({ nodes }) => (nodes.mode === "auto" ? { by: "cloud" } : { by: "add-on", demand: autoscalerDemand }),
    federates: () => true,
    takesSnapshots: () => true,
    keepsBackupsIn: region => eksSchema.shape.region.safeParse(region).success,
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
    create: (config, opts, { nodesScale }) => {
        const provider = new aws.Provider(
            `${config.name}-aws`,
            { region: config.region, defaultTags: { tags: ownerTags() } },
            opts,
        );
        return new EksCluster(config.name, { ...config, nodesScale }, { ...opts, providers: [provider] });
    },
};
