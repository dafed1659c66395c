import type { Finding } from "./finding";
import type { Given } from "./given";
import { type Identity, type Sought, identityOf } from "./ids";
import { type Exported, type Operation, type StateResource, nameOf, operationsOf, providerOf, resourcesOf, revealed, stackOf } from "./state";

/** What may be there of something that was under way. */
export interface Lead {
    readonly operation: Operation;
    /** Undefined where no table is asked. */
    readonly identity: Identity | undefined;
    /** How its ids are known, for people. */
    readonly how: string;
    /** Ids that it may have; none before the cloud was asked for them. */
    readonly ids: readonly string[];
    /** The id that people gave; undefined where they gave none. */
    readonly said?: string;
}

/** What is known before a look into any cloud: where to look, or that there is no need. */
export type Clue = Finding | Lead;

/** Whether there is somewhere to look. */
export function isLead(clue: Clue): clue is Lead {
    return "ids" in clue;
}

/**
 * What the state alone tells of everything that was under way.
 *
 * @param given by URN.
 */
export function firstClues(state: Exported, given: Given): readonly Clue[] {
    const operations = new Map(operationsOf(state).map(operation => [sameness(operation), operation]));
    return [...operations.values()].map(operation => firstClue(operation, state, given));
}

/**
 * After a second kill on the way there may be two operations on one resource. What was being made twice may be there twice, where it was to be
 * another thing, such as by a name that was made up anew.
 */
function sameness({ type, resource: { urn, inputs, provider } }: Operation): string {
    return JSON.stringify(type === "creating" ? [type, urn, inputs, provider] : [type, urn]);
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
            return { operation, fate: "unsolved", how: `"${type}" is no operation that is known here: finish it with the version of Pulumi that began it` };
    }
}

function creationClue(operation: Operation, state: Exported, given: Given): Clue {
    const { resource } = operation;
    const said = given[resource.urn];
    const identity = identityOf(resource.type);
    if (said === null) {
        return { operation, fate: "absent", how: "you said so" };
    }
    if (resource.provider === undefined || providerOf(resource.provider, state) === undefined) {
        return { operation, fate: "unsolved", how: "the state does not have its provider: look for it in the cloud" };
    }
    const told = identity?.way.by === "inputs" ? identity.way.id(soughtOf(resource, state)) : undefined;
    if (said !== undefined) {
        // Where several were being made, what is told of one is not that of another whose inputs tell its own.
        return { operation, identity, said, ...(told === undefined || isAlone(operation, state) ? { how: "you said so", ids: [said] } : { how: "its inputs", ids: [told] }) };
    }
    if (identity === undefined) {
        return { operation, fate: "unsolved", how: `how a ${resource.type} is found is not known here: look for it in the cloud` };
    }
    switch (identity.way.by) {
        case "repetition":
            return { operation, fate: "repeated", how: identity.way.why };
        case "lookup": {
            const hindrance = identity.way.lookup.hindrance?.(soughtOf(resource, state));
            return hindrance === undefined ? { operation, identity, how: identity.way.lookup.title, ids: [] } : { operation, fate: "unsolved", how: hindrance };
        }
        case "inputs":
            return told === undefined
                ? { operation, fate: "unsolved", how: "what it was made from does not tell its id: look for it in the cloud" }
                : { operation, identity, how: "its inputs", ids: [told] };
        default:
            return identity.way satisfies never;
    }
}

function isAlone(operation: Operation, state: Exported): boolean {
    return operationsOf(state).every(other => other.type !== "creating" || other.resource.urn !== operation.resource.urn || sameness(other) === sameness(operation));
}

/** A resource of an operation, as the tables of ids take it. */
export function soughtOf({ urn, type, inputs, provider = "" }: StateResource, state: Exported): Sought {
    return { urn, type, name: nameOf(urn), ...stackOf(urn), inputs: revealed(inputs), provider: { ref: provider, settings: revealed(providerOf(provider, state)?.inputs) } };
}

/** What the state has under a URN, other than what was replaced. */
export function currentOf(urn: string, state: Exported): StateResource | undefined {
    return resourcesOf(state).find(resource => resource.urn === urn && resource.delete !== true);
}
