import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A statement of an IAM policy. */
export interface Statement {
    readonly Effect: "Allow";
    readonly Action: readonly string[];
    readonly Resource: pulumi.Input<string> | readonly pulumi.Input<string>[];
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>>;
}

/** Who may take on a role. */
export interface ServiceRoleArgs {
    /** Service principal, such as `eks.amazonaws.com`. */
    readonly service: string;
    /** Whether the service also tags its sessions, which EKS and Pod Identity do. */
    readonly tagSession?: boolean;
}

/** A role for an AWS service, without rights: those come from {@link attachPolicies} and {@link inlinePolicy}. */
export function serviceRole(name: string, args: ServiceRoleArgs, opts: pulumi.CustomResourceOptions): aws.iam.Role {
    return new aws.iam.Role(
        name,
        {
            assumeRolePolicy: JSON.stringify({
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Principal: { Service: args.service },
                        Action: args.tagSession === true ? ["sts:AssumeRole", "sts:TagSession"] : ["sts:AssumeRole"],
                    },
                ],
            }),
        },
        opts,
    );
}

/** Attaches AWS managed policies to a role; what uses the role's rights must wait for the result. */
export function attachPolicies(
    name: string,
    role: aws.iam.Role,
    policies: readonly string[],
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    return policies.map(
        policy =>
            new aws.iam.RolePolicyAttachment(
                `${name}-${policy.split("/").at(-1) ?? policy}`,
                { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
                opts,
            ),
    );
}

/** Gives a role rights of its own, beside those of managed policies. */
export function inlinePolicy(
    name: string,
    role: aws.iam.Role,
    statements: readonly Statement[],
    opts: pulumi.CustomResourceOptions,
): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(
        name,
        { role: role.name, policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements }) },
        opts,
    );
}
