import type * as aws from "@pulumi/aws";
import type * as gcp from "@pulumi/gcp";
import type { helm } from "@pulumi/kubernetes";
import type { output as kubernetes } from "@pulumi/kubernetes/types";
import type { Unwrap } from "@pulumi/pulumi";

/**
 * Inputs as a rule may find them: whatever the SDK demands may be missing, since a rule is there for
 * what someone left out.
 */
export type Found<T> = T extends readonly (infer Item)[]
    ? readonly Found<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]?: Found<T[Key]> | undefined }
      : T;

/** Inputs of a resource of an SDK, without what wraps them. */
type Args<T> = Found<Unwrap<T>>;

/** Settings for all Ingresses of a class, of AWS's load balancer controller: a type of its own that no SDK has. */
type IngressClassParams = Found<{
    metadata: { name: string };
    spec: { scheme: string; sslPolicy: string; targetType: string; certificateArn: readonly string[] };
}>;

/**
 * How Google's load balancer treats the backends of an Ingress: the fields that rules read
 * (https://github.com/kubernetes/ingress-gce/blob/master/pkg/apis/backendconfig/v1/types.go).
 */
type BackendConfig = Found<{
    metadata: { name: string; namespace: string };
    spec: {
        connectionDraining: { drainingTimeoutSec: number };
        healthCheck: { type: string; port: number; requestPath: string };
    };
}>;

/**
 * How Google's load balancer treats the clients of an Ingress
 * (https://github.com/kubernetes/ingress-gce/blob/master/pkg/apis/frontendconfig/v1beta1/types.go).
 */
type FrontendConfig = Found<{
    metadata: { name: string; namespace: string };
    spec: { sslPolicy: string; redirectToHttps: { enabled: boolean; responseCodeName: string } };
}>;

/** The resource types that rules look at, each with its inputs by the SDK's own types: a misspelt property does not compile. */
export interface InputsByType {
    "aws:acm/certificate:Certificate": Args<aws.acm.CertificateArgs>;
    "aws:acm/certificateValidation:CertificateValidation": Args<aws.acm.CertificateValidationArgs>;
    "aws:cloudwatch/logGroup:LogGroup": Args<aws.cloudwatch.LogGroupArgs>;
    "aws:cloudwatch/metricAlarm:MetricAlarm": Args<aws.cloudwatch.MetricAlarmArgs>;
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": Args<aws.ec2.DefaultSecurityGroupArgs>;
    "aws:ec2/eip:Eip": Args<aws.ec2.EipArgs>;
    "aws:ec2/flowLog:FlowLog": Args<aws.ec2.FlowLogArgs>;
    "aws:ec2/internetGateway:InternetGateway": Args<aws.ec2.InternetGatewayArgs>;
    "aws:ec2/launchTemplate:LaunchTemplate": Args<aws.ec2.LaunchTemplateArgs>;
    "aws:ec2/natGateway:NatGateway": Args<aws.ec2.NatGatewayArgs>;
    "aws:ec2/route:Route": Args<aws.ec2.RouteArgs>;
    "aws:ec2/routeTable:RouteTable": Args<aws.ec2.RouteTableArgs>;
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Args<aws.ec2.RouteTableAssociationArgs>;
    "aws:ec2/securityGroup:SecurityGroup": Args<aws.ec2.SecurityGroupArgs>;
    "aws:ec2/securityGroupRule:SecurityGroupRule": Args<aws.ec2.SecurityGroupRuleArgs>;
    "aws:ec2/subnet:Subnet": Args<aws.ec2.SubnetArgs>;
    "aws:ec2/vpc:Vpc": Args<aws.ec2.VpcArgs>;
    "aws:ec2/vpcEndpoint:VpcEndpoint": Args<aws.ec2.VpcEndpointArgs>;
    "aws:eks/accessEntry:AccessEntry": Args<aws.eks.AccessEntryArgs>;
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": Args<aws.eks.AccessPolicyAssociationArgs>;
    "aws:eks/addon:Addon": Args<aws.eks.AddonArgs>;
    "aws:eks/cluster:Cluster": Args<aws.eks.ClusterArgs>;
    "aws:eks/nodeGroup:NodeGroup": Args<aws.eks.NodeGroupArgs>;
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Args<aws.eks.PodIdentityAssociationArgs>;
    "aws:iam/policy:Policy": Args<aws.iam.PolicyArgs>;
    "aws:iam/role:Role": Args<aws.iam.RoleArgs>;
    "aws:iam/rolePolicy:RolePolicy": Args<aws.iam.RolePolicyArgs>;
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Args<aws.iam.RolePolicyAttachmentArgs>;
    "aws:kms/key:Key": Args<aws.kms.KeyArgs>;
    "aws:route53/healthCheck:HealthCheck": Args<aws.route53.HealthCheckArgs>;
    "aws:route53/record:Record": Args<aws.route53.RecordArgs>;
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Args<aws.vpc.SecurityGroupIngressRuleArgs>;
    "gcp:compute/firewall:Firewall": Args<gcp.compute.FirewallArgs>;
    "gcp:compute/network:Network": Args<gcp.compute.NetworkArgs>;
    "gcp:compute/router:Router": Args<gcp.compute.RouterArgs>;
    "gcp:compute/routerNat:RouterNat": Args<gcp.compute.RouterNatArgs>;
    "gcp:compute/sSLPolicy:SSLPolicy": Args<gcp.compute.SSLPolicyArgs>;
    "gcp:compute/subnetwork:Subnetwork": Args<gcp.compute.SubnetworkArgs>;
    "gcp:container/cluster:Cluster": Args<gcp.container.ClusterArgs>;
    "gcp:container/nodePool:NodePool": Args<gcp.container.NodePoolArgs>;
    "gcp:kms/cryptoKey:CryptoKey": Args<gcp.kms.CryptoKeyArgs>;
    "gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding": Args<gcp.kms.CryptoKeyIAMBindingArgs>;
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": Args<gcp.kms.CryptoKeyIAMMemberArgs>;
    "gcp:kms/keyRing:KeyRing": Args<gcp.kms.KeyRingArgs>;
    "gcp:projects/iAMBinding:IAMBinding": Args<gcp.projects.IAMBindingArgs>;
    "gcp:projects/iAMMember:IAMMember": Args<gcp.projects.IAMMemberArgs>;
    "gcp:serviceaccount/account:Account": Args<gcp.serviceaccount.AccountArgs>;
    "kubernetes:apps/v1:DaemonSet": Found<kubernetes.apps.v1.DaemonSet>;
    "kubernetes:apps/v1:Deployment": Found<kubernetes.apps.v1.Deployment>;
    "kubernetes:apps/v1:StatefulSet": Found<kubernetes.apps.v1.StatefulSet>;
    "kubernetes:autoscaling/v1:HorizontalPodAutoscaler": Found<kubernetes.autoscaling.v1.HorizontalPodAutoscaler>;
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": Found<kubernetes.autoscaling.v2.HorizontalPodAutoscaler>;
    "kubernetes:batch/v1:CronJob": Found<kubernetes.batch.v1.CronJob>;
    "kubernetes:batch/v1:Job": Found<kubernetes.batch.v1.Job>;
    "kubernetes:cloud.google.com/v1:BackendConfig": BackendConfig;
    "kubernetes:core/v1:ConfigMap": Found<kubernetes.core.v1.ConfigMap>;
    "kubernetes:core/v1:Endpoints": Found<kubernetes.core.v1.Endpoints>;
    "kubernetes:core/v1:LimitRange": Found<kubernetes.core.v1.LimitRange>;
    "kubernetes:core/v1:Namespace": Found<kubernetes.core.v1.Namespace>;
    "kubernetes:core/v1:PersistentVolumeClaim": Found<kubernetes.core.v1.PersistentVolumeClaim>;
    "kubernetes:core/v1:Pod": Found<kubernetes.core.v1.Pod>;
    "kubernetes:core/v1:ResourceQuota": Found<kubernetes.core.v1.ResourceQuota>;
    "kubernetes:core/v1:Secret": Found<kubernetes.core.v1.Secret>;
    "kubernetes:core/v1:Service": Found<kubernetes.core.v1.Service>;
    "kubernetes:core/v1:ServiceAccount": Found<kubernetes.core.v1.ServiceAccount>;
    "kubernetes:discovery.k8s.io/v1:EndpointSlice": Found<kubernetes.discovery.v1.EndpointSlice>;
    "kubernetes:eks.amazonaws.com/v1:IngressClassParams": IngressClassParams;
    "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams": IngressClassParams;
    "kubernetes:helm.sh/v3:Release": Args<helm.v3.ReleaseArgs>;
    "kubernetes:helm.sh/v4:Chart": Args<helm.v4.ChartArgs>;
    "kubernetes:networking.gke.io/v1beta1:FrontendConfig": FrontendConfig;
    "kubernetes:networking.k8s.io/v1:Ingress": Found<kubernetes.networking.v1.Ingress>;
    "kubernetes:networking.k8s.io/v1:IngressClass": Found<kubernetes.networking.v1.IngressClass>;
    "kubernetes:networking.k8s.io/v1:NetworkPolicy": Found<kubernetes.networking.v1.NetworkPolicy>;
    "kubernetes:policy/v1:PodDisruptionBudget": Found<kubernetes.policy.v1.PodDisruptionBudget>;
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": Found<kubernetes.rbac.v1.ClusterRole>;
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": Found<kubernetes.rbac.v1.ClusterRoleBinding>;
    "kubernetes:rbac.authorization.k8s.io/v1:Role": Found<kubernetes.rbac.v1.Role>;
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": Found<kubernetes.rbac.v1.RoleBinding>;
    "kubernetes:scheduling.k8s.io/v1:PriorityClass": Found<kubernetes.scheduling.v1.PriorityClass>;
    "kubernetes:storage.k8s.io/v1:StorageClass": Found<kubernetes.storage.v1.StorageClass>;
}

/** A resource type that rules look at. */
export type RuledType = keyof InputsByType;
