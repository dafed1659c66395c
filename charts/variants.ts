import { ConfigError, parseConfig } from "../components/config";
import { formatProblem } from "../components/config/problems";
import { addOns } from "../components/platform";
import type { PlannedStack } from "../plan/run";
import { full } from "../tests/config/support";
import { clusterConfigs, planConfig, poolNodes, type RawConfig } from "../tests/support/plan";

/** A cluster to put every add-on on. */
export interface Variant {
    /** In file names: "eks-auto". */
    readonly key: string;
    readonly label: string;
    /** Its cluster, and one of another cloud for what add-ons keep elsewhere. */
    readonly clusters: readonly [RawConfig, RawConfig];
    /** Settings of add-ons that are only for this one, before those that all get. */
    readonly platform?: RawConfig;
}

/** Twenty letters, the most there may be: names that are made of it are as long as they get. */
export const clusterName = "a-name-of-20-letters";

const { eks, gke, existing } = clusterConfigs;
const [eksPools, gkePools] = [{ ...eks, nodes: poolNodes.eks }, { ...gke, nodes: poolNodes.gke }];

/** Of a platform team that runs its own: everything that an add-on asks of such a cluster is there, but no metrics-server. */
const racks = { ...existing, zones: ["rack-a", "rack-b", "rack-c"], issuer: "https://oidc.example.com/rack", volumeSnapshots: true, metricsServer: false };

const bucket = { name: "acme-backups", region: "us-east-1", url: "https://minio.example.com:9000", keyId: "backups", key: "example-of-a-key" };
const endpoint = { host: "logs.example.com", port: 443, secret: "c2hpcHBlcjpleGFtcGxl" };

/** Every kind of cluster, in every way that makes a difference to an add-on. */
export const variants: readonly Variant[] = [
    { key: "eks-auto", label: "EKS Auto Mode", clusters: [{ ...eks, name: clusterName }, gkePools] },
    { key: "eks-pools", label: "EKS node pools", clusters: [{ ...eksPools, name: clusterName }, gkePools] },
    { key: "gke-auto", label: "GKE Autopilot", clusters: [{ ...gke, name: clusterName }, eks] },
    { key: "gke-pools", label: "GKE node pools", clusters: [{ ...gkePools, name: clusterName }, eks] },
    { key: "racks", label: "existing, three zones", clusters: [{ ...racks, name: clusterName }, eks], platform: { storage: { rook: { devices: "^sd[b-z]$" } }, backup: { bucket } } },
    { key: "local", label: "existing, one zone", clusters: [{ ...existing, name: clusterName }, eks], platform: { logging: { to: endpoint }, mesh: { distribution: "minikube" } } },
];

/** A variant's plan. */
export interface PlannedVariant {
    readonly variant: Variant;
    readonly plan: PlannedStack;
    /** Keys of the add-ons that are refused there, with what is said to it. */
    readonly without: ReadonlyMap<string, string>;
}

/**
 * Plans a variant with every add-on on that takes it, each with the settings that the tests of config know as sound.
 *
 * @throws ConfigError where the config is refused without any add-on.
 */
export async function planVariant(variant: Variant): Promise<PlannedVariant> {
    const base = { ...full, clusters: variant.clusters, failover: { ...full.failover, primary: clusterName } };
    parseConfig({ ...base, platform: {} });
    const platform = allAccepted(base, variant.platform ?? {});
    const refused = addOns.filter(({ key }) => platform[key] === undefined).map(({ key }): [string, string] => [key, refusal({ ...base, platform: { ...platform, [key]: true } }) ?? ""]);
    return { variant, plan: await planConfig({ ...base, platform }), without: new Map(refused) };
}

/** The settings of every add-on that is accepted. One that needs another is asked again once that is there. */
function allAccepted(base: RawConfig, own: RawConfig): RawConfig {
    const shared: RawConfig = full.platform;
    let platform: RawConfig = {};
    for (let before = -1; before < Object.keys(platform).length; ) {
        before = Object.keys(platform).length;
        for (const { key } of addOns) {
            const settings = [own[key], shared[key], true].filter(value => value !== undefined);
            const fitting = platform[key] === undefined ? settings.find(value => refusal({ ...base, platform: { ...platform, [key]: value } }) === undefined) : undefined;
            platform = fitting === undefined ? platform : { ...platform, [key]: fitting };
        }
    }
    return platform;
}

/** The problems of a config, or undefined for none. */
function refusal(config: RawConfig): string | undefined {
    try {
        parseConfig(config);
        return undefined;
    } catch (error) {
        if (error instanceof ConfigError) {
            return error.problems.map(formatProblem).join("; ");
        }
        throw error;
    }
}
