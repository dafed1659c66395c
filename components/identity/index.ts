import type * as pulumi from "@pulumi/pulumi";

import type { Statement } from "../aws/iam";

/**
 * How the service accounts of a cluster act in a cloud without a stored key: data of a {@link Cluster}. Each cluster makes it the best
 * way its own cloud has, and in the other cloud by the tokens of its own issuer.
 */
export interface WorkloadIdentity {
    /** URL of the OpenID Connect issuer of the service accounts' tokens; the clouds read its keys there. */
    readonly issuer: pulumi.Output<string>;
    /** A role in AWS for the pods of one service account, and for no others. */
    awsAccess(name: string, args: AwsAccessArgs, opts: pulumi.ComponentResourceOptions): AwsAccess;
    /** A service account in Google Cloud for the pods of one of the cluster's. */
    gcpAccess(name: string, args: GcpAccessArgs, opts: pulumi.ComponentResourceOptions): GcpAccess;
}

/** Whose pods act. */
export interface Workload {
    readonly namespace: string;
    readonly serviceAccount: string;
}

/** What an access to AWS is made from. */
export interface AwsAccessArgs extends Workload {
    /** What it may do there. */
    readonly statements: readonly Statement[];
    /** AWS provider of the account; asked for only where the cluster has none of its own. */
    readonly provider: () => pulumi.ProviderResource;
}

/** An access to AWS. */
export interface AwsAccess {
    readonly roleArn: pulumi.Output<string>;
    /**
     * How the pods get it. "pod": AWS's SDKs find it in every pod that starts after {@link ready}. "token": they trade a token of their
     * service account for it, once the pod has what awsTokenOf gives it.
     */
    readonly by: "pod" | "token";
    /** What must exist before the access works. */
    readonly ready: readonly pulumi.Resource[];
}

/** What an access to Google Cloud is made from. */
export interface GcpAccessArgs extends Workload {
    /** Project in which the account is made. */
    readonly project: string;
    /** What it may do in the whole project; what is granted on one resource is bound to {@link GcpAccess.member}. @default [] */
    readonly roles?: readonly string[];
    /** Google Cloud provider of the project. */
    readonly provider: pulumi.ProviderResource;
}

/** An access to Google Cloud. */
export interface GcpAccess {
    readonly email: pulumi.Output<string>;
    /** The account as IAM policies name it: `serviceAccount:<email>`. */
    readonly member: pulumi.Output<string>;
    /** For the Kubernetes service account; without any where pods get in by a token. */
    readonly serviceAccountAnnotations: Readonly<Record<string, pulumi.Output<string>>>;
    /** What a pod needs to get in by a token; undefined where the node's metadata server lets it in. */
    readonly token: GcpToken | undefined;
    /** What must exist before the access works. */
    readonly ready: readonly pulumi.Resource[];
}

/** Google's client libraries trade a projected token for access by themselves. */
export interface GcpToken {
    /** Audience of the projected token. */
    readonly audience: pulumi.Output<string>;
    /** Directory at which the pod mounts the token, as the file {@link fileName}. */
    readonly directory: string;
    readonly fileName: string;
    /** Content of the file that GOOGLE_APPLICATION_CREDENTIALS names; it holds no secret. */
    readonly credentials: pulumi.Output<string>;
}

/** The audience that STS is told to expect, as EKS's own tokens have it (https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html). */
export const awsAudience = "sts.amazonaws.com";

/** The subject of a service account's tokens (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#service-account-tokens). */
export function subjectOf({ namespace, serviceAccount }: Workload): string {
    return `system:serviceaccount:${namespace}:${serviceAccount}`;
}
