/** Plans that between them register every type that the program can. */
import { addOns } from "../../../components/platform";
import type { PlannedStack } from "../../../plan/run";
import { stacksIn } from "../../../plan/stackFile";
import { bucket, west } from "../../platform/backupPlans";
import { fullApp, zonedCluster } from "../../support/kubernetes";
import { clusterConfigs, planConfig, planProjectStack, poolNodes, projectDirectory, type RawConfig } from "../../support/plan";

/** An app with every part, and a TLS Secret that clouds of all kinds can do with. */
export const app: RawConfig = { ...fullApp, ingress: { host: "shop.example.com", tls: { zone: "example.com", issuer: "letsencrypt-dns" } } };

export const failover: RawConfig = { domain: "shop.example.com", zone: "example.com", primary: "east" };

/** Clusters of both clouds with node pools. */
export const pools = { eks: { ...clusterConfigs.eks, nodes: poolNodes.eks }, gke: { ...clusterConfigs.gke, nodes: poolNodes.gke } };

const everyAddOn: RawConfig = Object.fromEntries(addOns.map(({ key }) => [key, key === "certificates" ? { email: "ops@example.com" } : true]));
const local: RawConfig = { ...zonedCluster, issuer: "https://issuer.example.com", volumeSnapshots: true };

const configs: readonly RawConfig[] = [
    { clusters: [clusterConfigs.eks, pools.gke], app, failover: { ...failover, failback: "manual" }, platform: everyAddOn },
    { clusters: [pools.eks, pools.gke], app, failover, platform: everyAddOn },
    { clusters: [clusterConfigs.eks, west], app, platform: { backup: true } },
    { clusters: [local], app, platform: { ...everyAddOn, storage: { rook: { devices: "all" } }, backup: { bucket } } },
    { clusters: [clusterConfigs.gke], app, platform: { backup: { region: "europe-west1" }, autoscaling: true, storage: true } },
    { clusters: [zonedCluster], app, platform: { logging: { to: { host: "logs.example.com", secret: "canary" } }, monitoring: { alerts: { webhook: "https://pager.example.com" }, metrics: {} } } },
];

/** The project's stacks, and stacks with every add-on and each way that nodes come about. */
export async function everyPlan(): Promise<readonly PlannedStack[]> {
    const plans: PlannedStack[] = [];
    // One at a time: the SDK keeps its settings for the whole process.
    for (const stack of stacksIn(projectDirectory)) {
        plans.push(await planProjectStack(stack));
    }
    for (const config of configs) {
        plans.push(await planConfig(config));
    }
    return plans;
}
