import { isWorld } from "../addresses";
import { type Typed, groupBy } from "../graph";
import { type Rule, resourceRule, shown, stackRule } from "../rule";
import { isSet, isUnknown, items } from "../values";
import { refusesWorld } from "./firewalls";
import { gkeCluster } from "./gke";
import { basicRoles } from "./gkeNodeSecurity";

const network = "gcp:compute/network:Network";
const firewall = "gcp:compute/firewall:Firewall";
const subnet = "gcp:compute/subnetwork:Subnetwork";

const secondsPerDay = 24 * 3600;
const longestRotationDays = 90;

/**
 * Ports of machines, rather than of what they serve: SSH and RDP, the kubelet's two, and those of Services
 * on every node (https://kubernetes.io/docs/reference/networking/ports-and-protocols/).
 */
const machinePorts: readonly (readonly [first: number, last: number])[] = [
    [22, 22],
    [3389, 3389],
    [10250, 10250],
    [10255, 10255],
    [30000, 32767],
];

/** TLS versions without known weaknesses, and profiles without weak ciphers. */
const safeVersions = ["TLS_1_2", "TLS_1_3"];
const safeProfiles = ["MODERN", "RESTRICTED", "FIPS_202205"];

/** Ciphers that have no forward secrecy, or are broken: those that CKV_GCP_4 refuses in a profile of one's own. */
const weakCiphers = [
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
];

/** Subnets of proxies, which have no flow logs. */
const proxyPurposes = ["INTERNAL_HTTPS_LOAD_BALANCER", "REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY"];

/** What a project on Google Cloud opens, to whom, and what it writes down. */
export const projectSecurity: readonly Rule[] = [
    resourceRule(
        {
            name: "gcp-basic-roles",
            level: "mandatory",
            why: "An owner or editor of a project may do anything in it: one leaked account is the loss of all.",
            ids: ["CKV_GCP_117"],
            fix: "grant the roles that are for the task",
        },
        ["gcp:projects/iAMMember:IAMMember", "gcp:projects/iAMBinding:IAMBinding"],
        ({ role }) => isSet(role) && basicRoles.includes(role) && `role is ${shown(role)}`,
    ),
    resourceRule(
        {
            name: "gcp-key-rotation",
            level: "advisory",
            why: "A key that is never turned over opens all that it ever encrypted.",
            ids: ["CKV_GCP_43"],
            fix: `set rotationPeriod to at most "${longestRotationDays * secondsPerDay}s", which is ${longestRotationDays} days`,
        },
        "gcp:kms/cryptoKey:CryptoKey",
        ({ purpose, rotationPeriod: period }) => {
            // Only symmetric keys turn over by themselves (https://cloud.google.com/kms/docs/key-rotation).
            if ((isSet(purpose) && purpose !== "ENCRYPT_DECRYPT") || isUnknown(period)) {
                return false;
            }
            const seconds = Number(/^(\d+)(\.\d+)?s$/.exec(period ?? "")?.[1]);
            return !(seconds <= longestRotationDays * secondsPerDay) && `rotationPeriod is ${shown(period)}`;
        },
    ),
    resourceRule(
        {
            name: "gcp-network-subnets",
            level: "mandatory",
            why: "Automatic subnets take the same addresses in each network, in every region: networks can't be joined, and nobody planned them.",
            ids: [],
            fix: "set autoCreateSubnetworks to false, and make the subnets that are needed",
        },
        network,
        // On where nothing is said (https://cloud.google.com/compute/docs/reference/rest/v1/networks).
        ({ autoCreateSubnetworks }) => autoCreateSubnetworks !== false && `autoCreateSubnetworks is ${shown(autoCreateSubnetworks)}`,
    ),
    stackRule(
        {
            name: "gcp-network-deny",
            level: "advisory",
            why: "What no firewall rule allows is refused in any case, but only a rule that says so writes down who tried.",
            ids: ["CKV2_GCP_18", "CIS GKE 5.6.6"],
            fix: "add a firewall of the lowest priority that denies all from 0.0.0.0/0, with logConfig",
        },
        graph => {
            const networks = new Set(graph.ofType(gkeCluster).flatMap(each => graph.sourcesOf(each, "network", network)));
            const denied = groupBy(
                graph.ofType(firewall).filter(deniesAll).flatMap(rule => graph.sourcesOf(rule, "network", network)),
                ({ urn }) => urn,
            );
            return [...networks]
                .filter(({ urn }) => !denied.has(urn))
                .map(resource => ({ resource, found: "no firewall of it denies and logs what others don't allow" }));
        },
    ),
    resourceRule(
        {
            name: "gcp-firewall-world",
            level: "mandatory",
            why: "Load balancers bring clients in; a way for the world to a node's own ports is for attackers.",
            ids: ["CKV2_GCP_12", "CKV_GCP_2", "CKV_GCP_3"],
            fix: "name the networks in sourceRanges, or the ports that clients use in allows",
        },
        firewall,
        ({ direction, disabled, sourceRanges, sourceTags, sourceServiceAccounts, allows }) => {
            const named = [...items(sourceTags), ...items(sourceServiceAccounts)].length > 0;
            const open = items(sourceRanges).length === 0 ? !named : items(sourceRanges).some(isWorld);
            return (
                direction !== "EGRESS" &&
                disabled !== true &&
                open &&
                items(allows)
                    .filter(({ ports }) => opensMachines(items(ports)))
                    .map(({ protocol, ports }) => `sourceRanges is ${shown(sourceRanges)}, and it allows ${[protocol ?? "all", ...items(ports)].join(" ")}`)
            );
        },
    ),
    resourceRule(
        {
            name: "gcp-flow-logs",
            level: "advisory",
            why: "After a break-in, or in an outage, flow logs are all that says who talked to whom.",
            ids: ["CKV_GCP_26", "CIS GKE 5.6.1"],
            fix: "set logConfig, with a flowSampling over 0",
        },
        subnet,
        ({ purpose, logConfig }) => {
            if (isSet(purpose) && proxyPurposes.includes(purpose)) {
                return false;
            }
            return isSet(logConfig) ? logConfig.flowSampling === 0 && "logConfig.flowSampling is 0" : "logConfig is not set";
        },
    ),
    resourceRule(
        {
            name: "gcp-tls-policy",
            level: "mandatory",
            why: "TLS before 1.2, and ciphers without forward secrecy, can be read by others.",
            ids: ["CKV_GCP_4"],
            fix: "set minTlsVersion to \"TLS_1_2\" and profile to \"MODERN\"",
        },
        "gcp:compute/sSLPolicy:SSLPolicy",
        ({ minTlsVersion, profile, customFeatures }) => {
            const weak = items(customFeatures).filter(cipher => weakCiphers.includes(cipher));
            return [
                // Both defaults are the weak ones: TLS_1_0 and COMPATIBLE.
                ...(isSet(minTlsVersion) && safeVersions.includes(minTlsVersion) ? [] : [`minTlsVersion is ${shown(minTlsVersion)}`]),
                ...(profile === "CUSTOM" || (isSet(profile) && safeProfiles.includes(profile)) ? [] : [`profile is ${shown(profile)}`]),
                ...(weak.length === 0 ? [] : [`customFeatures has ${weak.join(", ")}`]),
            ];
        },
    ),
];

/** Whether a firewall is there to refuse and write down what others don't allow. */
function deniesAll(rule: Typed<typeof firewall>): boolean {
    return refusesWorld(rule) && isSet(rule.inputs.logConfig);
}

/** Whether ports, as `["80", "1000-2000"]`, are all there are, or have one of a machine's own. */
function opensMachines(ports: readonly string[]): boolean {
    return (
        ports.length === 0 ||
        ports.some(range => {
            const [first = NaN, last = first] = range.split("-").map(Number);
            return machinePorts.some(([lowest, highest]) => first <= highest && lowest <= last);
        })
    );
}
