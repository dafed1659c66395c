import { areAlike, hasMadeUpName } from "./alike";
import { type Lead, currentOf } from "./clue";
import type { Finding } from "./finding";
import type { Present, Reading } from "./reading";
import { type Exported, type Operation, type StateResource, nameOf, resourcesOf, revealed } from "./state";

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
function concludeCreation(lead: Lead, looks: readonly Look[], state: Exported): Finding {
    const { operation, identity } = lead;
    const seen = looks.map(look => ({ id: look.id, reading: judged(look, lead) }));
    for (const { id, reading } of seen) {
        if (reading.is === "unreadable") {
            return { operation, fate: "unsolved", id, how: `it can't be read: ${reading.why}` };
        }
    }
    const there = seen.flatMap(({ reading }) => (reading.is === "there" ? [reading] : []));
    const [found, ...more] = there.filter(({ id }) => !isKnown(operation.resource, id, state));
    if (found === undefined) {
        return nothingNew(lead, seen, there[0]);
    }
    if (more.length > 0) {
        return { operation, fate: "unsolved", how: `there are ${[found, ...more].map(({ id }) => id).join(" and ")}: say which it is, and delete the others` };
    }
    const outputs = revealed(found.outputs);
    const still = identity?.settling?.(outputs);
    const wrong = still === undefined ? identity?.flaw?.(outputs) : `it is still ${still}: recover again later`;
    return wrong === undefined
        ? besideOthers(lead, { operation, fate: "adopted", id: found.id, how: knownBy(lead, found), reading: completed(found, lead) }, state)
        : { operation, fate: "unsolved", id: found.id, how: wrong };
}

type Judged = Reading | { readonly is: "foreign"; readonly why: string };

/** A reading, judged by what is known of the type. What people say of an id stands. */
function judged({ id, reading }: Look, { identity, operation, said }: Lead): Judged {
    if (reading.is === "unreadable" && identity?.absent?.test(reading.why) === true) {
        return { is: "absent" };
    }
    const owner = reading.is === "there" && said !== id ? identity?.owner?.(revealed(reading.outputs), revealed(operation.resource.inputs)) : undefined;
    return typeof owner === "object" ? { is: "foreign", why: owner.foreign } : reading;
}

/** Nothing is there, or only what the state has. */
function nothingNew({ operation, how, identity, said }: Lead, seen: readonly { readonly id: string; readonly reading: Judged }[], known: Present | undefined): Finding {
    const untold = said === undefined && identity?.way.by === "lookup" ? identity.way.lookup.untold : undefined;
    if (untold !== undefined) {
        return { operation, fate: "unsolved", how: untold };
    }
    if (known !== undefined) {
        return { operation, fate: "known", id: known.id, how };
    }
    const [first] = seen;
    return { operation, fate: "absent", ...(first === undefined ? {} : { id: first.id }), how: first?.reading.is === "foreign" ? first.reading.why : how };
}

/** How it is known for the one that was being made, for people. */
function knownBy({ how, identity, operation, said }: Lead, { outputs }: Present): string {
    const inputs = revealed(operation.resource.inputs);
    const certain = said !== undefined || identity?.way.by !== "inputs" || hasMadeUpName(inputs) || (identity.owner?.(revealed(outputs), inputs) ?? "unknown") !== "unknown";
    return certain ? how : "its name alone: nothing tells who made it";
}

function completed(found: Present, { operation, identity }: Lead): Present {
    return { ...found, outputs: identity?.completed?.(found.outputs, operation.resource.inputs ?? {}) ?? found.outputs };
}

/** Whether the state has a thing already. One that was deleted before its replacement is made may have the id of that. */
function isKnown({ type, provider }: StateResource, id: string, state: Exported): boolean {
    return resourcesOf(state).some(resource => resource.type === type && resource.id === id && resource.provider === provider && resource.pendingReplacement !== true);
}

/**
 * What was found, where the state may have another under the same name. Where both are made from the same, an update that nobody recovered
 * before has made that one, and this is left over. Else it may be left over all the same, from before a change of the program; or it was to
 * replace that one. Which of the two the state does not tell, and the one in use must not be deleted.
 */
function besideOthers({ identity, said }: Lead, adopted: Finding, state: Exported): Finding {
    const { resource } = adopted.operation;
    const current = currentOf(resource.urn, state);
    if (current === undefined || current.pendingReplacement === true) {
        return adopted;
    }
    const used = current.id ?? "one without an id";
    if (areAlike(current, resource, identity)) {
        return leftOver(adopted, `a later update has made another, ${used}`);
    }
    if (said !== undefined && said === adopted.id) {
        return adopted;
    }
    const id = adopted.id ?? "";
    const how = `the state has ${used}, made from other inputs. If ${id} is to replace that, say --id '${nameOf(resource.urn)}=${id}'; if ${used} is the newer one, delete ${id} by hand, then recover again`;
    return unsolved(adopted.operation, id, how);
}

/** What was found beside another, for the next update to delete where it may. */
function leftOver(found: Finding, how: string): Finding {
    const { resource } = found.operation;
    const isKept = resource.protect === true || resource.retainOnDelete === true;
    return isKept ? unsolved(found.operation, found.id ?? "", `${how}: delete this one by hand, then recover again`) : { ...found, fate: "spare", how };
}

function unsolved(operation: Operation, id: string, how: string): Finding {
    return { operation, fate: "unsolved", id, how };
}

/**
 * Several updates that were killed one after the other may have made a thing each under one URN. The state takes in the newest, which is the
 * first: what was under way before, a snapshot lists last (pkg/backend/snapshot.go of pulumi/pulumi).
 */
export function oneOfEach(findings: readonly Finding[]): readonly Finding[] {
    const seen = new Map<string, Set<string>>();
    return findings.map(finding => {
        const { operation, fate, id = "" } = finding;
        if (fate !== "adopted" && fate !== "spare") {
            return finding;
        }
        const { urn, provider = "" } = operation.resource;
        const others = seen.get(urn) ?? new Set<string>();
        const [newest] = others;
        const thing = `${id} ${provider}`;
        const isSeen = others.has(thing);
        seen.set(urn, others.add(thing));
        if (isSeen) {
            return { operation, fate: "known", id, how: "another killed update was making it too" };
        }
        return fate === "spare" || newest === undefined ? finding : leftOver(finding, `a later killed update has made another, ${newest.split(" ")[0] ?? ""}`);
    });
}
