import type { InputsByType, RuledType } from "./inputs";
import type { Resource, StackGraph, Typed } from "./graph";

/** What a violation does: `mandatory` stops an update, `advisory` is said and no more. */
export type Level = "mandatory" | "advisory";

/** What a rule says of itself. */
export interface RuleText {
    /** Unique, in kebab-case, what it is about first: "eks-private-endpoint". */
    readonly name: string;
    readonly level: Level;
    /** One sentence: what goes wrong without it. */
    readonly why: string;
    /** Public rules that ask the same: CKV_… of checkov, "CIS EKS 5.4.1", "CIS GKE 5.6.7". Empty where none was found. */
    readonly ids: readonly string[];
    /** What to do, as an instruction. */
    readonly fix: string;
}

/** A rule that one resource alone can break. Pulumi checks it before it makes the resource. */
export interface ResourceRule extends RuleText {
    readonly scope: "resource";
    readonly types: readonly RuledType[];
    /** What is wrong with a resource of these types, in words, each with the value found; empty where nothing is. */
    faults(resource: Resource): readonly string[];
}

/** A rule that only several resources together can break. Pulumi checks it once all are known. */
export interface StackRule extends RuleText {
    readonly scope: "stack";
    faults(graph: StackGraph): readonly Fault[];
}

/** What is wrong, and with what. */
export interface Fault {
    /** The resource to change. */
    readonly resource: Resource;
    /** In words, with the values found. */
    readonly found: string;
}

export type Rule = ResourceRule | StackRule;

/** What a check of one resource may answer: nothing, one fault, or several. */
type Answer = string | false | undefined | readonly string[];

/** A rule for resources of some types. `check` gets the inputs by the SDK's types. */
export function resourceRule<Type extends RuledType>(
    text: RuleText,
    types: Type | readonly Type[],
    check: (inputs: InputsByType[Type], resource: Typed<Type>) => Answer,
): ResourceRule {
    return {
        ...text,
        scope: "resource",
        types: typeof types === "string" ? [types] : types,
        faults: resource => {
            const typed = resource as Typed<Type>;
            const answer = check(typed.inputs, typed);
            return typeof answer === "string" ? [answer] : answer === undefined || answer === false ? [] : answer;
        },
    };
}

/** A rule for a whole stack. */
export function stackRule(text: RuleText, faults: (graph: StackGraph) => readonly Fault[]): StackRule {
    return { ...text, scope: "stack", faults };
}

/** A found value, short, for a message: `false`, `"0.0.0.0/0"`, `nothing`. */
export function shown(value: unknown): string {
    return value === undefined || value === null ? "nothing" : JSON.stringify(value);
}

/** What the user reads: what was found, and what to do. */
export function messageOf({ fix, ids }: Rule, found: string): string {
    return `${found}; fix: ${fix}${ids.length === 0 ? "" : ` (${ids.join(", ")})`}`;
}
