import type { Statement } from "./iam";

/**
 * What the AWS Load Balancer Controller 3.5 must be allowed to do: read the network, and change only
 * what carries its cluster tag. Actions and conditions follow the controller's installation guide
 * (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/).
 */
const clusterTag = "elbv2.k8s.aws/cluster";

/** The request tags what it makes as the controller's. */
const taggedRequest = { Null: { [`aws:RequestTag/${clusterTag}`]: "false" } };
/** What is changed carries the controller's tag. */
const taggedResource = { Null: { [`aws:ResourceTag/${clusterTag}`]: "false" } };
/** It carries the tag, and the request does not touch it. */
const retagged = { Null: { [`aws:RequestTag/${clusterTag}`]: "true", [`aws:ResourceTag/${clusterTag}`]: "false" } };

const securityGroups = "arn:aws:ec2:*:*:security-group/*";
const targetGroups = "arn:aws:elasticloadbalancing:*:*:targetgroup/*/*";
const balancers = ["net", "app"].map(kind => `arn:aws:elasticloadbalancing:*:*:loadbalancer/${kind}/*/*`);
const listeners = ["listener", "listener-rule"].flatMap(part =>
    ["net", "app"].map(kind => `arn:aws:elasticloadbalancing:*:*:${part}/${kind}/*/*/*`),
);

function allow(
    service: string,
    actions: readonly string[],
    resource: Statement["Resource"] = "*",
    condition?: Statement["Condition"],
): Statement {
    return {
        Effect: "Allow",
        Action: actions.map(action => `${service}:${action}`),
        Resource: resource,
        ...(condition === undefined ? {} : { Condition: condition }),
    };
}

const elb = "elasticloadbalancing";

export const controllerStatements: readonly Statement[] = [
    allow(
        "iam",
        [
            "CreateServiceLinkedRole",
        ],
        "*",
        { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    ),
    allow(
        "ec2",
        [
            "DescribeAccountAttributes", "DescribeAddresses", "DescribeAvailabilityZones",
            "DescribeInternetGateways", "DescribeVpcs", "DescribeVpcPeeringConnections", "DescribeSubnets",
            "DescribeSecurityGroups", "DescribeInstances", "DescribeNetworkInterfaces", "DescribeTags",
            "GetCoipPoolUsage", "DescribeCoipPools", "GetSecurityGroupsForVpc", "DescribeIpamPools",
            "DescribeRouteTables",
        ],
    ),
    allow(
        elb,
        [
            "DescribeLoadBalancers", "DescribeLoadBalancerAttributes", "DescribeListeners",
            "DescribeListenerCertificates", "DescribeSSLPolicies", "DescribeRules", "DescribeTargetGroups",
            "DescribeTargetGroupAttributes", "DescribeTargetHealth", "DescribeTags", "DescribeTrustStores",
            "DescribeListenerAttributes", "DescribeCapacityReservation",
        ],
    ),
    allow("cognito-idp", ["DescribeUserPoolClient"]),
    allow("acm", ["ListCertificates", "DescribeCertificate"]),
    allow("iam", ["ListServerCertificates", "GetServerCertificate"]),
    allow("waf-regional", ["GetWebACL", "GetWebACLForResource", "AssociateWebACL", "DisassociateWebACL"]),
    allow("wafv2", ["GetWebACL", "GetWebACLForResource", "AssociateWebACL", "DisassociateWebACL"]),
    allow("shield", ["GetSubscriptionState", "DescribeProtection", "CreateProtection", "DeleteProtection"]),
    allow("ec2", ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]),
    allow("ec2", ["CreateSecurityGroup"]),
    allow(
        "ec2",
        [
            "CreateTags",
        ],
        securityGroups,
        { StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" }, ...taggedRequest },
    ),
    allow("ec2", ["CreateTags", "DeleteTags"], securityGroups, retagged),
    allow(
        "ec2",
        [
            "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "DeleteSecurityGroup",
        ],
        "*",
        taggedResource,
    ),
    allow(elb, ["CreateLoadBalancer", "CreateTargetGroup"], "*", taggedRequest),
    allow(elb, ["CreateListener", "DeleteListener", "CreateRule", "DeleteRule"]),
    allow(elb, ["AddTags", "RemoveTags"], [targetGroups, ...balancers], retagged),
    allow(elb, ["AddTags", "RemoveTags"], listeners),
    allow(
        elb,
        [
            "ModifyLoadBalancerAttributes", "SetIpAddressType", "SetSecurityGroups", "SetSubnets",
            "DeleteLoadBalancer", "ModifyTargetGroup", "ModifyTargetGroupAttributes", "DeleteTargetGroup",
            "ModifyListenerAttributes", "ModifyCapacityReservation", "ModifyIpPools",
        ],
        "*",
        taggedResource,
    ),
    allow(
        elb,
        [
            "AddTags",
        ],
        [targetGroups, ...balancers],
        { StringEquals: { "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"] }, ...taggedRequest },
    ),
    allow(elb, ["RegisterTargets", "DeregisterTargets"], targetGroups),
    allow(
        elb,
        [
            "SetWebAcl", "ModifyListener", "AddListenerCertificates", "RemoveListenerCertificates",
            "ModifyRule", "SetRulePriorities",
        ],
    ),
];
