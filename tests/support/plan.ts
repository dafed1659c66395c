import { readStackFile } from "../../plan/stackFile";
import { type PlannedStack, planStack } from "../../plan/run";
import type { RecordedResource } from "../../plan/recorder";
import { revealSecrets } from "../../plan/wire";

/** The project's own directory: where the stack files are. */
export const projectDirectory = `${__dirname}/../..`;

/** A section of `holdfast:` as YAML would say it. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** Runs the program with a config written in a test. */
export function planConfig(config: RawConfig, stack = "test"): Promise<PlannedStack> {
    const qualified = Object.fromEntries(Object.entries(config).map(([key, value]) => [`holdfast:${key}`, value]));
    return planStack(projectDirectory, { project: "holdfast", stack, config: qualified });
}

/** Runs the program with the config of one of the project's stacks. */
export function planProjectStack(stack: string): Promise<PlannedStack> {
    return planStack(projectDirectory, readStackFile(projectDirectory, stack));
}

/** The one resource of a type with a name. Throws where there is none. */
export function find({ recording }: PlannedStack, type: string, name: string): RecordedResource {
    const found = recording.resources.filter(resource => resource.type === type && resource.name === name);
    const [only] = found;
    if (only === undefined || found.length !== 1) {
        const names = recording.resources.filter(resource => resource.type === type).map(resource => resource.name);
        throw new Error(`${found.length} resources ${type} ${name}; of the type there are: ${names.join(", ")}`);
    }
    return only;
}

/** All resources of a type. */
export function all({ recording }: PlannedStack, type: string): RecordedResource[] {
    return recording.resources.filter(resource => resource.type === type);
}

/** The inputs of a resource, secrets in the clear. */
export function inputsOf<T = Record<string, unknown>>(resource: RecordedResource): T {
    return revealSecrets(resource.wireInputs) as T;
}

/** The tags of a resource of AWS in stack test: that which tells it from all others, and more. */
export function tagsOf(name: string, others: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
    return { ...others, "holdfast:resource": `holdfast/test/${name}` };
}

/** A small config of each kind of cluster, for tests to change. */
export const clusterConfigs = {
    eks: {
        name: "east",
        kind: "eks",
        region: "us-east-1",
        zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
        cidr: "10.16.0.0/16",
        admins: ["arn:aws:iam::123456789012:role/platform"],
        apiAccess: ["203.0.113.0/24"],
    },
    gke: {
        name: "central",
        kind: "gke",
        project: "acme-prod",
        region: "us-central1",
        zones: ["us-central1-a", "us-central1-b", "us-central1-c"],
        cidr: "10.32.0.0/16",
        apiAccess: ["203.0.113.0/24"],
    },
    existing: { name: "local", kind: "existing", context: "minikube" },
} as const;

/** Node pools for a cluster of a kind. */
export const poolNodes = {
    eks: { mode: "pools", pools: [{ name: "general", machine: "m7i.large", minNodes: 3, maxNodes: 9 }] },
    gke: { mode: "pools", pools: [{ name: "general", machine: "n2-standard-2", minNodes: 3, maxNodes: 9 }] },
} as const;

/** The least app there is. */
export const minimalApp = { name: "shop", image: "ghcr.io/stefanprodan/podinfo:6.9.2" } as const;
