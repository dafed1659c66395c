import { parseAllDocuments } from "yaml";

import { type AddressKind, kindOf } from "../../components/cluster";
import { manifestsOf } from "../../plan/manifests";
import { objectsByCluster } from "../../plan/objects";
import type { RecordedResource } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import type { KubeObject } from "../api";
import type { DrillResult } from "../result";
import { type Expected, expectedOf } from "./expected";
import { withoutReferences } from "./references";

/** What is put on a stage: a cluster's objects, and what the cluster is like. */
export interface Subject {
    readonly subject: DrillResult["subject"];
    /** Name of the cluster. */
    readonly cluster: string;
    readonly region: string;
    /** Kubernetes minor version that config asks for; undefined where the cluster decides. */
    readonly version: string | undefined;
    /** At least one. */
    readonly zones: readonly string[];
    /** What the cluster's load balancers have. */
    readonly addressKind: AddressKind;
    /** As they are applied, each with its namespace. */
    readonly objects: readonly KubeObject[];
    /** What config says of the app; undefined for a naive stack, which has none. */
    readonly expected: Expected | undefined;
    /** References such as ${east-shop-entry.name} that were replaced: what only an update knows. */
    readonly replaced: readonly string[];
}

/**
 * The clusters of a planned stack that have an app. Their objects are those of out/<stack>/manifests, without those of
 * add-ons: secrets are masked, and Helm charts are not among them. A cluster that names no zones has one.
 */
export function stackSubjects({ config, recording }: PlannedStack): readonly Subject[] {
    const objects = objectsByCluster(recording.resources);
    const names = new Set(recording.resources.map(({ name }) => name));
    const { app } = config;
    return config.clusters
        .filter(() => app !== undefined)
        .map(cluster => {
            const { region, zones, version } = kindOf(cluster).describe(cluster);
            const { value, replaced } = withoutReferences(parseObjects(manifestsOf((objects.get(cluster.name) ?? []).filter(isOfNoAddOn))), names);
            return {
                subject: "stack",
                cluster: cluster.name,
                region,
                version,
                zones: zones.length > 0 ? zones : [`${region}-1`],
                addressKind: kindOf(cluster).addressKind,
                objects: value,
                expected: app === undefined ? undefined : expectedOf(app),
                replaced,
            };
        });
}

/** Whether an object is the app's or the cluster's: what add-ons bring is mostly in charts, which no drill applies. */
function isOfNoAddOn({ urn }: RecordedResource): boolean {
    return !urn.includes("holdfast:platform:Platform$");
}

/** The naive stack: manifests from a file, on a cluster of three zones. */
export function naiveSubject(yaml: string): Subject {
    return { subject: "naive", cluster: "naive", region: "naive", version: undefined, zones: ["naive-a", "naive-b", "naive-c"], addressKind: "ip", objects: parseObjects(yaml), expected: undefined, replaced: [] };
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
