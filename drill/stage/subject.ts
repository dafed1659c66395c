import { parseAllDocuments } from "yaml";

import { type AddressKind, kindOf } from "../../components/cluster";
import { manifestsOf } from "../../plan/manifests";
import { objectsByCluster } from "../../plan/objects";
import type { PlannedStack } from "../../plan/run";
import type { KubeObject } from "../api";
import type { DrillResult } from "../result";
import { withoutReferences } from "./references";

/** What is put on a stage: a cluster's objects, and what the cluster is like. */
export interface Subject {
    readonly subject: DrillResult["subject"];
    /** Name of the cluster. */
    readonly cluster: string;
    readonly region: string;
    /** At least one. */
    readonly zones: readonly string[];
    /** What the cluster's load balancers have. */
    readonly addressKind: AddressKind;
    /** As they are applied, each with its namespace. */
    readonly objects: readonly KubeObject[];
    /** References such as ${east-shop-entry.name} that were replaced: what only an update knows. */
    readonly replaced: readonly string[];
}

/**
 * The clusters of a planned stack that have an app. Their objects are those of out/<stack>/manifests: secrets are masked, and
 * Helm charts are not among them. A cluster that names no zones has one.
 */
export function stackSubjects({ config, recording }: PlannedStack): readonly Subject[] {
    const objects = objectsByCluster(recording.resources);
    const names = new Set(recording.resources.map(({ name }) => name));
    return config.clusters
        .filter(() => config.app !== undefined)
        .map(cluster => {
            const { region, zones } = kindOf(cluster).describe(cluster);
            const { value, replaced } = withoutReferences(parseObjects(manifestsOf(objects.get(cluster.name) ?? [])), names);
            return {
                subject: "stack",
                cluster: cluster.name,
                region,
                zones: zones.length > 0 ? zones : [`${region}-1`],
                addressKind: kindOf(cluster).addressKind,
                objects: value,
                replaced,
            };
        });
}

/** The naive stack: manifests from a file, on a cluster of three zones. */
export function naiveSubject(yaml: string): Subject {
    return { subject: "naive", cluster: "naive", region: "naive", zones: ["naive-a", "naive-b", "naive-c"], addressKind: "ip", objects: parseObjects(yaml), replaced: [] };
}

/** Objects of a YAML file with several documents. Throws where one is no Kubernetes object. */
function parseObjects(yaml: string): readonly KubeObject[] {
    return parseAllDocuments(yaml).map(document => {
        const object: unknown = document.toJS();
        if (!isObject(object)) {
            throw new Error(`no Kubernetes object: ${JSON.stringify(object)}`);
        }
        return object;
    });
}

function isObject(value: unknown): value is KubeObject {
    const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Record<string, unknown>>;
    return typeof apiVersion === "string" && typeof kind === "string" && typeof (metadata as Partial<Record<string, unknown>> | undefined)?.["name"] === "string";
}
