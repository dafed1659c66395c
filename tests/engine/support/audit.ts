import { namesOf } from "../cloud/kind";
import type { Thing, World } from "../cloud/world";
import type { Properties } from "../provider/wire";

/** A resource as the engine's state has it. */
export interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly custom: boolean;
    readonly inputs?: Properties;
    readonly parent?: string;
    readonly protect?: boolean;
    readonly dependencies?: readonly string[];
    readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
    readonly provider?: string;
    readonly delete?: boolean;
}

/** What a stack's state holds. */
export interface State {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly { readonly type: string; readonly resource: StateResource }[];
}

/** What an update left where it should not be. */
export interface Audit {
    /** Things that were made for a resource and that the state does not have. */
    readonly orphans: readonly string[];
    /** Resources for which several things are there. */
    readonly duplicates: readonly string[];
    /** Resources of the state that are not there. */
    readonly missing: readonly string[];
    /** Operations of the state that were never ended. */
    readonly pending: readonly string[];
}

/** Nothing is where it should not be. */
export const clean: Audit = { orphans: [], duplicates: [], missing: [], pending: [] };

/** Packages of resources that have no things: components, and the engine's own. */
const without = ["holdfast:", "pulumi:", "kubernetes:helm.sh/v4:Chart"];

/** Holds what is there against what the engine believes. */
export function audit(world: World, ...states: readonly State[]): Audit {
    const known = states.flatMap(({ resources = [] }) => resources).filter(({ type, custom }) => custom && !without.some(prefix => type.startsWith(prefix)));
    const made = world.all().filter(({ urn }) => urn !== undefined);
    // By type and id: two resources may stand for one thing, as two certificates' proofs for one record, and a resource may have another URN by now.
    const key = ({ type, id }: { readonly type: string; readonly id?: string }): string => `${type} ${id ?? ""}`;
    const told = ({ urn, type, id }: { readonly urn?: string | undefined; readonly type: string; readonly id?: string }): string => `${urn ?? type} ${id ?? ""}`;
    const inState = new Set(known.map(key));
    const there = new Set(world.all().map(key));
    const urns = made.map(({ urn }) => urn ?? "");
    return {
        orphans: made.filter(thing => !inState.has(key(thing))).map(told),
        duplicates: [...new Set(urns.filter((urn, index) => urns.indexOf(urn) !== index))],
        missing: known.filter(resource => !there.has(key(resource))).map(told),
        pending: states.flatMap(({ pending_operations: pending }) => pending ?? []).map(({ type, resource }) => `${type} ${resource.urn}`),
    };
}

/**
 * What is there, without what differs from one time to the next: ids, made-up names and addresses are written as what they
 * belong to. Two worlds that were made from one config read the same.
 */
export function canonical(world: World): readonly string[] {
    const things = world.all();
    const labels = new Map<string, string>();
    for (const thing of things) {
        // Its own: what it only takes from others is named by them.
        const own = Object.entries(thing.outputs).filter(([key]) => thing.inputs[key] === undefined);
        for (const name of [...namesOf(thing), ...own.map(([, value]) => value).filter(value => typeof value === "string")]) {
            if (isMadeUp(name)) {
                labels.set(name, `<${thing.urn ?? thing.type}>`);
            }
        }
    }
    const ordered = [...labels].sort(([a], [b]) => b.length - a.length);
    const relabel = (text: string): string => ordered.reduce((result, [from, to]) => result.replaceAll(from, to), text);
    return things.map(({ place, type, urn, inputs, ready }: Thing) => relabel(JSON.stringify({ place, type, urn: urn ?? null, inputs: sorted(inputs), ready }))).sort();
}

/** Whether a text is, or holds, something that a cloud or Pulumi made up: an id, the end of a name, an address. */
function isMadeUp(text: string): boolean {
    return /[0-9a-f]{17}|-[0-9a-f]{7}\b|^\d+(\.\d+){3}$/.test(text);
}

function sorted(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(sorted);
    }
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)])) : value;
}
