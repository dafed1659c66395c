import { type Lead, currentOf } from "./clue";
import type { Finding } from "./finding";
import type { Identity } from "./ids";
import type { Present, Reading } from "./reading";
import { type Exported, type Operation, type StateResource, resourcesOf, revealed } from "./state";

/** What a look at one id of a lead showed. */
export interface Look {
    readonly id: string;
    readonly reading: Reading;
}

/** What the looks at all ids of a lead come to. */
export function conclude(lead: Lead, looks: readonly Look[], state: Exported): Finding {
    return lead.operation.type === "creating" ? concludeCreation(lead, looks, state) : concludeUpdate(lead, looks);
}

/** Something was being changed: the next update changes what is still to be changed. */
function concludeUpdate({ operation, how }: Lead, [look]: readonly Look[]): Finding {
    if (look?.reading.is === "there") {
        return { operation, fate: "refreshed", id: look.reading.id, how, reading: look.reading };
    }
    const why = look?.reading.is === "unreadable" ? `it can't be read: ${look.reading.why}` : "it is not there any more";
    return { operation, fate: "repeated", ...(look === undefined ? {} : { id: look.id }), how: why };
}

/** Something was being made. */
function concludeCreation({ operation, identity, how }: Lead, looks: readonly Look[], state: Exported): Finding {
    const seen = looks.map(({ id, reading }) => ({ id, reading: judged(reading, identity) }));
    for (const { id, reading } of seen) {
        if (reading.is === "unreadable") {
            return { operation, fate: "unsolved", id, how: `it can't be read: ${reading.why}` };
        }
    }
    const there = seen.flatMap(({ reading }) => (reading.is === "there" ? [reading] : []));
    const [found, ...more] = there.filter(({ id }) => !isKnown(operation.resource, id, state));
    if (found === undefined) {
        return there[0] === undefined ? missing(operation, how, seen) : { operation, fate: "known", id: there[0].id, how };
    }
    if (more.length > 0) {
        return { operation, fate: "unsolved", how: `there are ${[found, ...more].map(({ id }) => id).join(" and ")}: say which it is, and delete the others` };
    }
    const outputs = revealed(found.outputs);
    const still = identity?.settling?.(outputs);
    const wrong = still === undefined ? identity?.flaw?.(outputs) : `it is still ${still}: recover again later`;
    return wrong === undefined
        ? besideOthers({ operation, fate: "adopted", id: found.id, how, reading: completed(found, operation, identity) }, state)
        : { operation, fate: "unsolved", id: found.id, how: wrong };
}

type Judged = Reading | { readonly is: "foreign"; readonly why: string };

/** A reading, judged by what is known of the type. */
function judged(reading: Reading, identity: Identity | undefined): Judged {
    if (reading.is === "unreadable" && identity?.absent?.test(reading.why) === true) {
        return { is: "absent" };
    }
    const why = reading.is === "there" ? identity?.foreign?.(revealed(reading.outputs)) : undefined;
    return why === undefined ? reading : { is: "foreign", why };
}

function missing(operation: Operation, how: string, seen: readonly { readonly id: string; readonly reading: Judged }[]): Finding {
    const [first] = seen;
    return { operation, fate: "absent", ...(first === undefined ? {} : { id: first.id }), how: first?.reading.is === "foreign" ? first.reading.why : how };
}

function completed(found: Present, { resource }: Operation, identity: Identity | undefined): Present {
    return { ...found, outputs: identity?.completed?.(found.outputs, resource.inputs ?? {}) ?? found.outputs };
}

/** Whether the state has a thing already. */
function isKnown({ type, provider }: StateResource, id: string, state: Exported): boolean {
    return resourcesOf(state).some(resource => resource.type === type && resource.id === id && resource.provider === provider);
}

/**
 * What was found, where the state may have another under the same name. It was to replace that one; or, where both are made from the same,
 * an update that nobody recovered before has made that one, and this is left over.
 */
function besideOthers(adopted: Finding, state: Exported): Finding {
    const { operation } = adopted;
    const { resource } = operation;
    const current = currentOf(resource.urn, state);
    const madeOf = ({ inputs, provider }: StateResource): string => JSON.stringify([inputs, provider]);
    if (current === undefined || current.pendingReplacement === true || madeOf(current) !== madeOf(resource)) {
        return adopted;
    }
    const how = `a later update has made another, ${current.id ?? "without an id"}`;
    return resource.protect === true || resource.retainOnDelete === true
        ? { operation, fate: "unsolved", id: adopted.id ?? "", how: `${how}: delete this one by hand, then say that it is not there` }
        : { ...adopted, fate: "spare", how };
}
