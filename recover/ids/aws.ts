import type { Properties } from "../state";
import { byAccount, byTag, ownerByTag } from "./awsLookups";
import { type Identity, type Sought, byInputs, byRepetition, joined, text } from "./identity";

/**
 * An id with the region of the resource, where that is not its provider's
 * (https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/guides/enhanced-region-support.html.markdown).
 */
function inRegion({ inputs, provider }: Sought, id: string | undefined): string | undefined {
    const region = text(inputs, "region");
    return id === undefined || region === undefined || region === text(provider.settings, "region") ? id : `${id}@${region}`;
}

/** Found by inputs, joined. */
function by(separator: string, ...keys: readonly string[]): Identity {
    return byInputs(sought => inRegion(sought, joined(separator, ...keys.map(key => text(sought.inputs, key)))));
}

/** Found by its name, which Pulumi has made up where the program gives none. */
const byName = by("", "name");

const byBucket = by("", "bucket");

/** A status in which waiting helps, and one in which it does not. */
function byStatus(property: string, waits: RegExp, fails: RegExp): Pick<Identity, "settling" | "flaw"> {
    const found = (outputs: Properties, pattern: RegExp): string | undefined => {
        const status = text(outputs, property);
        return status !== undefined && pattern.test(status) ? status : undefined;
    };
    return {
        settling: outputs => found(outputs, waits),
        flaw: outputs => {
            const status = found(outputs, fails);
            return status && `its ${property} is ${status}: delete it, then recover again`;
        },
    };
}

/**
 * What EKS does not tell, and the provider takes for its defaults when it imports: either would replace the cluster
 * (internal/service/eks/cluster.go of hashicorp/terraform-provider-aws: `resourceClusterRead`).
 */
function completedCluster(outputs: Properties, inputs: Properties): Properties {
    const access = inputs["accessConfig"] as Properties | undefined;
    const told = Object.fromEntries(["bootstrapClusterCreatorAdminPermissions"].flatMap(key => (access?.[key] === undefined ? [] : [[key, access[key]]])));
    const { __pulumi_raw_state_delta: _stale, ...others } = outputs;
    return {
        // Pulumi's provider writes how its state differs from Terraform's: without that it works it out from the state as it is
        // (pkg/tfbridge/rawstate.go of pulumi/pulumi-terraform-bridge: `Recover`).
        ...others,
        ...(inputs["bootstrapSelfManagedAddons"] === undefined ? {} : { bootstrapSelfManagedAddons: inputs["bootstrapSelfManagedAddons"] }),
        ...(outputs["accessConfig"] === undefined && access === undefined ? {} : { accessConfig: { ...(outputs["accessConfig"] as object | undefined), ...told } }),
    };
}

/** An ID of a zone, name without its last dot and in lower case, type and set identifier (`createRecordImportID`, `name`: internal/service/route53/record.go). */
function recordId({ inputs }: Sought): string | undefined {
    const name = text(inputs, "name")?.replace(/\.$/, "").toLowerCase();
    const set = text(inputs, "setIdentifier");
    return joined("_", text(inputs, "zoneId"), name, text(inputs, "type"), ...(set === undefined ? [] : [set]));
}

/** Networks: ids that EC2 makes up, but for what joins two things. ARNs: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html. */
const network: Readonly<Record<string, Identity>> = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": byRepetition("a VPC has one such group, which is taken over"),
    "aws:ec2/eip:Eip": byTag(["ec2", "elastic-ip"]),
    "aws:ec2/flowLog:FlowLog": byTag(["ec2", "vpc-flow-log"]),
    "aws:ec2/internetGateway:InternetGateway": byTag(["ec2", "internet-gateway"]),
    "aws:ec2/launchTemplate:LaunchTemplate": byTag(["ec2", "launch-template"]),
    "aws:ec2/natGateway:NatGateway": byTag(["ec2", "natgateway"]),
    "aws:ec2/route:Route": byInputs(sought => {
        const { inputs } = sought;
        const destination = text(inputs, "destinationCidrBlock") ?? text(inputs, "destinationIpv6CidrBlock") ?? text(inputs, "destinationPrefixListId");
        return inRegion(sought, joined("_", text(inputs, "routeTableId"), destination));
    }),
    "aws:ec2/routeTable:RouteTable": byTag(["ec2", "route-table"]),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        ...byInputs(sought => inRegion(sought, joined("/", text(sought.inputs, "subnetId") ?? text(sought.inputs, "gatewayId"), text(sought.inputs, "routeTableId")))),
        // internal/service/ec2/vpc_route_table_association.go: `resourceRouteTableAssociationImport`.
        absent: /No association found/,
    },
    "aws:ec2/securityGroup:SecurityGroup": byTag(["ec2", "security-group"]),
    "aws:ec2/subnet:Subnet": byTag(["ec2", "subnet"]),
    "aws:ec2/vpc:Vpc": byTag(["ec2", "vpc"]),
    "aws:ec2/vpcEndpoint:VpcEndpoint": { ...byTag(["ec2", "vpc-endpoint"]), ...byStatus("state", /^pending$/, /^(failed|rejected|expired)$/) },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": byTag(["ec2", "security-group-rule"]),
};

/** EKS: names, and ids that join them. */
const eks: Readonly<Record<string, Identity>> = {
    "aws:eks/accessEntry:AccessEntry": by(":", "clusterName", "principalArn"),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": by("#", "clusterName", "principalArn", "policyArn"),
    "aws:eks/addon:Addon": by(":", "clusterName", "addonName"),
    "aws:eks/cluster:Cluster": { ...byName, ...byStatus("status", /^CREATING$/, /^FAILED$/), completed: completedCluster },
    "aws:eks/nodeGroup:NodeGroup": { ...by(":", "clusterName", "nodeGroupName"), ...byStatus("status", /^CREATING$/, /^CREATE_FAILED$/) },
    // ARN: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html.
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": byTag(["eks", "podidentityassociation"], ({ resource }) => resource.split("/").slice(1).join(",")),
};

/** Buckets, and what is set of one: its name. */
const s3: Readonly<Record<string, Identity>> = {
    "aws:s3/bucket:Bucket": byBucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": byBucket,
    "aws:s3/bucketPolicy:BucketPolicy": byBucket,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": byBucket,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": byBucket,
    "aws:s3/bucketVersioning:BucketVersioning": byBucket,
};

const others: Readonly<Record<string, Identity>> = {
    "aws:acm/certificate:Certificate": byTag(["acm", "certificate"], ({ whole }) => whole),
    "aws:acm/certificateValidation:CertificateValidation": byRepetition("it only waits for a certificate"),
    "aws:cloudwatch/eventRule:EventRule": byInputs(sought => {
        const bus = text(sought.inputs, "eventBusName");
        return inRegion(sought, joined("/", ...(bus === undefined ? [] : [bus]), text(sought.inputs, "name")));
    }),
    // Without an id of its own the provider makes one up, and no function of its tells it.
    "aws:cloudwatch/eventTarget:EventTarget": byInputs(sought => {
        const bus = text(sought.inputs, "eventBusName");
        return inRegion(sought, joined("/", ...(bus === undefined ? [] : [bus]), text(sought.inputs, "rule"), text(sought.inputs, "targetId")));
    }),
    "aws:cloudwatch/logGroup:LogGroup": byName,
    "aws:cloudwatch/metricAlarm:MetricAlarm": byName,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": byAccount(({ inputs }, { partition, account }) => {
        const url = text(inputs, "url");
        return url && `arn:${partition}:iam::${account}:oidc-provider/${url.replace(/^https:\/\//, "")}`;
    }),
    "aws:iam/role:Role": byName,
    "aws:iam/rolePolicy:RolePolicy": by(":", "role", "name"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": by("/", "role", "policyArn"),
    "aws:kms/key:Key": byTag(["kms", "key"]),
    "aws:route53/healthCheck:HealthCheck": byTag(
        ["route53", "healthcheck"],
        undefined,
        // `resourceHealthCheckCreate` in internal/service/route53/health_check.go; no function of the provider's lists health checks.
        "a health check gets its tag by a second call, which may have been too late: look in Route 53 for one without tags",
    ),
    "aws:route53/record:Record": byInputs(recordId),
    "aws:sfn/stateMachine:StateMachine": byAccount(({ inputs, provider }, { partition, account }) =>
        joined(":", `arn:${partition}:states`, text(inputs, "region") ?? text(provider.settings, "region"), account, "stateMachine", text(inputs, "name")),
    ),
};

/**
 * How resources of AWS are found again. Where nothing else is said, formats of ids are those of each type's own documentation: "Import" in
 * its .d.ts of @pulumi/aws 7.48.0; of add-ons website/docs/r/eks_addon.html.markdown of hashicorp/terraform-provider-aws.
 */
const table: Readonly<Record<string, Identity>> = { ...network, ...eks, ...s3, ...others };

/** How resources of a type of AWS's are found again; undefined for a type that is not in the table. */
export function awsIdentity(type: string): Identity | undefined {
    const found = table[type];
    // What is found by its tag has it.
    return found === undefined || (found.way.by === "lookup" && found.way.lookup.lags === true) ? found : { ...found, owner: ownerByTag };
}
