import { parse } from "yaml";

import { type Mapping, isMapping, textOf } from "../policy/values";

/** An object that a chart renders, or that a plan registers. */
export interface KubernetesObject {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    /** Where it is; for what is of the whole cluster, whatever it says. */
    readonly namespace: string;
    readonly labels: Mapping;
    readonly annotations: Mapping;
    readonly body: Mapping;
}

const definition = /^kind: "?CustomResourceDefinition"?\s*$/m;

/** A rendered text, taken apart. */
export interface Rendering {
    readonly objects: readonly KubernetesObject[];
    /** Texts of custom resource definitions: these are large, and few of them are looked into. */
    readonly definitions: readonly string[];
}

/** Takes a rendered text apart. Objects without a namespace get the release's. */
export function readRendering(text: string, namespace: string): Rendering {
    const documents = documentsIn(text);
    return {
        definitions: documents.filter(document => definition.test(document)),
        objects: documents.filter(document => !definition.test(document)).flatMap(document => objectsIn(parse(document, { uniqueKeys: false }), namespace)),
    };
}

/** The documents of a text. */
export function documentsIn(text: string): readonly string[] {
    return text.split(/^---.*$/m);
}

/** An object, or the items of a list of such; none where the document is empty. */
export function objectsIn(body: unknown, namespace: string): readonly KubernetesObject[] {
    if (!isMapping(body)) {
        return [];
    }
    const { apiVersion, kind, metadata, items } = body;
    if (textOf(kind).endsWith("List") && Array.isArray(items)) {
        return items.flatMap(item => objectsIn(item, namespace));
    }
    const said = mappingOf(metadata);
    return [
        {
            apiVersion: textOf(apiVersion),
            kind: textOf(kind),
            name: textOf(said["name"]),
            namespace: textOf(said["namespace"]) || namespace,
            labels: mappingOf(said["labels"]),
            annotations: mappingOf(said["annotations"]),
            body,
        },
    ];
}

/** A value as a mapping; empty where it is none. */
export function mappingOf(value: unknown): Mapping {
    return isMapping(value) ? value : {};
}

/** What is at a path of keys; undefined where a step leads nowhere. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
    return keys.reduce<unknown>((inner, key) => (isMapping(inner) ? inner[key] : undefined), value);
}

/** A mapping at a path; empty where there is none. */
export function mappingAt(value: unknown, ...keys: readonly string[]): Mapping {
    return mappingOf(valueAt(value, ...keys));
}

/** Mappings in a list at a path; none where there is no list. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly Mapping[] {
    const list = valueAt(value, ...keys);
    return Array.isArray(list) ? list.filter(isMapping) : [];
}

/** A number at a path; undefined where there is none. */
export function numberAt(value: unknown, ...keys: readonly string[]): number | undefined {
    const found = valueAt(value, ...keys);
    return typeof found === "number" ? found : undefined;
}

/** Whether a label selector picks labels; an empty one picks all. https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ */
export function selects(selector: unknown, labels: Mapping): boolean {
    return (
        Object.entries(mappingAt(selector, "matchLabels")).every(([key, value]) => labels[key] === value) &&
        listAt(selector, "matchExpressions").every(({ key, operator, values }) => {
            const label = labels[textOf(key)];
            const listed = Array.isArray(values) && values.includes(label);
            switch (operator) {
                case "In":
                    return listed;
                case "NotIn":
                    return !listed;
                case "Exists":
                    return label !== undefined;
                default:
                    return operator === "DoesNotExist" && label === undefined;
            }
        })
    );
}

/** An object in words: "Deployment monitoring/grafana". */
export function inWords({ kind, namespace, name }: KubernetesObject): string {
    return `${kind} ${namespace}/${name}`;
}
