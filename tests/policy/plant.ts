/** Ways to plant a defect in a captured stack. Each makes a copy, and fails where there is nothing to break. */
import assert from "node:assert/strict";

import { valueAt } from "../../components/config/issues";
import type { InputsByType, RuledType } from "../../policy/inputs";
import type { Resource } from "../../policy/graph";
import { change, keysOf } from "../config/support";
import type { StackName } from "./stacks";

type Stack = readonly Resource[];
export type Plant = (stack: Stack) => Stack;

/** A defect, and the rule that must see it. */
export interface Mutant {
    /** What is broken, for people: "public endpoint open to the world". */
    readonly defect: string;
    /** The one rule that fires. */
    readonly rule: string;
    /** The stack that it is planted in; by default prod. */
    readonly stack?: StackName;
    readonly plant: Plant;
}

function indexOf(stack: Stack, type: string, name: string): number {
    const index = stack.findIndex(resource => resource.type === type && resource.name === name);
    const others = stack.filter(resource => resource.type === type).map(resource => resource.name);
    assert.ok(index >= 0, `no ${type} ${name}; of the type there are: ${others.join(", ")}`);
    return index;
}

function edit(stack: Stack, type: string, name: string, changed: (resource: Resource) => Resource): Stack {
    const index = indexOf(stack, type, name);
    return stack.map((resource, place) => (place === index ? changed(resource) : resource));
}

/**
 * One input changed: `path` as in "spec.ports[0].port", `value` what stands there then (undefined removes
 * it), or a function of what stood there.
 */
export function set(type: RuledType, name: string, path: string, value: unknown): Plant {
    return stack =>
        edit(stack, type, name, resource => {
            const before = valueAt(resource.inputs, keysOf(path));
            const after: unknown = typeof value === "function" ? (value as (old: unknown) => unknown)(before) : value;
            assert.notDeepEqual(after, before, `${type} ${name} has that at ${path} already`);
            return { ...resource, inputs: change(resource.inputs, path, after) };
        });
}

/** One key of a mapping changed, for keys with dots in them; undefined removes it. */
export function setKey(type: RuledType, name: string, path: string, key: string, value: unknown): Plant {
    return set(type, name, path, (mapping: Readonly<Record<string, unknown>> | undefined) => {
        const changed = { ...mapping, [key]: value };
        return value === undefined ? Object.fromEntries(Object.entries(changed).filter(([each]) => each !== key)) : changed;
    });
}

/** One resource less. */
export function drop(type: RuledType, name: string): Plant {
    return stack => {
        const index = indexOf(stack, type, name);
        return stack.filter((_, place) => place !== index);
    };
}

/** One resource more, beside one that there is: its parent and provider are the same. */
export function add<Type extends RuledType>(
    beside: readonly [type: RuledType, name: string],
    type: Type,
    name: string,
    inputs: InputsByType[Type],
    sources: Resource["sources"] = {},
): Plant {
    return stack => {
        const neighbour = stack[indexOf(stack, ...beside)];
        assert.ok(neighbour !== undefined);
        const urn = `${neighbour.urn.split("::").slice(0, 2).join("::")}::${type}::${name}`;
        return [...stack, { ...neighbour, urn, type, name, inputs, sources }];
    };
}

/** An input that takes its value from another resource of the same type than before. */
export function rewire(type: RuledType, name: string, input: string, from: readonly [type: RuledType, name: string], to: string): Plant {
    return stack => {
        const [fromType, fromName] = from;
        const old = stack[indexOf(stack, fromType, fromName)];
        const other = stack[indexOf(stack, fromType, to)];
        assert.ok(old !== undefined && other !== undefined);
        return edit(stack, type, name, resource => {
            const sources = resource.sources[input] ?? [];
            assert.ok(sources.includes(old.urn), `${input} of ${name} takes nothing from ${fromName}`);
            return { ...resource, sources: { ...resource.sources, [input]: sources.map(urn => (urn === old.urn ? other.urn : urn)) } };
        });
    };
}

/** An input that takes nothing from a resource any more. */
export function unwire(type: RuledType, name: string, input: string, from: readonly [type: RuledType, name: string]): Plant {
    return stack => {
        const old = stack[indexOf(stack, ...from)];
        assert.ok(old !== undefined);
        return edit(stack, type, name, resource => {
            const sources = resource.sources[input] ?? [];
            assert.ok(sources.includes(old.urn), `${input} of ${name} takes nothing from ${old.name}`);
            return { ...resource, sources: { ...resource.sources, [input]: sources.filter(urn => urn !== old.urn) } };
        });
    };
}

/** An input that takes its value from another resource as well. */
export function wire(type: RuledType, name: string, input: string, to: readonly [type: RuledType, name: string]): Plant {
    return stack => {
        const other = stack[indexOf(stack, ...to)];
        assert.ok(other !== undefined);
        return edit(stack, type, name, resource => {
            const sources = resource.sources[input] ?? [];
            assert.ok(!sources.includes(other.urn), `${input} of ${name} takes from ${other.name} already`);
            return { ...resource, sources: { ...resource.sources, [input]: [...sources, other.urn] } };
        });
    };
}

/** A resource without Pulumi's protection. */
export function unprotect(type: RuledType, name: string): Plant {
    return stack =>
        edit(stack, type, name, resource => {
            assert.ok(resource.protect, `${name} is not protected`);
            return { ...resource, protect: false };
        });
}

/** Several changes, one after another, that together are one defect. */
export function both(...plants: readonly Plant[]): Plant {
    return stack => plants.reduce((current, plant) => plant(current), stack);
}
