import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type Statement, inlinePolicy } from "../aws/iam";
import { type AwsAccess, type Workload, awsAudience, subjectOf } from ".";

/**
 * Makes AWS know an issuer of tokens; an account can know each once. AWS checks the server by the authorities it trusts itself, or takes
 * the thumbprint of its certificate when none is given
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html).
 */
export function createAwsIssuer(name: string, issuer: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): aws.iam.OpenIdConnectProvider {
    return new aws.iam.OpenIdConnectProvider(name, { url: issuer, clientIdLists: [awsAudience] }, opts);
}

/** What an {@link AwsWebIdentity} is made from. */
export interface AwsWebIdentityArgs extends Workload {
    readonly statements: readonly Statement[];
    readonly issuer: pulumi.Output<string>;
    /** The issuer, as AWS knows it. */
    readonly known: aws.iam.OpenIdConnectProvider;
}

/** A role in AWS for whoever shows a token of one service account of one issuer. */
export class AwsWebIdentity extends pulumi.ComponentResource implements AwsAccess {
    public readonly roleArn: pulumi.Output<string>;
    public readonly by = "token";
    public readonly ready: readonly pulumi.Resource[];

    constructor(name: string, args: AwsWebIdentityArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:identity:AwsWebIdentity", name, {}, opts);
        const role = new aws.iam.Role(name, { assumeRolePolicy: trust(args) }, { parent: this });
        this.roleArn = role.arn;
        this.ready = [inlinePolicy(name, role, args.statements, { parent: this })];
        this.registerOutputs({ roleArn: this.roleArn });
    }
}

/**
 * Subject and audience both, or any token of the issuer would do. Keys of the conditions: the issuer without its scheme
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
 */
function trust({ issuer, known, ...workload }: AwsWebIdentityArgs): pulumi.Output<string> {
    return pulumi.all([issuer, known.arn]).apply(([url, arn]) => {
        const key = url.replace(/^https:\/\//, "");
        return JSON.stringify({
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Federated: arn },
                    Action: ["sts:AssumeRoleWithWebIdentity"],
                    Condition: { StringEquals: { [`${key}:aud`]: awsAudience, [`${key}:sub`]: subjectOf(workload) } },
                },
            ],
        });
    });
}
