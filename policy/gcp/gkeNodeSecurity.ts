import { type Resource, type StackGraph, type Typed, groupBy, isOfType } from "../graph";
import { type Fault, type Rule, resourceRule, shown, stackRule } from "../rule";
import { isSaid, isSet, isUnknown } from "../values";
import { type GkeCluster, type GkePool, gkeCluster, gkePool } from "./gke";

const account = "gcp:serviceaccount/account:Account";
const member = "gcp:projects/iAMMember:IAMMember";

/** Roles by which any account of a project is its master, whatever else it may. */
export const basicRoles = ["roles/owner", "roles/editor"];

/** Google's one role for what nodes do, and the ones that it took the place of. */
const minimalRole = "roles/container.defaultNodeServiceAccount";
const singleRoles = ["roles/logging.logWriter", "roles/monitoring.metricWriter"];

/**
 * What a node needs: to log, to send metrics, to pull images
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa).
 */
const nodeRoles = new Set([
    minimalRole,
    ...singleRoles,
    "roles/artifactregistry.reader",
    "roles/autoscaling.metricsWriter",
    "roles/monitoring.viewer",
    "roles/stackdriver.resourceMetadata.writer",
    "roles/storage.objectViewer",
]);

/** What runs on nodes, and what it could do with them. */
export const gkeNodeSecurity: readonly Rule[] = [
    resourceRule(
        {
            name: "gke-node-identity",
            level: "mandatory",
            why: "Nodes without a service account of their own are the project's default one, which may be an editor of everything.",
            ids: ["CIS GKE 5.2.1"],
            fix: "make a service account for the nodes and name it: clusterAutoscaling.autoProvisioningDefaults.serviceAccount for Autopilot, else nodeConfig.serviceAccount",
        },
        [gkeCluster, gkePool],
        (_, resource) => {
            const [path, email] = identityOf(resource);
            return !losesItsNodes(resource) && (!isSaid(email) || email === "default") && `${path} is ${shown(email)}`;
        },
    ),
    stackRule(
        {
            name: "gke-node-roles",
            level: "mandatory",
            why: "Whoever breaks out of a pod has the node's rights: they must be worth nothing.",
            ids: ["CKV_GCP_42"],
            fix: `give nodes ${minimalRole} and roles/artifactregistry.reader only; pods that need more get an identity of their own`,
        },
        graph =>
            [...identities(graph)].flatMap(([, grants]) =>
                grants
                    // Basic roles have a rule for all accounts.
                    .filter(({ inputs: { role } }) => isSet(role) && !isUnknown(role) && !nodeRoles.has(role) && !basicRoles.includes(role))
                    .map(grant => ({ resource: grant, found: `the nodes' account has ${grant.inputs.role ?? ""}` })),
            ),
    ),
    stackRule(
        {
            name: "gke-node-rights",
            level: "advisory",
            why: "Nodes that may not write logs and metrics run, but nobody sees how.",
            ids: [],
            fix: `give the nodes' account ${minimalRole} on the project`,
        },
        graph =>
            [...identities(graph)].flatMap(([identity, grants]): readonly Fault[] => {
                const roles = grants.map(({ inputs }) => inputs.role);
                const isEnough = [minimalRole, ...basicRoles].some(role => roles.includes(role)) || singleRoles.every(role => roles.includes(role));
                return isEnough ? [] : [{ resource: identity, found: `the nodes' account has ${roles.length === 0 ? "no role" : `only ${roles.join(", ")}`}` }];
            }),
    ),
    resourceRule(
        {
            name: "gke-node-metadata",
            level: "mandatory",
            why: "Without GKE's metadata server each pod can ask the machine for the node's own token.",
            ids: ["CKV_GCP_69", "CIS GKE 5.4.1"],
            fix: "set nodeConfig.workloadMetadataConfig.mode to \"GKE_METADATA\"",
        },
        gkePool,
        ({ nodeConfig }) => {
            const mode = nodeConfig?.workloadMetadataConfig?.mode;
            return mode !== "GKE_METADATA" && `nodeConfig.workloadMetadataConfig.mode is ${shown(mode)}`;
        },
    ),
    resourceRule(
        {
            name: "gke-shielded-nodes",
            level: "mandatory",
            why: "A node that does not prove what it booted, and who it is, may be someone else's.",
            ids: ["CKV_GCP_68", "CKV_GCP_71", "CKV_GCP_72", "CIS GKE 5.5.5", "CIS GKE 5.5.6", "CIS GKE 5.5.7"],
            fix: "leave enableShieldedNodes of the cluster on; set enableSecureBoot and enableIntegrityMonitoring of a pool's nodeConfig.shieldedInstanceConfig to true",
        },
        [gkeCluster, gkePool],
        (_, resource) => {
            if (isOfType(resource, gkeCluster)) {
                return resource.inputs.enableShieldedNodes === false && "enableShieldedNodes is false";
            }
            const { enableSecureBoot, enableIntegrityMonitoring } = resource.inputs.nodeConfig?.shieldedInstanceConfig ?? {};
            return [
                ...(enableSecureBoot === true ? [] : [`nodeConfig.shieldedInstanceConfig.enableSecureBoot is ${shown(enableSecureBoot)}`]),
                // On where nothing is said.
                ...(enableIntegrityMonitoring === false ? ["nodeConfig.shieldedInstanceConfig.enableIntegrityMonitoring is false"] : []),
            ];
        },
    ),
    resourceRule(
        {
            name: "gke-node-image",
            level: "advisory",
            why: "Google's Container-Optimized OS has a read-only root and little else to break into.",
            ids: ["CKV_GCP_22", "CIS GKE 5.5.1"],
            fix: "set nodeConfig.imageType to \"COS_CONTAINERD\"",
        },
        gkePool,
        ({ nodeConfig }) => {
            const image = nodeConfig?.imageType;
            return isSet(image) && !isUnknown(image) && image.toUpperCase() !== "COS_CONTAINERD" && `nodeConfig.imageType is ${shown(image)}`;
        },
    ),
    resourceRule(
        {
            name: "gke-kubelet-port",
            level: "mandatory",
            why: "Port 10255 tells whoever reaches a node what runs on it, and asks for no password.",
            ids: [],
            fix: "set insecureKubeletReadonlyPortEnabled to \"FALSE\"",
        },
        [gkeCluster, gkePool],
        // Off in new clusters from 1.32 (https://cloud.google.com/kubernetes-engine/docs/how-to/disable-kubelet-readonly-port).
        (_, resource) =>
            kubeletPorts(resource)
                .filter(([, enabled]) => enabled === "TRUE")
                .map(([path]) => `${path}.insecureKubeletReadonlyPortEnabled is "TRUE"`),
    ),
];

type Nodes = GkeCluster | GkePool;

/** Where nodes of a resource get their identity from, and which. */
/** Whether a cluster's own first pool is taken away as soon as it is there. */
function losesItsNodes(resource: Nodes): boolean {
    return resource.type === gkeCluster && resource.inputs.removeDefaultNodePool === true && resource.inputs.enableAutopilot !== true;
}

function identityOf(resource: Nodes): readonly [path: string, email: string | undefined] {
    if (resource.type === gkeCluster && resource.inputs.enableAutopilot === true) {
        return [
            "clusterAutoscaling.autoProvisioningDefaults.serviceAccount",
            resource.inputs.clusterAutoscaling?.autoProvisioningDefaults?.serviceAccount,
        ];
    }
    return ["nodeConfig.serviceAccount", resource.inputs.nodeConfig?.serviceAccount];
}

function kubeletPorts(resource: Nodes): readonly (readonly [path: string, enabled: string | undefined])[] {
    const { nodeConfig } = resource.inputs;
    const own = ["nodeConfig.kubeletConfig", nodeConfig?.kubeletConfig?.insecureKubeletReadonlyPortEnabled] as const;
    if (resource.type !== gkeCluster) {
        return [own];
    }
    const { nodePoolAutoConfig } = resource.inputs;
    return [own, ["nodePoolAutoConfig.nodeKubeletConfig", nodePoolAutoConfig?.nodeKubeletConfig?.insecureKubeletReadonlyPortEnabled]];
}

/** The service accounts that nodes of a stack have, with their grants on the project. */
function identities(graph: StackGraph): ReadonlyMap<Resource, readonly Typed<typeof member>[]> {
    const grants = groupBy(
        graph.ofType(member).flatMap(grant => graph.sourcesOf(grant, "member", account).map(({ urn }) => ({ urn, grant }))),
        ({ urn }) => urn,
    );
    const accounts = [...graph.ofType(gkeCluster), ...graph.ofType(gkePool)].flatMap(nodes =>
        ["clusterAutoscaling", "nodeConfig"].flatMap(input => graph.sourcesOf(nodes, input, account)),
    );
    return new Map([...new Set(accounts)].map(identity => [identity, (grants.get(identity.urn) ?? []).map(({ grant }) => grant)]));
}
