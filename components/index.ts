/**
 * What other Pulumi programs use of Holdfast. Nothing here reads `pulumi.Config`: {@link configure} checks settings that the program gives,
 * and the components take what it returns.
 *
 * It is an npm package, and no plug-in of components (PulumiPlugin.yaml): what those are given and give back goes from process to process,
 * so Pulumi's analyzer (3.248.0, provider/experimental) refuses unions, mappings without a name, and functions; an app is given a cluster,
 * which has all three.
 *
 * @example
 * const cluster = new EksCluster(east.name, east, { providers: [new aws.Provider("east-aws", { region: east.region })] });
 * const { endpoint } = new HaApp("east-shop", { app, cluster, tls: tlsRequest(app, {}) });
 */
export * from "./configure";
export { ConfigError, configWarnings } from "./config";
export type { AppConfig, FailoverConfig, HoldfastConfig, PlatformConfig } from "./config";

/** Clusters. */
export { createCluster } from "./cluster";
export type {
    AddressKind,
    AliasZones,
    Backend,
    Carrier,
    CarrierArgs,
    Cluster,
    ClusterConfig,
    Entry,
    EntryArgs,
    NodeAutoscalerArgs,
    ServiceTraits,
    StorageTraits,
    TlsRequest,
    Watcher,
} from "./cluster";
export { EksCluster, type EksClusterArgs } from "./aws/eksCluster";
export { tagResources } from "./aws/resourceTag";
export { GkeCluster } from "./gcp/gkeCluster";
export type { GkeConfig } from "./gcp/config";
export { ExistingCluster } from "./existing/existingCluster";
export type { ExistingConfig } from "./existing/config";

/** How pods act in a cloud without a stored key. */
export type { AwsAccess, AwsAccessArgs, GcpAccess, GcpAccessArgs, GcpToken, Workload, WorkloadIdentity } from "./identity";
export type { Statement } from "./aws/iam";

/** What runs on them. */
export { type Endpoint, HaApp, type HaAppArgs } from "./app";
export { tlsRequest } from "./config/tls";
export { Platform, type PlatformArgs } from "./platform/platform";

/** The name in front of all, and what it promises. */
export { Failover, type FailoverArgs, type Participant, createDnsProvider, ownParticipant } from "./failover";
export { checkPathOf } from "./config/checkPath";
export { type Objectives, objectivesOf, ttlOf } from "./objectives";

/** All of it at once, as the project's own stacks are made. */
export { type ClusterOutput, type StackOutputs, deploy } from "./deploy";
