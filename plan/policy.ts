import { evaluate } from "../policy/evaluate";
import { type Resource, StackGraph } from "../policy/graph";
import { rules } from "../policy/rules";
import type { Recording } from "./recorder";
import type { PolicySummary } from "./summary";

/** Runs the policy pack's rules on what a program registered. */
export function policySummary(recording: Recording): PolicySummary {
    const violations = evaluate(rules, new StackGraph(policyResources(recording)));
    return {
        rules: rules.length,
        violations: [...violations.filter(isMandatory), ...violations.filter(violation => !isMandatory(violation))],
    };
}

/** Whether a violation stops an update. */
export function isMandatory({ level }: Pick<PolicySummary["violations"][number], "level">): boolean {
    return level === "mandatory";
}

/** "1 mandatory and 6 advisory policy violations"; empty where there is none. */
export function violationsInWords({ violations }: PolicySummary): string {
    const mandatory = violations.filter(isMandatory).length;
    const advisory = violations.length - mandatory;
    const kinds = [...(mandatory > 0 ? [`${mandatory} mandatory`] : []), ...(advisory > 0 ? [`${advisory} advisory`] : [])];
    return kinds.length === 0 ? "" : `${kinds.join(" and ")} policy violation${violations.length === 1 ? "" : "s"}`;
}

/** Registered resources as rules see them: secrets masked. */
export function policyResources({ resources }: Recording): readonly Resource[] {
    return resources.map(({ urn, type, name, parent, provider, protect, inputs, propertyDependencies }) => ({
        urn,
        type,
        name,
        parent: parent ?? undefined,
        provider: provider ?? undefined,
        protect,
        inputs,
        sources: propertyDependencies,
    }));
}
