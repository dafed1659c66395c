import type { Identity } from "./ids";
import { type Properties, type StateResource, revealed } from "./state";

/**
 * Where Pulumi's bridged providers note which inputs they filled in themselves, names that they made up among them, at each level
 * (`__defaults` of pulumi/pulumi-terraform-bridge).
 */
const filledInKey = "__defaults";

/** Inputs that are names, by which a thing is found. */
const nameKeys: readonly unknown[] = ["name", "bucket", "accountId", "nodeGroupName"];

/** Whether both are made from the same, by the same provider: names that providers made up tell no difference. */
export function areAlike(a: StateResource, b: StateResource, identity: Identity | undefined): boolean {
    const madeOf = ({ inputs, provider }: StateResource): string => {
        const known = revealed(inputs);
        return JSON.stringify([ordered(asked(identity?.asked?.(known) ?? known)), provider]);
    };
    return madeOf(a) === madeOf(b);
}

/** Whether a provider made its name up: nobody else has that one. */
export function hasMadeUpName(inputs: Properties): boolean {
    return filledIn(inputs).some(key => nameKeys.includes(key));
}

function filledIn(inputs: Properties): readonly unknown[] {
    const keys = inputs[filledInKey];
    return Array.isArray(keys) ? (keys as readonly unknown[]) : [];
}

/** A value without what providers filled in. */
function asked(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(asked);
    }
    if (!isObject(value)) {
        return value;
    }
    const own = filledIn(value);
    return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (key === filledInKey || own.includes(key) ? [] : [[key, asked(item)]])));
}

/** A value whose keys are in order, at every level. */
function ordered(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(ordered);
    }
    return isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, ordered(item)])) : value;
}

function isObject(value: unknown): value is Properties {
    return typeof value === "object" && value !== null;
}
