import { type Inputs, parsePath, valueAt } from "./paths";

/** What is at stake where a resource goes. */
export type Stake = "cluster" | "network" | "data" | "nodes" | "service";

export interface Danger {
    readonly stake: Stake;
    /** What goes with it, in a few words. */
    readonly what: string;
    /** A cluster, a network or data goes with it; else something that comes back by itself, after a while. */
    readonly isLoss: boolean;
}

/** Stakes in the order of their weight. */
export const stakes: readonly Stake[] = ["cluster", "network", "data", "nodes", "service"];

const lost: readonly Stake[] = ["cluster", "network", "data"];

/** What goes with a resource; with a path and a value, only with one that has this input. */
type Weight = readonly [stake: Stake, what: string, path?: string, value?: string];

/** What goes with a resource of a type, where it is replaced or deleted. Types that are not here take nothing with them that would be missed. */
const weights: Readonly<Record<string, Weight>> = {
    "aws:eks/cluster:Cluster": ["cluster", "everything that runs in it"],
    "gcp:container/cluster:Cluster": ["cluster", "everything that runs in it"],
    "aws:ec2/vpc:Vpc": ["network", "everything in the network"],
    "aws:ec2/subnet:Subnet": ["network", "everything in the subnet"],
    "gcp:compute/network:Network": ["network", "everything in the network"],
    "gcp:compute/subnetwork:Subnetwork": ["network", "everything in the subnet"],
    "aws:eks/nodeGroup:NodeGroup": ["nodes", "its nodes, with the pods on them"],
    "gcp:container/nodePool:NodePool": ["nodes", "its nodes, with the pods on them"],
    "aws:kms/key:Key": ["data", "all that is encrypted with the key, once its waiting time is over"],
    "gcp:kms/keyRing:KeyRing": ["data", "all that is encrypted with its keys"],
    "gcp:kms/cryptoKey:CryptoKey": ["data", "all that is encrypted with the key"],
    // Auto Mode's driver is another, and does not mount what this one made (https://docs.aws.amazon.com/eks/latest/userguide/migrate-auto.html).
    "aws:eks/addon:Addon": ["data", "the driver of the volumes: no other mounts those that it made", "addonName", "aws-ebs-csi-driver"],
    "aws:s3/bucket:Bucket": ["data", "what is in the bucket"],
    "gcp:storage/bucket:Bucket": ["data", "what is in the bucket"],
    "aws:cloudwatch/logGroup:LogGroup": ["data", "the logs in it"],
    "kubernetes:core/v1:PersistentVolumeClaim": ["data", "the volume, unless its class keeps it"],
    "kubernetes:core/v1:Namespace": ["data", "everything in it, claims of volumes included"],
    "kubernetes:ceph.rook.io/v1:CephCluster": ["data", "all of Ceph's volumes"],
    "kubernetes:ceph.rook.io/v1:CephBlockPool": ["data", "all volumes in the pool"],
    "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch": ["data", "the logs in it, unless its volumes are kept"],
    "kubernetes:storage.k8s.io/v1:StorageClass": ["service", "new volumes, until it is back"],
    "kubernetes:apps/v1:StatefulSet": ["service", "all its pods at once, but not their volumes"],
    "kubernetes:apps/v1:Deployment": ["service", "all its pods at once"],
    "kubernetes:core/v1:Service": ["service", "its load balancer, with the address", "spec.type", "LoadBalancer"],
    "kubernetes:networking.k8s.io/v1:Ingress": ["service", "its load balancer, with the address"],
    "kubernetes:helm.sh/v4:Chart": ["service", "all of the chart, custom resources of its kinds included"],
    "kubernetes:helm.sh/v3:Release": ["service", "all of the chart"],
    "aws:ec2/eip:Eip": ["service", "the address that connections come from"],
    "aws:ec2/natGateway:NatGateway": ["service", "the zone's way out, while it changes"],
    "aws:ec2/internetGateway:InternetGateway": ["service", "the network's way in and out"],
    "gcp:compute/globalAddress:GlobalAddress": ["service", "the address that users come in by"],
    "gcp:compute/routerNat:RouterNat": ["service", "the nodes' way out, while it changes"],
    "aws:route53/record:Record": ["service", "the name's answer", "type", "A"],
    "aws:acm/certificate:Certificate": ["service", "the certificate, until the new one is proved"],
};

/** Types that have a weight. */
export const weightedTypes: readonly string[] = Object.keys(weights);

/** What is at stake where a resource goes; null where nothing much is. */
export function dangerOf(type: string, inputs: Inputs): Danger | null {
    const [stake, what, path, value] = weights[type] ?? [];
    if (stake === undefined || what === undefined || (path !== undefined && valueAt(inputs, parsePath(path)) !== value)) {
        return null;
    }
    return { stake, what, isLoss: lost.includes(stake) };
}
