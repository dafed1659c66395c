import { isWorld } from "../addresses";
import { isOfType } from "../graph";
import { type Rule, resourceRule, shown } from "../rule";
import { isSet, isUnknown, items } from "../values";
import { type GkeCluster, gkeCluster, gkePool } from "./gke";

/** Who reaches the control plane, and what a cluster keeps from those who do. */
export const gkeSecurity: readonly Rule[] = [
    resourceRule(
        {
            name: "gke-nodes-private",
            level: "mandatory",
            why: "A node with a public address can be reached from anywhere, past every load balancer.",
            ids: ["CKV_GCP_64", "CKV_GCP_25", "CIS GKE 5.6.5"],
            fix: "set enablePrivateNodes to true: of privateClusterConfig for the cluster, of networkConfig for a node pool",
        },
        [gkeCluster, gkePool],
        (_, resource) => {
            if (isOfType(resource, gkeCluster)) {
                const said = resource.inputs.privateClusterConfig?.enablePrivateNodes;
                return said !== true && `privateClusterConfig.enablePrivateNodes is ${shown(said)}`;
            }
            // A pool that says nothing does as its cluster.
            return isOfType(resource, gkePool) && resource.inputs.networkConfig?.enablePrivateNodes === false && "networkConfig.enablePrivateNodes is false";
        },
    ),
    resourceRule(
        {
            name: "gke-api-networks",
            level: "mandatory",
            why: "The control plane's address answers the whole internet, unless it has a list of networks without the world, or every machine rented from Google, in it.",
            ids: ["CKV_GCP_20", "CKV_GCP_18", "CIS GKE 5.6.3"],
            fix: "list in masterAuthorizedNetworksConfig only the networks that administrators come from, with gcpPublicCidrsAccessEnabled false; or turn the public endpoint off",
        },
        gkeCluster,
        inputs => {
            const { masterAuthorizedNetworksConfig: networks } = inputs;
            if (!isSet(networks)) {
                return hasPublicApi(inputs) && "masterAuthorizedNetworksConfig is not set";
            }
            return [
                ...items(networks.cidrBlocks)
                    .filter(({ cidrBlock }) => isSet(cidrBlock) && isWorld(cidrBlock))
                    .map(({ cidrBlock }) => `masterAuthorizedNetworksConfig.cidrBlocks has ${shown(cidrBlock)}`),
                ...(networks.gcpPublicCidrsAccessEnabled === true ? ["masterAuthorizedNetworksConfig.gcpPublicCidrsAccessEnabled is true"] : []),
            ];
        },
    ),
    resourceRule(
        {
            name: "gke-secrets-encrypted",
            level: "mandatory",
            why: "Whoever gets a copy of the cluster's store reads every Secret in it, unless a key of yours encrypts them.",
            ids: ["CIS GKE 5.3.1"],
            fix: "set databaseEncryption to { state: \"ENCRYPTED\", keyName: <a Cloud KMS key> }",
        },
        gkeCluster,
        ({ databaseEncryption: encryption }) => {
            if (encryption?.state !== "ENCRYPTED") {
                return `databaseEncryption.state is ${shown(encryption?.state)}`;
            }
            return !isSet(encryption.keyName) && "databaseEncryption.keyName is not set";
        },
    ),
    resourceRule(
        {
            name: "gke-workload-identity",
            level: "mandatory",
            why: "Without it a pod that needs Google Cloud takes the node's rights, or a key in a Secret.",
            ids: ["CIS GKE 5.2.2"],
            fix: "set workloadIdentityConfig.workloadPool to <project>.svc.id.goog",
        },
        gkeCluster,
        // Autopilot always has it (https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-security).
        ({ enableAutopilot, workloadIdentityConfig }) =>
            enableAutopilot !== true && !isSet(workloadIdentityConfig?.workloadPool) && "workloadIdentityConfig.workloadPool is not set",
    ),
    resourceRule(
        {
            name: "gke-legacy-access",
            level: "mandatory",
            why: "A client certificate can't be revoked, and ABAC gives every service account rights that no role shows.",
            ids: ["CKV_GCP_13", "CKV_GCP_7", "CIS GKE 5.8.1", "CIS GKE 5.8.3"],
            fix: "set masterAuth.clientCertificateConfig.issueClientCertificate and enableLegacyAbac to false",
        },
        gkeCluster,
        ({ masterAuth, enableLegacyAbac }) => [
            ...(masterAuth?.clientCertificateConfig?.issueClientCertificate === true
                ? ["masterAuth.clientCertificateConfig.issueClientCertificate is true"]
                : []),
            ...(enableLegacyAbac === true ? ["enableLegacyAbac is true"] : []),
        ],
    ),
    resourceRule(
        {
            name: "gke-network-policy",
            level: "mandatory",
            why: "The old data path enforces no NetworkPolicy: each one is accepted, and every pod still reaches every other.",
            ids: ["CKV_GCP_12", "CIS GKE 4.3.1"],
            fix: "set datapathProvider to \"ADVANCED_DATAPATH\" (the cluster is replaced), or networkPolicy.enabled to true",
        },
        gkeCluster,
        ({ enableAutopilot, datapathProvider, networkPolicy }) =>
            // Autopilot has Dataplane V2 in any case (https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-overview).
            enableAutopilot !== true &&
            datapathProvider !== "ADVANCED_DATAPATH" &&
            !isUnknown(datapathProvider) &&
            networkPolicy?.enabled !== true &&
            `datapathProvider is ${shown(datapathProvider)}, networkPolicy.enabled is ${shown(networkPolicy?.enabled)}`,
    ),
    resourceRule(
        {
            name: "gke-binary-authorization",
            level: "advisory",
            why: "Without it nothing asks where an image comes from before it runs.",
            ids: ["CKV_GCP_66", "CIS GKE 5.1.4"],
            fix: "set binaryAuthorization.evaluationMode to \"PROJECT_SINGLETON_POLICY_ENFORCE\"",
        },
        gkeCluster,
        ({ binaryAuthorization: authorization }) =>
            authorization?.evaluationMode !== "PROJECT_SINGLETON_POLICY_ENFORCE" &&
            `binaryAuthorization.evaluationMode is ${shown(authorization?.evaluationMode)}`,
    ),
    resourceRule(
        {
            name: "gke-security-posture",
            level: "advisory",
            why: "Google's scan of what runs finds misconfigured workloads that this program didn't make.",
            ids: ["CIS GKE 5.10.4"],
            fix: "set securityPostureConfig.mode to \"BASIC\"",
        },
        gkeCluster,
        ({ securityPostureConfig }) => {
            const mode = securityPostureConfig?.mode;
            return (!isSet(mode) || mode === "DISABLED") && `securityPostureConfig.mode is ${shown(mode)}`;
        },
    ),
    resourceRule(
        {
            name: "gke-intranode-visibility",
            level: "advisory",
            why: "Traffic between two pods of one node passes neither flow logs nor firewall rules.",
            ids: ["CKV_GCP_61", "CIS GKE 5.6.1"],
            fix: "set enableIntranodeVisibility to true",
        },
        gkeCluster,
        // The provider refuses it for Autopilot, even as false.
        ({ enableAutopilot, enableIntranodeVisibility }) =>
            enableAutopilot !== true && enableIntranodeVisibility !== true && `enableIntranodeVisibility is ${shown(enableIntranodeVisibility)}`,
    ),
];

/** Whether the control plane has an address that the internet reaches; the endpoint by DNS asks IAM first. */
function hasPublicApi({ privateClusterConfig, controlPlaneEndpointsConfig }: GkeCluster["inputs"]): boolean {
    return privateClusterConfig?.enablePrivateEndpoint !== true && controlPlaneEndpointsConfig?.ipEndpointsConfig?.enabled !== false;
}
