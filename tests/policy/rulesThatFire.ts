import { evaluate } from "../../policy/evaluate";
import { StackGraph } from "../../policy/graph";
import { rules } from "../../policy/rules";
import type { Mutant } from "./plant";
import { capture } from "./stacks";

const ofResources = rules.filter(({ scope }) => scope === "resource");
const ofStacks = rules.filter(({ scope }) => scope === "stack");

/**
 * Names of the rules that a stack with a defect breaks, each once. A rule for one resource sees nothing
 * else, and finds nothing in a stack as it is (a test of its own): it is asked of what was changed.
 */
export async function rulesThatFire({ stack = "prod", plant }: Mutant): Promise<readonly string[]> {
    const before = await capture(stack);
    const after = plant(before);
    const untouched = new Set(before);
    const changed = after.filter(resource => !untouched.has(resource));
    const violations = [...evaluate(ofResources, new StackGraph(changed)), ...evaluate(ofStacks, new StackGraph(after))];
    return [...new Set(violations.map(({ rule }) => rule))];
}
