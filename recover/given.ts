import { type Exported, nameOf, operationsOf } from "./state";

/** What people say of resources whose ids can't be found: their id, or null for "it is not there". By URN, or by name. */
export type Given = Readonly<Record<string, string | null>>;

/** What the user asked for can't be done: the message says why. */
export class UsageError extends Error {}

/**
 * What people say, by URN.
 *
 * @throws UsageError where a name is that of nothing that was being made, or of several things.
 */
export function byUrn(given: Given, state: Exported): Given {
    const made = operationsOf(state).filter(({ type, resource }) => type === "creating" && resource.custom && !resource.type.startsWith("pulumi:"));
    const urns = [...new Set(made.map(({ resource }) => resource.urn))];
    return Object.fromEntries(Object.entries(given).map(([name, said]) => [urnOf(name, urns), said]));
}

function urnOf(name: string, urns: readonly string[]): string {
    const meant = urns.includes(name) ? [name] : urns.filter(urn => nameOf(urn) === name);
    const [urn, ...others] = meant;
    if (urn === undefined) {
        throw new UsageError(urns.length === 0 ? `${name}: nothing was being made` : `${name}: nothing of that name was being made, but\n${listed(urns)}`);
    }
    if (others.length > 0) {
        throw new UsageError(`${name}: several of that name were being made; give a URN\n${listed(meant)}`);
    }
    return urn;
}

function listed(urns: readonly string[]): string {
    return urns.map(urn => `  ${urn}`).join("\n");
}
