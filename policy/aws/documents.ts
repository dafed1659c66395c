import { type Mapping, isMapping, listOf, parsed } from "../values";

/** A statement of an IAM policy that allows something. */
export interface Allowance {
    /** Who may; `*` for everyone. Empty in the policy of a role. */
    readonly principals: readonly string[];
    /** What they may; `*` where only exceptions are named. */
    readonly actions: readonly string[];
    /** On what; `*` where only exceptions are named. */
    readonly resources: readonly string[];
    /** Whether it holds only on a condition. */
    readonly conditional: boolean;
}

/**
 * What an IAM policy allows, as text or as an object (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html).
 * Undefined where it can't be read, as before an update that makes it.
 */
export function allowancesOf(document: unknown): readonly Allowance[] | undefined {
    const policy = typeof document === "string" ? parsed(document) : document;
    if (!isMapping(policy)) {
        return undefined;
    }
    return listOf(policy["Statement"])
        .filter(isMapping)
        .filter(statement => statement["Effect"] === "Allow")
        .map(statement => ({
            principals: "NotPrincipal" in statement ? ["*"] : principalsOf(statement["Principal"]),
            actions: named(statement, "Action"),
            resources: named(statement, "Resource"),
            conditional: isMapping(statement["Condition"]) && Object.keys(statement["Condition"]).length > 0,
        }));
}

/** What a statement names, or `*` where it names only what is left out. */
function named(statement: Mapping, element: "Action" | "Resource"): readonly string[] {
    return `Not${element}` in statement ? ["*"] : listOf(statement[element]).map(String);
}

/** `"*"`, or by kind: `{ AWS: "arn:…", Service: ["ec2.amazonaws.com"] }`. */
function principalsOf(principal: unknown): readonly string[] {
    return isMapping(principal) ? Object.values(principal).flatMap(listOf).map(String) : listOf(principal).map(String);
}
