import { madeUpId } from "../emulated";
import { type Kind, type Kinds, type Making, text } from "../kind";
import { clusterKinds } from "./clusterKinds";
import { account, arn } from "./names";
import { networkKinds } from "./networkKinds";

/** What a cloud calls a thing whose id is its name. */
const byName = (property = "name"): NonNullable<Kind["id"]> => ({ inputs }) => text(inputs, property);

/** Ids of things that join two others, as the provider writes them. */
const joined = (separator: string, ...properties: readonly string[]): NonNullable<Kind["id"]> => ({ inputs }) => properties.map(property => text(inputs, property)).join(separator);

const role: Kind = {
    id: byName(),
    outputs: ({ inputs }) => ({ arn: `arn:aws:iam::${account}:role/${text(inputs, "name")}`, uniqueId: text(inputs, "name") }),
    // IAM refuses with DeleteConflict (https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html).
    heldBy: [
        { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", through: "role" },
        { type: "aws:iam/rolePolicy:RolePolicy", through: "role" },
    ],
};

const certificate: Kind = {
    id: making => arn(making, "acm", `certificate/${madeUpId(making, "certificate")}`),
    outputs: ({ inputs, id }) => ({
        arn: id,
        domainValidationOptions: [inputs["domainName"], ...((inputs["subjectAlternativeNames"] ?? []) as string[])].map(domainName => ({
            domainName,
            resourceRecordName: `_proof.${String(domainName)}`,
            resourceRecordType: "CNAME",
            // Of a name and an account, and not of a certificate (https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html).
            resourceRecordValue: `_${account}.${String(domainName)}.acm-validations.aws`,
        })),
    }),
    // ResourceInUseException (https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html).
    holds: (thing, world) => (world.all().some(other => text(other.inputs, "certificateArn") === thing.id && other.urn === undefined) ? "a load balancer uses it" : undefined),
};

/** Whether the records that prove a certificate are there: until then ACM goes on waiting, and the provider with it. */
function isProved({ world, inputs }: Making): boolean {
    const found = world.ofType("aws:acm/certificate:Certificate").find(({ id }) => id === inputs["certificateArn"]);
    const wanted = (found?.outputs["domainValidationOptions"] ?? []) as readonly { readonly resourceRecordName: string; readonly resourceRecordValue: string }[];
    const records = world.ofType("aws:route53/record:Record").filter(({ ready }) => ready);
    return wanted.every(({ resourceRecordName, resourceRecordValue }) =>
        records.some(({ inputs: record }) => record["name"] === resourceRecordName && ((record["records"] ?? []) as readonly string[]).includes(resourceRecordValue)),
    );
}

/** Records of one name and type stand beside each other only with set identifiers, and only under one policy. */
function clash({ world, inputs }: Making): string | undefined {
    const others = world.ofType("aws:route53/record:Record").filter(({ inputs: other }) => other["zoneId"] === inputs["zoneId"] && other["name"] === inputs["name"] && other["type"] === inputs["type"]);
    const same = others.some(({ inputs: other }) => other["setIdentifier"] === inputs["setIdentifier"]);
    if (same && inputs["allowOverwrite"] !== true) {
        return `record ${text(inputs, "name")} ${text(inputs, "type")} exists already`;
    }
    const mixed = others.some(({ inputs: other }) => (other["failoverRoutingPolicies"] === undefined) !== (inputs["failoverRoutingPolicies"] === undefined));
    return mixed && !same ? `record ${text(inputs, "name")} exists under another routing policy` : undefined;
}

const record: Kind = {
    id: ({ inputs }) => ["zoneId", "name", "type", "setIdentifier"].map(property => text(inputs, property)).filter(part => part !== "").join("_"),
    outputs: ({ inputs }) => ({ fqdn: inputs["name"] }),
    refuse: clash,
    repeatable: ({ allowOverwrite }) => allowOverwrite === true,
};

/** Types of AWS's resources beside networks and clusters. */
const otherKinds: Kinds = {
    "aws:acm/certificate:Certificate": certificate,
    "aws:acm/certificateValidation:CertificateValidation": {
        id: ({ inputs }) => `validation-${text(inputs, "certificateArn").slice(-6)}`,
        settle: async making => {
            await making.world.until(() => isProved(making), making.signal);
            return {};
        },
        repeatable: () => true,
    },
    "aws:cloudwatch/logGroup:LogGroup": { id: byName(), outputs: making => ({ arn: arn(making, "logs", `log-group:${text(making.inputs, "name")}`) }) },
    "aws:cloudwatch/metricAlarm:MetricAlarm": { id: byName(), outputs: making => ({ arn: arn(making, "cloudwatch", `alarm:${text(making.inputs, "name")}`) }) },
    "aws:cloudwatch/eventRule:EventRule": { id: byName(), outputs: making => ({ arn: arn(making, "events", `rule/${text(making.inputs, "name")}`) }), heldBy: [{ type: "aws:cloudwatch/eventTarget:EventTarget", through: "rule" }] },
    "aws:cloudwatch/eventTarget:EventTarget": { id: joined("-", "rule", "targetId"), importedBy: ({ inputs }) => `${text(inputs, "rule")}/${text(inputs, "targetId")}` },
    "aws:sfn/stateMachine:StateMachine": { id: making => arn(making, "states", `stateMachine:${text(making.inputs, "name")}`), outputs: ({ id }) => ({ arn: id }) },
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": { id: joined(":", "role", "name") },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { id: joined("/", "role", "policyArn"), repeatable: () => true },
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        id: ({ inputs }) => `arn:aws:iam::${account}:oidc-provider/${text(inputs, "url").replace("https://", "")}`,
        outputs: ({ id }) => ({ arn: id }),
    },
    // A key is only scheduled for deletion; for whoever asks, it is gone.
    "aws:kms/key:Key": { outputs: making => ({ arn: arn(making, "kms", `key/${making.id}`), keyId: making.id }) },
    "aws:route53/healthCheck:HealthCheck": { outputs: ({ id }) => ({ arn: `arn:aws:route53:::healthcheck/${id}` }) },
    "aws:route53/record:Record": record,
};

/** AWS's types of resources. */
export const awsKinds: Kinds = { ...networkKinds, ...clusterKinds, ...otherKinds };
