import { stringify } from "yaml";

import type { RecordedResource } from "./recorder";
import { madeUpName } from "./mocks/kubernetes";

type Inputs = Readonly<Record<string, unknown>>;

/** Kubernetes reads YAML 1.1, to which a plain yes is a boolean: such words must be in quotes. */
const yamlOptions = { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false } as const;

/** Types of the Kubernetes provider that stand for a chart, not for one object. */
const charts = "kubernetes:helm.sh/";

/** Kinds in the order in which they must exist; all others come after. */
const firstKinds = ["Namespace", "PriorityClass", "StorageClass", "ResourceQuota", "LimitRange", "ServiceAccount", "ConfigMap", "Secret"];

/**
 * A cluster's Kubernetes objects as YAML, ready for `kubectl apply --server-side`. Secrets are
 * masked, and references such as ${east.endpoint} stand for what is known only after an update.
 */
export function manifestsOf(cluster: readonly RecordedResource[]): string {
    const objects = cluster.filter(({ type }) => !type.startsWith(charts)).map(objectOf);
    const ranked = objects.map((object, index) => ({ object, rank: rankOf(object), index }));
    return ranked
        .sort((a, b) => a.rank - b.rank || a.index - b.index)
        .map(({ object }) => `---\n${stringify(object, yamlOptions)}`)
        .join("");
}

/** An object with its API version and kind first, and a name where it left that to Pulumi. */
function objectOf({ type, name, urn, inputs }: RecordedResource): Inputs {
    const { apiVersion, kind, metadata, ...rest } = inputs as Inputs;
    const [, group = "", fallbackKind = ""] = type.split(":");
    return {
        apiVersion: apiVersion ?? group.replace(/^core\//, ""),
        kind: kind ?? fallbackKind,
        metadata: { name: madeUpName(name, urn), ...(metadata as Inputs | undefined) },
        ...rest,
    };
}

function rankOf({ kind }: Inputs): number {
    const rank = firstKinds.indexOf(String(kind));
    return rank === -1 ? firstKinds.length : rank;
}
