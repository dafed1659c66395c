import type { RuledType } from "./inputs";
import type { Resource, StackGraph } from "./graph";
import { type Level, type Rule, messageOf } from "./rule";

/** A rule that was broken, and by what. */
export interface Violation {
    readonly rule: string;
    readonly level: Level;
    /** Name of the resource to change. */
    readonly resource: string;
    /** What was found, and the fix. */
    readonly message: string;
    /** One sentence: what goes wrong without the rule. */
    readonly why: string;
}

/** Every violation of the rules in a stack, in the rules' order. */
export function evaluate(rules: readonly Rule[], graph: StackGraph): readonly Violation[] {
    return rules.flatMap(rule => faultsOf(rule, graph).map(({ resource, found }) => violation(rule, resource, found)));
}

function faultsOf(rule: Rule, graph: StackGraph): readonly { readonly resource: Resource; readonly found: string }[] {
    return rule.scope === "stack"
        ? rule.faults(graph)
        : rule.types.flatMap((type: RuledType) => graph.ofType(type).flatMap(resource => rule.faults(resource).map(found => ({ resource, found }))));
}

function violation(rule: Rule, { name }: Resource, found: string): Violation {
    return { rule: rule.name, level: rule.level, resource: name, message: messageOf(rule, found), why: rule.why };
}
