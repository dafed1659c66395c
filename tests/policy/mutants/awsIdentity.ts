import { type Mutant, add, set } from "../plant";

const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const key = "aws:kms/key:Key";

export const awsIdentity: readonly Mutant[] = [
    {
        defect: "a role that may do everything",
        rule: "iam-actions-named",
        plant: set(rolePolicy, "east-network-flow", "policy", policy({ Action: "*", Resource: "*" })),
    },
    {
        defect: "a role that may do everything to all machines",
        rule: "iam-actions-named",
        plant: set(rolePolicy, "east-network-flow", "policy", policy({ Action: ["ec2:*"], Resource: "*" })),
    },
    {
        defect: "a role that may do all but a few things",
        rule: "iam-actions-named",
        plant: set(rolePolicy, "east-network-flow", "policy", policy({ NotAction: ["iam:CreateUser"], Resource: "*" })),
    },
    {
        defect: "a role that may pass on any role",
        rule: "iam-data-and-rights-bounded",
        plant: set(rolePolicy, "east-network-flow", "policy", policy({ Action: ["iam:PassRole"], Resource: "*" })),
    },
    {
        defect: "a role that may read every secret",
        rule: "iam-data-and-rights-bounded",
        plant: set(role, "east-network-flow", "inlinePolicies", [{ policy: policy({ Action: "secretsmanager:GetSecretValue", Resource: ["*"] }) }]),
    },
    {
        defect: "a role that everyone may take on",
        rule: "iam-trust-named",
        plant: set(role, "east-network-flow", "assumeRolePolicy", (text: unknown) => also(text, { Principal: { AWS: "*" }, Action: "sts:AssumeRole" })),
    },
    {
        defect: "a role that all but one may take on",
        rule: "iam-trust-named",
        plant: set(role, "east-network-flow", "assumeRolePolicy", (text: unknown) =>
            also(text, { NotPrincipal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" }),
        ),
    },
    {
        defect: "a role with an administrator's policy",
        rule: "iam-no-wholesale-policy",
        plant: add([attachment, "east-cluster-AmazonEKSClusterPolicy"], attachment, "admin", { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
    },
    {
        defect: "a role with an administrator's policy of its own",
        rule: "iam-no-wholesale-policy",
        plant: set(role, "east-network-flow", "managedPolicyArns", ["arn:aws:iam::aws:policy/PowerUserAccess"]),
    },
    {
        defect: "a key that everyone may use",
        rule: "kms-key-users-named",
        plant: set(key, "east-secrets", "policy", policy({ Principal: "*", Action: "kms:Decrypt", Resource: "*" })),
    },
    { defect: "a key that never changes", rule: "kms-key-rotates", plant: set(key, "east-secrets", "enableKeyRotation", undefined) },
];

function policy(...statements: readonly object[]): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: statements.map(statement => ({ Effect: "Allow", ...statement })) });
}

/** A policy with one more statement. */
function also(text: unknown, statement: object): string {
    const { Statement: statements } = JSON.parse(String(text)) as { readonly Statement: readonly object[] };
    return policy(...statements, statement);
}
