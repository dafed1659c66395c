import { type Rule, resourceRule, shown } from "../rule";
import { differs, items } from "../values";
import { type Allowance, allowancesOf } from "./documents";

/** Types that hold a policy on what may be done, in one way or another. */
const policyTypes = ["aws:iam/policy:Policy", "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"] as const;

/** AWS's own policies that give everything, or the giving itself. */
const wholesale = ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"];

/** Actions that read data or secrets, use keys, or give rights: reading names is not among them. */
const guarded = [
    /^iam:(?!get|list|simulate|generate)/i,
    /^sts:assume/i,
    /^kms:(?!describe|list|get)/i,
    /^secretsmanager:(?!describe|list)/i,
    /^ssm:(?!describe|list)/i,
    /^s3:(?!list|getbucket)/i,
    /^dynamodb:(?!describe|list)/i,
];

export const identitySecurity: readonly Rule[] = [
    resourceRule(
        {
            name: "iam-actions-named",
            level: "mandatory",
            why: "A role that may do everything makes whoever gets one token of it the owner of the account.",
            ids: ["CKV_AWS_62", "CKV_AWS_63"],
            fix: "name the actions that are needed, and the resources that they are needed on",
        },
        policyTypes,
        inputs =>
            allowed(inputs).flatMap(({ actions, resources }) => {
                const whole = actions.filter(action => action === "*" || (action.endsWith(":*") && resources.includes("*")));
                return whole.map(action => `the policy allows ${shown(action)} on ${shown(resources)}`);
            }),
    ),
    resourceRule(
        {
            name: "iam-data-and-rights-bounded",
            level: "mandatory",
            why: "Rights to read secrets, use keys or give rights that hold for every resource are a way from one pod to all of the account.",
            ids: ["CKV_AWS_286", "CKV_AWS_287", "CKV_AWS_288", "CKV_AWS_289"],
            fix: "name the ARNs in Resource, or add a Condition",
        },
        policyTypes,
        inputs =>
            allowed(inputs)
                .filter(({ resources, conditional }) => resources.includes("*") && !conditional)
                .map(({ actions }) => actions.filter(action => !action.endsWith(":*") && guarded.some(pattern => pattern.test(action))))
                .filter(actions => actions.length > 0)
                .map(actions => `the policy allows ${actions.join(", ")} on "*" without a condition`),
    ),
    resourceRule(
        {
            name: "iam-trust-named",
            level: "mandatory",
            why: "A role that trusts everyone can be taken on from any AWS account there is.",
            ids: ["CKV_AWS_60"],
            fix: "name the service or the principals in assumeRolePolicy",
        },
        "aws:iam/role:Role",
        ({ assumeRolePolicy }) => trustsEveryone(assumeRolePolicy) && "assumeRolePolicy trusts the principal \"*\" without a condition",
    ),
    resourceRule(
        {
            name: "iam-no-wholesale-policy",
            level: "mandatory",
            why: "A role of the cluster with an administrator's policy makes an administrator of whatever breaks out of a pod.",
            ids: ["CKV_AWS_274", "CKV2_AWS_56"],
            fix: "attach the policy made for the task, or write one that names actions and resources",
        },
        ["aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
        inputs => {
            const attached = "policyArn" in inputs ? [inputs.policyArn] : "managedPolicyArns" in inputs ? items(inputs.managedPolicyArns) : [];
            return attached.filter(arn => wholesale.includes(arn?.split("/").at(-1) ?? "")).map(arn => `the role is given ${shown(arn)}`);
        },
    ),
    resourceRule(
        {
            name: "kms-key-users-named",
            level: "mandatory",
            why: "A key that everyone may use protects nothing.",
            ids: ["CKV_AWS_33"],
            fix: "name the principals in the key's policy, or leave the policy out: then IAM decides",
        },
        "aws:kms/key:Key",
        ({ policy }) => trustsEveryone(policy) && "the key's policy allows the principal \"*\" without a condition",
    ),
    resourceRule(
        {
            name: "kms-key-rotates",
            level: "advisory",
            why: "A key that never changes is, once it is known, known for all that was ever encrypted with it.",
            ids: ["CKV_AWS_7"],
            fix: "set enableKeyRotation to true",
        },
        "aws:kms/key:Key",
        // KMS rotates symmetric keys only (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html).
        ({ enableKeyRotation, customerMasterKeySpec }) =>
            (customerMasterKeySpec ?? "SYMMETRIC_DEFAULT") === "SYMMETRIC_DEFAULT" &&
            differs(enableKeyRotation, true) &&
            `enableKeyRotation is ${shown(enableKeyRotation)}`,
    ),
];

/** What a resource's own policies allow. */
function allowed(inputs: object): readonly Allowance[] {
    return documentsOf(inputs).flatMap(document => allowancesOf(document) ?? []);
}

function documentsOf(inputs: { readonly policy?: unknown; readonly inlinePolicies?: readonly { readonly policy?: unknown }[] | undefined }): readonly unknown[] {
    return [inputs.policy, ...items(inputs.inlinePolicies).map(({ policy }) => policy)];
}

function trustsEveryone(document: unknown): boolean {
    return (allowancesOf(document) ?? []).some(({ principals, conditional }) => principals.includes("*") && !conditional);
}
