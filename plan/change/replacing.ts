import { isRecord } from "../../components/config/fields";
import { conditionOf } from "./conditions";
import { differingPaths } from "./differences";
import { type Facts, factsOf, isKubernetesObject } from "./facts";
import { type Inputs, type Path, covers, formatPath, namesOf, parsePath } from "./paths";

/**
 * Those of the {@link differences} between two states of a resource's inputs that make its provider replace
 * it, by the facts. A value that is not known yet may stand for a whole input: what is below it is then not
 * looked into, as the providers do it. None for a type without facts.
 */
export function replacingPaths(type: string, before: Inputs, after: Inputs): readonly string[] {
    return replacingDifferences(type, before, after).map(formatPath);
}

/** {@link replacingPaths}, each as its steps. */
export function replacingDifferences(type: string, before: Inputs, after: Inputs): readonly Path[] {
    const facts = factsOf(type);
    if (facts === undefined) {
        return [];
    }
    const [from, to] = [normalised(type, before), normalised(type, after)];
    return differingPaths(from, to).filter(path => isReplacing({ type, facts, from, to }, path));
}

/**
 * Whether a resource that is replaced by what its provider says is deleted before its successor is made.
 * Kubernetes: where the successor has the very name, given by the program, and namespace (pulumi-kubernetes
 * provider/pkg/provider/provider.go@94977969d6, Diff). Others: where the program gives a name, or by the facts.
 */
export function deletesBeforeReplacing(type: string, before: Inputs, after: Inputs): boolean {
    if (isKubernetesObject(type)) {
        const [was, is] = [before, after].map(inputs => recordOf(normalised(type, inputs)["metadata"]));
        return typeof is?.["name"] === "string" && is["name"] === was?.["name"] && is["namespace"] === was["namespace"];
    }
    const facts = factsOf(type);
    const { autonamed } = facts ?? {};
    return facts?.deleteBeforeReplace === true || (autonamed !== undefined && after[autonamed] !== undefined && after[autonamed] !== null);
}

/** What is decided on: a type with its facts, and both states of its inputs. */
interface Case {
    readonly type: string;
    readonly facts: Facts;
    readonly from: Inputs;
    readonly to: Inputs;
}

function isReplacing({ type, facts, from, to }: Case, path: Path): boolean {
    const names = namesOf(path);
    const longest = (candidates: readonly string[]): string | undefined =>
        candidates.filter(candidate => covers(stepsOf(candidate), names)).sort((a, b) => stepsOf(b).length - stepsOf(a).length)[0];
    const length = (candidate: string | undefined): number => (candidate === undefined ? 0 : stepsOf(candidate).length);
    const [replace, conditional, inPlace] = [facts.replace, Object.keys(facts.conditional ?? {}), facts.inPlace ?? []].map(longest);
    if (conditional !== undefined && length(conditional) >= Math.max(length(replace), length(inPlace))) {
        return conditionOf(type, conditional)?.(from, to) ?? false;
    }
    return length(replace) > 0 && length(replace) >= length(inPlace);
}

const parsed = new Map<string, Path>();

/** A path of the facts without its indices. */
function stepsOf(path: string): Path {
    const steps = parsed.get(path) ?? namesOf(parsePath(path));
    parsed.set(path, steps);
    return steps;
}

/** A Kubernetes object without a namespace is in `default`. */
export function normalised(type: string, inputs: Inputs): Inputs {
    const metadata = recordOf(inputs["metadata"]);
    if (!isKubernetesObject(type) || metadata?.["namespace"] !== "default") {
        return inputs;
    }
    const { namespace: _, ...rest } = metadata;
    return { ...inputs, metadata: rest };
}

function recordOf(value: unknown): Inputs | undefined {
    return isRecord(value) ? value : undefined;
}
