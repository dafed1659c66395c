import { isRecord } from "../../components/config/fields";
import { madeUpName } from "../mocks/kubernetes";
import { reference } from "../mocks/reference";
import type { PlannedResource } from "../summary";
import { masked } from "../wire";
import type { Inputs } from "./paths";

/** Stands in a comparison for what only the update will know. No text of a plan is like it. */
const unknownValue = "\u0000unknown\u0000";

/** Inputs with the values in them that will be others, because what they come from is replaced. */
export interface Carried {
    readonly inputs: Inputs;
    /** Names of the replaced resources that they come from. */
    readonly from: readonly string[];
}

/**
 * A resource's inputs as an update will have them, where some of what they take values from is replaced: a
 * text that refers to such a resource, by what its cloud gives it, will be another one. So may a secret
 * that comes from it. Values that repeat what the program gave, such as a fixed name, stay.
 */
export function carriedInputs({ inputs, propertyDependencies }: PlannedResource, replaced: ReadonlyMap<string, PlannedResource>): Carried {
    const own = isRecord(inputs) ? inputs : {};
    const from = new Set<string>();
    const entries = Object.entries(own).map(([input, value]) => {
        const sources = (propertyDependencies[input] ?? []).flatMap(urn => replaced.get(urn) ?? []);
        return [input, sources.reduce((carried, source) => withoutReferences(carried, source, from), value)] as const;
    });
    return { inputs: Object.fromEntries(entries), from: [...from].sort() };
}

function withoutReferences(value: unknown, source: PlannedResource, from: Set<string>): unknown {
    if (Array.isArray(value)) {
        return value.map(item => withoutReferences(item, source, from));
    }
    if (isRecord(value)) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutReferences(item, source, from)]));
    }
    if (typeof value !== "string" || !holds(value, source)) {
        return value;
    }
    from.add(source.name);
    return `${unknownValue}${value}`;
}

/** Whether a text holds something that a resource gets only when it is made. */
function holds(text: string, { name, urn }: PlannedResource): boolean {
    return text === masked || text.includes(reference(name, "").slice(0, -1)) || text.includes(madeUpName(name, urn));
}

/**
 * Inputs with each one unknown that takes its value from some resources: how the engine asks whether a
 * resource must go before what it depends on can be deleted.
 */
export function unknownInputs({ inputs, propertyDependencies }: PlannedResource, isGone: (urn: string) => boolean): Carried["inputs"] {
    const own = isRecord(inputs) ? inputs : {};
    return Object.fromEntries(
        Object.entries(own).map(([input, value]) => [input, (propertyDependencies[input] ?? []).some(isGone) ? unknownValue : value]),
    );
}
