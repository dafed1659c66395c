import { type Rule, resourceRule, shown, stackRule } from "../rule";
import { differs, isSaid, isSet, isUnknown, items } from "../values";
import { gkeCluster, isZone, regionOf } from "./gke";
import { maintenanceFault } from "./maintenance";

const key = "gcp:kms/cryptoKey:CryptoKey";
const network = "gcp:compute/network:Network";
const grantTypes = ["gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding"] as const;
const encrypterRole = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

/** What a cluster survives: a zone's outage, an upgrade, a mistaken destroy. */
export const gkeReliability: readonly Rule[] = [
    resourceRule(
        {
            name: "gke-regional",
            level: "mandatory",
            why: "A zonal cluster has one control plane in one zone, and nodes in one zone go down together.",
            ids: [],
            fix: "set location to a region, and nodeLocations to three of its zones (the cluster is replaced)",
        },
        gkeCluster,
        ({ location, nodeLocations }) => {
            if (isSaid(location) && isZone(location)) {
                return `location is the zone ${shown(location)}`;
            }
            return items(nodeLocations).length === 1 && `nodeLocations is only ${shown(nodeLocations)}`;
        },
    ),
    resourceRule(
        {
            name: "gke-vpc-native",
            level: "mandatory",
            why: "Only pods with addresses of the network can be sent to directly; with routes, load balancers know nodes alone.",
            ids: ["CKV_GCP_23", "CIS GKE 5.6.2"],
            fix: "set networkingMode to \"VPC_NATIVE\", or leave it out (the cluster is replaced)",
        },
        gkeCluster,
        // New clusters are VPC_NATIVE where nothing is said (the docs of the SDK's Cluster).
        ({ networkingMode }) => networkingMode === "ROUTES" && "networkingMode is \"ROUTES\"",
    ),
    resourceRule(
        {
            name: "gke-release-channel",
            level: "mandatory",
            // https://cloud.google.com/kubernetes-engine/docs/concepts/release-channels
            why: "GKE upgrades a cluster without a channel all the same, and takes fewer exclusions for it.",
            ids: ["CKV_GCP_70", "CIS GKE 5.5.4"],
            fix: "set releaseChannel.channel to \"REGULAR\" or \"STABLE\"",
        },
        gkeCluster,
        ({ releaseChannel }) => {
            const channel = releaseChannel?.channel;
            return (!isSaid(channel) || channel === "UNSPECIFIED") && `releaseChannel.channel is ${shown(channel)}`;
        },
    ),
    resourceRule(
        {
            name: "gke-channel-proven",
            level: "advisory",
            // The docs of the SDK's Cluster call it the channel for early testers and for developers.
            why: "RAPID is the first channel to get a version, and its clusters are the ones that find its faults.",
            ids: [],
            fix: "set releaseChannel.channel to \"REGULAR\" or \"STABLE\"",
        },
        gkeCluster,
        ({ releaseChannel }) => releaseChannel?.channel === "RAPID" && "releaseChannel.channel is \"RAPID\"",
    ),
    resourceRule(
        {
            name: "gke-maintenance-window",
            level: "advisory",
            why: "Without a window, GKE upgrades whenever it wants, also at the busiest hour; one that is too short is refused.",
            ids: [],
            fix: "set maintenancePolicy.recurringWindow to hours of little traffic: at least 4 at a time, and 48 in 32 days",
        },
        gkeCluster,
        ({ maintenancePolicy }) => maintenanceFault(maintenancePolicy),
    ),
    resourceRule(
        {
            name: "gke-deletion-protection",
            level: "mandatory",
            why: "Pulumi's and Google's protection must say the same: else a destroy takes everything around the cluster first, and then fails at it.",
            ids: [],
            fix: "set deletionProtection to the same as the resource option protect",
        },
        gkeCluster,
        ({ deletionProtection }, { protect }) =>
            // On where nothing is said, since version 5 of the provider (the docs of the SDK's Cluster).
            differs(deletionProtection ?? true, protect) && `deletionProtection is ${shown(deletionProtection)}, protect is ${protect}`,
    ),
    stackRule(
        {
            name: "gke-foundation-protected",
            level: "mandatory",
            why: "A protected cluster is lost all the same with its key: what the key encrypted can't be read again.",
            ids: ["CKV_GCP_82"],
            fix: "set the resource option protect to true, as the cluster has it",
        },
        graph =>
            graph.ofType(gkeCluster).flatMap(cluster =>
                [...graph.sourcesOf(cluster, "databaseEncryption", key), ...graph.sourcesOf(cluster, "network", network)]
                    .filter(({ protect }) => cluster.protect && !protect)
                    .map(resource => ({ resource, found: `it is not protected, and the protected cluster ${cluster.name} rests on it` })),
            ),
    ),
    stackRule(
        {
            name: "gke-key-region",
            level: "mandatory",
            why: "A key in another region takes the cluster's Secrets with it when that region is out.",
            ids: [],
            fix: "make the key ring in the cluster's region",
        },
        graph =>
            graph.ofType(gkeCluster).flatMap(cluster =>
                graph
                    .sourcesOf(cluster, "databaseEncryption", key)
                    .flatMap(source => graph.sourcesOf(source, "keyRing", "gcp:kms/keyRing:KeyRing"))
                    .filter(({ inputs }) => isElsewhere(inputs.location, regionOf(cluster)))
                    .map(ring => ({
                        resource: ring,
                        found: `location is ${shown(ring.inputs.location)}, that of cluster ${cluster.name} is ${regionOf(cluster) ?? ""}`,
                    })),
            ),
    ),
    stackRule(
        {
            name: "gke-key-grant",
            level: "advisory",
            why: "Without the right to its key GKE can't make the cluster, or read its Secrets again.",
            ids: [],
            fix: `give GKE's service agent ${encrypterRole} on the key, unless the project gives it`,
        },
        graph =>
            graph
                .ofType(gkeCluster)
                .flatMap(cluster => graph.sourcesOf(cluster, "databaseEncryption", key))
                .filter(source => !grantTypes.some(type => graph.usersOf(source, "cryptoKeyId", type).some(({ inputs }) => inputs.role === encrypterRole)))
                .map(resource => ({ resource, found: `nobody has ${encrypterRole} on it` })),
    ),
    resourceRule(
        {
            name: "gke-logs",
            level: "advisory",
            why: "What an outage leaves behind is its logs and metrics; without them it comes again.",
            ids: ["CKV_GCP_1", "CKV_GCP_8", "CIS GKE 5.7.1"],
            fix: "have SYSTEM_COMPONENTS and WORKLOADS in loggingConfig.enableComponents, and SYSTEM_COMPONENTS in monitoringConfig.enableComponents",
        },
        gkeCluster,
        // GKE turns on what is wanted here where nothing is said.
        ({ loggingConfig, monitoringConfig, loggingService, monitoringService }) => [
            ...(loggingService === "none" ? ["loggingService is \"none\""] : []),
            ...(monitoringService === "none" ? ["monitoringService is \"none\""] : []),
            ...missing("loggingConfig", loggingConfig?.enableComponents, ["SYSTEM_COMPONENTS", "WORKLOADS"]),
            ...missing("monitoringConfig", monitoringConfig?.enableComponents, ["SYSTEM_COMPONENTS"]),
        ],
    ),
];

/** Whether a place is known, and another than the region. */
function isElsewhere(location: string | undefined, region: string | undefined): boolean {
    return region !== undefined && isSaid(location) && !isUnknown(location) && location !== region;
}

function missing(config: string, components: readonly string[] | undefined, wanted: readonly string[]): readonly string[] {
    const absent = isSet(components) ? wanted.filter(component => !components.includes(component)) : [];
    return absent.length === 0 ? [] : [`${config}.enableComponents has no ${absent.join(", ")}`];
}
