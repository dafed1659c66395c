import type { Finding } from "./finding";
import { type Identity, type Sought, identityOf } from "./ids";
import { type Exported, type Operation, type StateResource, nameOf, operationsOf, providerOf, resourcesOf, revealed, stackOf } from "./state";

/** What people say of resources whose ids can't be found: their id, or null for "it is not there". By URN, or by name. */
export type Given = Readonly<Record<string, string | null>>;

/** What may be there of something that was under way. */
export interface Lead {
    readonly operation: Operation;
    /** Undefined where no table is asked. */
    readonly identity: Identity | undefined;
    /** How its ids are known, for people. */
    readonly how: string;
    /** Ids that it may have; none before the cloud was asked for them. */
    readonly ids: readonly string[];
}

/** What is known before a look into any cloud: where to look, or that there is no need. */
export type Clue = Finding | Lead;

/** Whether there is somewhere to look. */
export function isLead(clue: Clue): clue is Lead {
    return "ids" in clue;
}

/** What the state alone tells of everything that was under way. */
export function firstClues(state: Exported, given: Given): readonly Clue[] {
    // After a second kill on the way there may be two operations on one resource.
    const operations = new Map(operationsOf(state).map(operation => [`${operation.type} ${operation.resource.urn}`, operation]));
    return [...operations.values()].map(operation => firstClue(operation, state, given));
}

function firstClue(operation: Operation, state: Exported, given: Given): Clue {
    const { type, resource } = operation;
    if (!resource.custom || resource.type.startsWith("pulumi:")) {
        return { operation, fate: "no thing", how: "the engine's own" };
    }
    switch (type) {
        case "creating":
            return creationClue(operation, state, given);
        case "updating":
            return { operation, identity: undefined, how: "the state", ids: [currentOf(resource.urn, state)?.id ?? []].flat() };
        case "deleting":
            return { operation, fate: "repeated", how: "deleting what is gone does nothing" };
        case "reading":
        case "importing":
            return { operation, fate: "repeated", how: "reading changes nothing" };
        default:
            return { operation, fate: "unsolved", how: `"${type}" is no operation that is known here` };
    }
}

function creationClue(operation: Operation, state: Exported, given: Given): Clue {
    const { resource } = operation;
    const said = resource.urn in given ? given[resource.urn] : given[nameOf(resource.urn)];
    const identity = identityOf(resource.type);
    if (said === null) {
        return { operation, fate: "absent", how: "you said so" };
    }
    if (resource.provider === undefined || providerOf(resource.provider, state) === undefined) {
        return { operation, fate: "unsolved", how: "the state does not have its provider: look for it in the cloud" };
    }
    if (said !== undefined) {
        return { operation, identity, how: "you said so", ids: [said] };
    }
    if (identity === undefined) {
        return { operation, fate: "unsolved", how: `how a ${resource.type} is found is not known here: look for it in the cloud` };
    }
    switch (identity.way.by) {
        case "repetition":
            return { operation, fate: "repeated", how: identity.way.why };
        case "lookup":
            return { operation, identity, how: identity.way.lookup.title, ids: [] };
        case "inputs": {
            const id = identity.way.id(soughtOf(resource, state));
            return id === undefined
                ? { operation, fate: "unsolved", how: "what it was made from does not tell its id: look for it in the cloud" }
                : { operation, identity, how: "its inputs", ids: [id] };
        }
        default:
            return identity.way satisfies never;
    }
}

/** A resource of an operation, as the tables of ids take it. */
export function soughtOf({ urn, type, inputs, provider = "" }: StateResource, state: Exported): Sought {
    return { urn, type, name: nameOf(urn), ...stackOf(urn), inputs: revealed(inputs), provider: { ref: provider, settings: revealed(providerOf(provider, state)?.inputs) } };
}

/** What the state has under a URN, other than what was replaced. */
export function currentOf(urn: string, state: Exported): StateResource | undefined {
    return resourcesOf(state).find(resource => resource.urn === urn && resource.delete !== true);
}
