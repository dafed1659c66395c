import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { type AwsAccess, awsAudience } from ".";

/** Parts of a pod: of its container, and its volumes. */
export interface AwsToken {
    readonly env: readonly { readonly name: string; readonly value: pulumi.Input<string> }[];
    readonly volumes: readonly k8s.types.input.core.v1.Volume[];
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly: boolean }[];
}

const volumeName = "aws-token";
const directory = "/var/run/secrets/holdfast.aws";
const tokenFile = "token";

/** Seconds that a token is good for; the kubelet brings a new one when a fifth of it is left. */
const tokenSeconds = 3600;

/** Where Route 53 and IAM take their changes. */
const global = "us-east-1";

/**
 * What a pod needs so that AWS's SDKs find its access by themselves: a token of its service account, and where it is
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html). Nothing where the pod has it already.
 *
 * @param session how AWS's log calls the pods.
 * @param region where STS is asked: where what the pods use is, so that no other region's outage stops them.
 */
export function awsTokenOf({ by, roleArn }: AwsAccess, session: string, region = global): AwsToken {
    if (by === "pod") {
        return { env: [], volumes: [], volumeMounts: [] };
    }
    return {
        env: [
            { name: "AWS_ROLE_ARN", value: roleArn },
            { name: "AWS_ROLE_SESSION_NAME", value: session },
            { name: "AWS_WEB_IDENTITY_TOKEN_FILE", value: `${directory}/${tokenFile}` },
            { name: "AWS_REGION", value: region },
        ],
        volumes: [
            {
                name: volumeName,
                projected: { sources: [{ serviceAccountToken: { audience: awsAudience, expirationSeconds: tokenSeconds, path: tokenFile } }] },
            },
        ],
        volumeMounts: [{ name: volumeName, mountPath: directory, readOnly: true }],
    };
}
