import type { ClusterKind } from "../cluster";
import { checkDistinctZones } from "../config/checks/common";
import { existingSchema } from "./config";
import { ExistingCluster, deregistrationSeconds } from "./existingCluster";

/** A cluster that exists already: minikube, kind, or any kubeconfig. */
export const existing: ClusterKind<typeof existingSchema> = {
    cloud: "Existing clusters",
    schema: existingSchema,
    addressKind: "ip",
    hostAccess: () => "any",
    disks: "cluster",
    nodeScaling: () => ({ by: "owner" }),
    federates: ({ issuer }) => issuer !== undefined,
    takesSnapshots: ({ volumeSnapshots }) => volumeSnapshots,
    hasMetricsServer: config => config.metricsServer,
    hasSignedKubelets: config => config.kubeletCertificates === "signed",
    deregistrationSeconds,
    tlsFrom: "secret",
    // Nobody has promised anything.
    commitments: [],
    bill: undefined,
    check: (config, path) => checkDistinctZones(config.zones, path),
    checkTls: () => [],
    warnings: config =>
        config.networkPolicies
            ? []
            : [`${config.name}: the cluster's network does not enforce NetworkPolicies: every pod can reach every other`],
    describe: config => ({
        region: config.region,
        zones: config.zones,
        version: undefined,
        nodes: "its own nodes",
        protect: undefined,
        cidr: undefined,
    }),
    create: (config, opts) => new ExistingCluster(config.name, config, opts),
};
