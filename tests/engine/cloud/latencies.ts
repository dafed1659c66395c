import { isRecord } from "../../../components/config/fields";

/**
 * How long a cloud takes with one resource, in seconds of wall time, as a user of Terraform or Pulumi sees them: from "creating" to
 * "created", with all that the provider waits for.
 */
export interface Latency {
    readonly createSeconds: number;
    /** Of an update in place. */
    readonly updateSeconds: number;
    readonly deleteSeconds: number;
    /** Where the figures are from, with what it says; or that there is none, with what they were taken from instead. */
    readonly source: string;
}

/** Logs of runs against real clouds, and what else is cited more than once. */
const logs = {
    network: "https://github.com/leopoldocardoso/workshop-devops-na-nuvem docs/deployments/01-networking-stack-ai.md",
    eks: "https://github.com/leopoldocardoso/workshop-devops-na-nuvem docs/deployments/02-eks-stack-ai.md",
    s3: "https://github.com/leopoldocardoso/workshop-devops-na-nuvem docs/deployments/00-bootstrap-stack-ai.md",
    eksRound: "https://github.com/Saptak-cyber/DevOps_Assignments final-devops-project/README.md",
    eksLabs: "https://github.com/fernandomullerjr/eks-via-terraform-github-actions rascunho-eks-terraform.md",
    eksApp: "https://github.com/antonakv/tf-aws-pes-eksk8s-activeactive-agents README.md",
    loadBalancers: "https://github.com/antonakv/tf-aws-activeactive-agents README.md and instance_access/README.md",
    dns: "https://github.com/fernandomullerjr/terraform-aws aulas/aula29-Certificado-SSL---ACM/rascunho-aula29-SSL-acm.md",
    courses: "https://github.com/fernandomullerjr/terraform-on-aws-with-sre-iac-devops-real-world-demos",
    google: "https://github.com/Galser/tfe-delorean-gcp-demo terraform_apply.md and terraform_destroy.md",
    gke: "https://github.com/miguelemosreverte/k8s-websocket README.md at 8961889",
    gkeHardened: "https://github.com/Kam4280/gke-defense-in-depth notes.md",
    gkeRound: "https://github.com/INENI-PT-GROUP-B/platform-gitops docs/cluster-redeploy-validation.md",
    await: "https://github.com/pulumi/pulumi-kubernetes provider/pkg/await",
} as const;

const unpublished = "no published figure";

/** An operation that only the provider sees: nothing is asked of a cloud. */
const forgotten = 0.1;

function took(createSeconds: number, updateSeconds: number, deleteSeconds: number, source: string): Latency {
    return { createSeconds, updateSeconds, deleteSeconds, source };
}

function each(latency: Latency, types: readonly string[]): Readonly<Record<string, Latency>> {
    return Object.fromEntries(types.map(type => [type, latency]));
}

const awsCall = took(
    1,
    1,
    1,
    `${logs.network}, ${logs.eks} and ${logs.s3}: log groups, flow logs, routes and their tables, internet gateways, private subnets, ` +
        "roles with their policies, and what is set of a bucket: 0 to 2 s to make each, now and then 5 s for a subnet, 0 to 1 s to remove it; " +
        `${logs.eksApp}: a launch template in 1 s; ${logs.courses} Secao2: an alarm of CloudWatch in 1 s`,
);

const kubernetesCall = took(1, 1, 1, `${logs.eksApp}: namespaces in 1 s, a Secret in 0 s; ${logs.await}/awaiters.go: nothing is waited for, or what the API server does at once`);

/** Types of AWS. */
const aws: Readonly<Record<string, Latency>> = {
    ...each(awsCall, [
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        "aws:ec2/flowLog:FlowLog",
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:ec2/route:Route",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/subnet:Subnet",
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    ]),
    ...each(took(1, 1, 1, "https://github.com/DevopsArtFactory/terraform-provisioning/pull/47: an access entry in 1 s; the others taken the same: one call of EKS each"), [
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    ]),
    ...each(took(1, 1, 1, `${unpublished}: taken like an alarm of CloudWatch, because each is one call that is answered at once`), [
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventTarget:EventTarget",
    ]),
    "aws:acm/certificate:Certificate": took(8, 8, 1, `${logs.dns}: 8 s; its removal taken like that of other single calls`),
    "aws:acm/certificateValidation:CertificateValidation": took(
        265,
        265,
        forgotten,
        `${logs.courses} Secao10: 4 min 25 s; ${logs.dns}: 8 min 52 s; removing it asks nothing of AWS`,
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": took(3, 3, forgotten, `${logs.network}: adopted in 3 s, given up in 0 s`),
    "aws:ec2/eip:Eip": took(2, 2, 1, `${logs.network}: 1 and 3 s, removed in 1 s`),
    "aws:ec2/natGateway:NatGateway": took(
        105,
        1,
        75,
        `${logs.eksApp}: 1 min 45 s; ${logs.eksLabs}: 1 min 37 s; ${logs.eksRound}: 1 min 34 s, and removed in 1 min 19 s; ${logs.network}: removed in 1 min 11 s. ` +
            "Updated: only tags can be, by one call",
    ),
    "aws:ec2/securityGroup:SecurityGroup": took(2, 2, 2, `${logs.eksApp}: 2 to 3 s; ${logs.eksLabs}: removed in 2 s`),
    "aws:ec2/vpc:Vpc": took(12, 12, 1, `${logs.eksApp}: 12 s with DNS names on, for which the provider waits; ${logs.network}: removed in 1 s`),
    "aws:ec2/vpcEndpoint:VpcEndpoint": took(
        90,
        90,
        75,
        `${unpublished}: an interface with private DNS was taken like a NAT gateway, which waits for interfaces in subnets too. ` +
            "https://github.com/hashicorp/terraform-provider-aws/pull/44194 has whole tests, which make, read and remove: 109 s with an interface, 39 s with a gateway",
    ),
    "aws:eks/addon:Addon": took(45, 45, 9, `${logs.eksRound}: metrics-server in 45 s, EBS CSI in 46 s and removed in 9 s, others in 14 to 24 s`),
    "aws:eks/cluster:Cluster": took(
        604,
        120,
        151,
        `${logs.eks}: 10 min 4 s; elsewhere 8 min 33 s (${logs.eksApp}), 9 min 22 s (${logs.eksRound}) and 10 min 10 s (${logs.eksLabs}). Updated: ` +
            "https://github.com/rancher/eks-operator/issues/752, where the endpoint's access was still changing after 102 s; a new version takes longer. " +
            `Removed in 2 min 31 s: ${logs.eksRound}`,
    ),
    "aws:eks/nodeGroup:NodeGroup": took(
        130,
        130,
        501,
        `${logs.eksRound}: 2 min 10 s, removed in 8 min 21 s; ${logs.eksLabs}: 1 min 56 s and 2 min 30 s, removed in 8 min 22 s. ` +
            `Updated: ${unpublished}, taken like its creation, because new nodes come first`,
    ),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": took(2, 2, 1, `${logs.eks}: 2 s; its removal taken like a role's`),
    "aws:kms/key:Key": took(16, 16, 1, `${logs.eksApp}: 16 s; ${logs.eks}: 11 s; ${logs.eksLabs}: its removal is put on the calendar in 1 s`),
    "aws:route53/healthCheck:HealthCheck": took(
        2,
        2,
        2,
        `${unpublished}: taken as one call, for whose spread over the world nothing waits. ` +
            "https://github.com/hashicorp/terraform/pull/8319 has whole tests, which make, read and remove one, in 20 to 31 s",
    ),
    "aws:route53/record:Record": took(35, 35, 34, `${logs.dns}: 34, 35 and 39 s, removed in 34 s; https://github.com/hashicorp/terraform-provider-aws/pull/11300: 37 and 39 s`),
    "aws:s3/bucket:Bucket": took(2, 2, 1, `${logs.s3}: 2 s; https://github.com/pulumi/examples nx-monorepo/README.md, by Pulumi: 2 s, removed in 0.7 s`),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": took(57, 57, 1, `${logs.s3}: 57 s; its removal taken like a policy's`),
    "aws:s3/bucketVersioning:BucketVersioning": took(2, 2, 1, `${logs.s3}: 2 s; its removal taken like a policy's`),
    "aws:sfn/stateMachine:StateMachine": took(
        5,
        5,
        15,
        `https://github.com/turbot/steampipe-plugin-aws/pull/714: 5 s. Removed: ${unpublished}, taken three times as long, because Step Functions removes one in the background`,
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": took(1, 1, 1, `${logs.eksApp}: 1 to 2 s, for the older type of rule`),
};

/** Types of Google Cloud. Of Compute Engine all is waited for, in steps of some ten seconds, updates too. */
const gcp: Readonly<Record<string, Latency>> = {
    "gcp:compute/firewall:Firewall": took(12, 12, 12, `${logs.google}: 11 and 12 s, removed in 12 s`),
    "gcp:compute/globalAddress:GlobalAddress": took(17, 17, 11, `${logs.google}: 17 s, removed in 11 s`),
    "gcp:compute/network:Network": took(17, 17, 37, `${logs.google}: 17 s, removed in 37 s`),
    "gcp:compute/router:Router": took(12, 12, 11, `${logs.google}: 12 s, removed in 11 s`),
    "gcp:compute/routerNat:RouterNat": took(23, 23, 17, `${logs.google}: 23 s, removed in 17 s`),
    "gcp:compute/sSLPolicy:SSLPolicy": took(17, 17, 12, `${logs.google}: 17 s, removed in 12 s`),
    "gcp:compute/subnetwork:Subnetwork": took(23, 23, 33, `${logs.google}: 23 s, removed in 33 s`),
    "gcp:container/cluster:Cluster": took(
        420,
        210,
        222,
        "https://github.com/INENI-PT-GROUP-B/platform-iac TEARDOWN.md: some 7 min, once 9 min 50 s; elsewhere 5 min 25 s for a regional cluster " +
            `(${logs.gke}), 8 min 4 s for an Autopilot one, removed in 3 min 42 s (https://github.com/LazloGDA/gcp-cicd-3 output.md). Updated: ` +
            `${logs.gkeHardened}, where a change of encryption failed after 3 min 30 s; a new version takes longer`,
    ),
    "gcp:container/nodePool:NodePool": took(
        104,
        104,
        242,
        `${logs.gkeHardened}: 1 min 44 s, twice; ${logs.gke}: 1 min 36 s; removed in 4 min 2 s: ${logs.gkeRound}. Updated: ${unpublished}, taken like its creation, because new nodes come first`,
    ),
    ...each(took(12, 12, 12, `${unpublished}: taken like a router, because the provider waits for an operation of Google's likewise`), [
        "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
        "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
    ]),
    "gcp:kms/cryptoKey:CryptoKey": took(2, 2, 2, "https://github.com/turbot/steampipe-plugin-gcp/pull/152: 2 s; its removal, which destroys its versions, taken the same"),
    "gcp:kms/keyRing:KeyRing": took(3, 3, forgotten, "https://github.com/turbot/steampipe-plugin-gcp/pull/152: 3 s; it can't be removed"),
    ...each(
        took(
            9,
            9,
            10,
            `${logs.google}: 9 s for a member of a bucket's policy, removed in 9 and 10 s; ${logs.gke}: 9 to 10 s for one of a project's. ` +
                "Keys' and accounts' policies taken the same, because each is read, changed and read again",
        ),
        [
            "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
            "gcp:projects/iAMMember:IAMMember",
            "gcp:serviceaccount/iAMMember:IAMMember",
            "gcp:storage/bucketIAMMember:BucketIAMMember",
        ],
    ),
    "gcp:projects/service:Service": took(
        22,
        22,
        forgotten,
        "https://github.com/hashicorp/terraform-provider-google/issues/7814: 3 and 22 s; disableOnDestroy is false, so removing it asks nothing of Google",
    ),
    "gcp:projects/serviceIdentity:ServiceIdentity": took(11, 11, forgotten, `${unpublished}: taken like an account, because that is what Google makes; it can't be removed`),
    "gcp:serviceaccount/account:Account": took(11, 11, 1, `${logs.gke}: 11 s; ${logs.google}: 3 s, with an older provider, and removed in 1 s`),
    "gcp:storage/bucket:Bucket": took(1, 1, 1, `${logs.google}: less than 1 s, removed in 1 s`),
};

const loadBalancer = took(
    120,
    10,
    68,
    `${logs.loadBalancers}: AWS's are there after 2 min 1 s to 3 min 12 s. https://github.com/kubernetes/ingress-gce LIMITATIONS.md: Google's after some 1 min; ` +
        "https://github.com/hashicorp/terraform-provider-kubernetes website/docs/guides/getting-started.html.markdown at a43d8ad: 56 and 59 s. Updated: " +
        `${logs.await}/ingress.go and service.go wait 10 s for endpoints to settle. Removed: ${unpublished} for the whole; by its parts, each after the one that uses it ` +
        `(${logs.google}: rule 17 s, proxy 11 s, URL map 12 s, backend 12 s, health check 16 s)`,
);

const workload = took(
    48,
    48,
    30,
    `${logs.gke}: a Deployment in 48 s, on nodes that are there; one that waits for a node takes minutes. Removed: the grace period that pods have by default ` +
        `(https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/), for which ${logs.await}/await.go waits`,
);

/** Types of Kubernetes. Charts are not among them: what takes time is what they render, which counts by itself. */
const kubernetes: Readonly<Record<string, Latency>> = {
    ...each(kubernetesCall, [
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        "kubernetes:batch/v1:CronJob",
        "kubernetes:cert-manager.io/v1:ClusterIssuer",
        "kubernetes:cloud.google.com/v1:BackendConfig",
        "kubernetes:core/v1:ConfigMap",
        "kubernetes:core/v1:LimitRange",
        "kubernetes:core/v1:ResourceQuota",
        "kubernetes:core/v1:Secret",
        "kubernetes:core/v1:ServiceAccount",
        "kubernetes:csi.ceph.io/v1:Driver",
        "kubernetes:eks.amazonaws.com/v1:IngressClassParams",
        "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch",
        "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams",
        "kubernetes:monitoring.coreos.com/v1:Alertmanager",
        "kubernetes:monitoring.coreos.com/v1:PodMonitor",
        "kubernetes:monitoring.coreos.com/v1:Prometheus",
        "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
        "kubernetes:networking.gke.io/v1beta1:FrontendConfig",
        "kubernetes:networking.istio.io/v1:DestinationRule",
        "kubernetes:networking.istio.io/v1:Gateway",
        "kubernetes:networking.istio.io/v1:VirtualService",
        "kubernetes:networking.k8s.io/v1:IngressClass",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        "kubernetes:policy/v1:PodDisruptionBudget",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
        "kubernetes:rbac.authorization.k8s.io/v1:Role",
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        "kubernetes:scheduling.k8s.io/v1:PriorityClass",
        "kubernetes:security.istio.io/v1:AuthorizationPolicy",
        "kubernetes:security.istio.io/v1:PeerAuthentication",
        "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass",
        "kubernetes:storage.k8s.io/v1:StorageClass",
        "kubernetes:velero.io/v1:BackupStorageLocation",
        "kubernetes:velero.io/v1:Schedule",
    ]),
    ...each(loadBalancer, ["kubernetes:core/v1:Service", "kubernetes:networking.k8s.io/v1:Ingress"]),
    ...each(workload, ["kubernetes:apps/v1:DaemonSet", "kubernetes:apps/v1:Deployment"]),
    "kubernetes:apps/v1:StatefulSet": took(
        60,
        150,
        30,
        `${unpublished}: taken like a Deployment with a disk to attach; updated one pod after the other, three of 50 s: the grace period, and a start`,
    ),
    "kubernetes:batch/v1:Job": took(
        10,
        10,
        1,
        "https://github.com/hashicorp/terraform-provider-kubernetes website/docs/guides/getting-started.html.markdown at a43d8ad: a pod starts in 8 s; what its work takes is not in it",
    ),
    "kubernetes:ceph.rook.io/v1:CephBlockPool": took(10, 10, 10, `${unpublished}: a guess, of an operator that looks again every few seconds`),
    "kubernetes:ceph.rook.io/v1:CephCluster": took(300, 60, 60, `${unpublished}: a guess, of monitors and disks that come up one after the other`),
    "kubernetes:core/v1:Namespace": took(
        1,
        1,
        13,
        `${logs.eksApp}: 1 s; https://github.com/fernandomullerjr/eks-via-terraform-github-actions 09-eks-blueprint/rascunho-lab9.md: removed in 13 s`,
    ),
    "kubernetes:core/v1:PersistentVolumeClaim": took(
        1,
        1,
        1,
        `${logs.await}/awaiters.go: one that waits for its first consumer is done once it is pending, and growing it is not waited for`,
    ),
    "kubernetes:helm.sh/v3:Release": took(73, 73, 30, `${logs.eksLabs}: a controller by Helm in 1 min 13 s; ${logs.eksApp}: in 48 s. Removed: taken like a Deployment`),
};

/**
 * Every type that a cloud makes for this project, by token. Where a log has no update, an update takes as long as a creation, of which it is
 * the same call; what a log has as 0 s, it rounded, and 1 s is said.
 */
export const latencies: Readonly<Record<string, Latency>> = { ...aws, ...gcp, ...kubernetes };

const gatewayEndpoint = took(6, 6, 6, `${logs.eksApp}: S3's gateway in 6 s; its removal taken the same`);

const clusterService = took(10, 10, 1, `${logs.await}/service.go: 10 s for endpoints to settle`);

/**
 * The latency of a type; with a resource's inputs, that of its variant. These differ: an endpoint of a VPC that is a gateway, a Service
 * without a load balancer, and whatever has the annotation `pulumi.com/skipAwait`.
 *
 * @throws Error for a type without an entry.
 */
export function latencyOf(type: string, inputs?: unknown): Latency {
    const latency = Object.hasOwn(latencies, type) ? latencies[type] : undefined;
    if (latency === undefined) {
        throw new Error(`no latency is known for ${type}; fix: add it to tests/engine/cloud/latencies.ts, with its source`);
    }
    return inputs === undefined ? latency : (variantOf(type, inputs) ?? latency);
}

function variantOf(type: string, inputs: unknown): Latency | undefined {
    if (valueAt(inputs, ["metadata", "annotations", "pulumi.com/skipAwait"]) === "true") {
        return kubernetesCall;
    }
    switch (type) {
        case "aws:ec2/vpcEndpoint:VpcEndpoint":
            return valueAt(inputs, ["vpcEndpointType"]) === "Interface" ? undefined : gatewayEndpoint;
        case "kubernetes:core/v1:Service":
            return valueAt(inputs, ["spec", "type"]) === "LoadBalancer" ? undefined : clusterService;
        default:
            return undefined;
    }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
    return path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}
