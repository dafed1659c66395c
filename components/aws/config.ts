import { z } from "zod";

import { field } from "../config/fields";
import { apiAccess, clusterCidr, clusterKind, clusterName, kubernetesVersion, nodes, protect, zones } from "../config/values";

/** An EKS cluster, as config says. */
export const eksSchema = z.strictObject({
    kind: clusterKind("eks"),
    name: clusterName,
    region: field(z.string().regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/), {
        about: "AWS region.",
        allowed: "an AWS region such as us-east-1",
        example: "us-east-1",
    }),
    zones: zones(["us-east-1a", "us-east-1b", "us-east-1c"], /^[a-z]{2}(-[a-z]+)+-[0-9][a-f]$/),
    cidr: clusterCidr,
    version: field(kubernetesVersion.default("1.35"), {
        about: "Kubernetes minor version of the control plane.",
        allowed: "a minor version such as \"1.35\", in quotes",
        example: "1.35",
    }),
    nodes,
    admins: field(
        z
            .array(
                field(z.string().regex(/^arn:aws:iam::[0-9]{12}:(role|user)\/.+$/), {
                    about: "One IAM principal.",
                    allowed: "the ARN of an IAM role or user",
                    example: "arn:aws:iam::123456789012:role/platform",
                }),
            )
            .min(1),
        {
            about: "IAM principals that administer the cluster; whoever runs `pulumi up` must be one of them.",
            allowed: "a list of at least one ARN of an IAM role or user",
            example: ["arn:aws:iam::123456789012:role/platform"],
        },
    ),
    apiAccess,
    protect,
});

/** An EKS cluster, as config says. */
export type EksConfig = z.output<typeof eksSchema>;
