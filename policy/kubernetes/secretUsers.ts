import { nameOf } from "../clusters";
import type { StackGraph, Typed } from "../graph";

const secret = "kubernetes:core/v1:Secret";

/** Kubernetes fills and uses these itself. */
const ownTypes: readonly (string | undefined)[] = ["kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"];

/** Secrets that no other resource takes anything from, and that no object names. */
export function unusedSecrets(graph: StackGraph): readonly Typed<typeof secret>[] {
    const kept = graph.ofType(secret).filter(({ inputs }) => !ownTypes.includes(inputs.type));
    if (kept.length === 0) {
        return [];
    }
    const sources = new Set(graph.resources.flatMap(resource => Object.values(resource.sources).flat()));
    const named = new Set(graph.resources.filter(({ type }) => type.startsWith("kubernetes:")).flatMap(({ inputs }) => namesIn(inputs, false)));
    return kept.filter(each => !sources.has(each.urn) && !named.has(nameOf(each) ?? ""));
}

/**
 * Every text at or below a key that speaks of a secret (`secretRef`, `imagePullSecrets`, `secretName`, an
 * annotation such as `…/auth-secret`), as objects of any type name one; without its namespace.
 */
function namesIn(value: unknown, ofSecret: boolean): readonly string[] {
    if (typeof value === "string") {
        return ofSecret ? [value.split("/").at(-1) ?? value] : [];
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, inner]) => namesIn(inner, ofSecret || key.toLowerCase().includes("secret")))
        : [];
}
