import { type Api, type KubeObject, kindOf } from "../api";
import { applyOrder, nameOf } from "./apply";

/** What a second apply changed of an object. */
export interface Change {
    /** "Deployment shop/web". */
    readonly object: string;
    /** Paths of what is different, such as "spec.replicas". */
    readonly paths: readonly string[];
}

/**
 * Applies objects that are there already, and compares each with what it was the moment before. An apply of the same writes
 * nothing at all; the API server takes even its new time out of managedFields (apiserver, fieldmanager/equality.go). What
 * differs all the same is not the apply's doing: controllers write an object's status between the two looks (a quota's use,
 * an autoscaler's numbers), and the managedFields of an object that nobody owns a field of, such as a Namespace of no
 * more than a name, are begun by the second apply and not by the first (managedfields/internal/skipnonapplied.go). So
 * all is compared but the status and the books that the API server keeps: resourceVersion and managedFields.
 */
export async function applyTwice(api: Api, objects: readonly KubeObject[]): Promise<readonly Change[]> {
    const changes: Change[] = [];
    for (const object of applyOrder(objects)) {
        const { name, namespace } = object.metadata;
        const before = await api.get({ kind: kindOf(object.apiVersion, object.kind), name, ...(namespace === undefined ? {} : { namespace }) });
        const after = await api.apply(object);
        const paths = differences(before, after).filter(path => !ignored.test(path));
        if (paths.length > 0) {
            changes.push({ object: nameOf(object), paths });
        }
    }
    return changes;
}

/** Paths that others write to, or the API server for itself. */
const ignored = /^(status(\..*)?|metadata\.(resourceVersion|managedFields))$/;

/** Paths at which two values are not the same. */
export function differences(before: unknown, after: unknown, path = ""): readonly string[] {
    if (isRecord(before) && isRecord(after)) {
        const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
        return keys.flatMap(key => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
    }
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
