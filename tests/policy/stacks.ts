import { planConfig, planProjectStack, poolNodes, projectDirectory } from "../support/plan";
import { policyResources } from "../../plan/policy";
import type { PlannedStack } from "../../plan/run";
import { readStackFile } from "../../plan/stackFile";
import type { Resource } from "../../policy/graph";

/** Stacks that rules are tried on, each planned once. */
const stacks = {
    prod: () => planProjectStack("prod"),
    dev: () => planProjectStack("dev"),
    hello: () => planProjectStack("hello"),
    /** prod with node pools in place of nodes that the clouds manage. */
    pools: () => planConfig(withPools(), "pools"),
    /** prod with all that an app can ask for. */
    full: () => planConfig(withEverything(), "full"),
} satisfies Readonly<Record<string, () => Promise<PlannedStack>>>;

export type StackName = keyof typeof stacks;

export const stackNames = Object.keys(stacks) as readonly StackName[];

const captured = new Map<StackName, readonly Resource[]>();

/** What a stack registers, as rules see it. */
export async function capture(name: StackName): Promise<readonly Resource[]> {
    const resources = captured.get(name) ?? policyResources((await stacks[name]()).recording);
    captured.set(name, resources);
    return resources;
}

type Section = Readonly<Record<string, unknown>>;

/** The sections of stack prod, as its file says them. */
function prodSections(): { readonly clusters: readonly Section[]; readonly app: Section; readonly failover: Section } {
    const { config } = readStackFile(projectDirectory, "prod");
    return {
        clusters: config["holdfast:clusters"] as readonly Section[],
        app: config["holdfast:app"] as Section,
        failover: config["holdfast:failover"] as Section,
    };
}

function withPools(): Section {
    const sections = prodSections();
    const pools: Readonly<Record<string, unknown>> = poolNodes;
    return { ...sections, clusters: sections.clusters.map(cluster => ({ ...cluster, nodes: pools[String(cluster["kind"])] })) };
}

function withEverything(): Section {
    const { app, ...sections } = prodSections();
    return {
        ...sections,
        app: {
            ...app,
            env: { CURRENCY: "EUR" },
            secrets: { API_TOKEN: "hunter2" },
            files: { mountPath: "/etc/shop", data: { "shop.conf": "currency = EUR\n" } },
            jobs: [
                { name: "migrate", command: ["./migrate"] },
                { name: "report", command: ["./report"], schedule: "30 3 * * *" },
            ],
            network: { egress: [{ cidr: "203.0.113.0/24", ports: [443] }] },
        },
    };
}
