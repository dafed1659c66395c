import { setTimeout as pass } from "node:timers/promises";

import type { Say } from "../tools/cache";
import { type Clue, type Lead, currentOf, firstClues, isLead, soughtOf } from "./clue";
import { conclude, oneOfEach } from "./conclude";
import type { Finding } from "./finding";
import { type Given, byUrn } from "./given";
import type { Candidate, Reading } from "./reading";
import type { Scratch } from "./scratch";
import { type Exported, type Operation, type StateResource, nameOf, revealed } from "./state";

/** How often, and how long, what is still being made is looked at again. */
export interface Patience {
    readonly pauseMs: number;
    readonly longestMs: number;
    /** How long what an index did not tell is asked for again, before it is taken for not there. */
    readonly listedMs: number;
}

/** For how long AWS's index of tags may lag behind. AWS gives no number. */
const listedMs = 60_000;

/** As long as the provider itself waits for a cluster of EKS at most (internal/service/eks/cluster.go of hashicorp/terraform-provider-aws). */
export const usualPatience: Patience = { pauseMs: 15_000, longestMs: 30 * 60_000, listedMs };

/** What is needed to seek. */
export interface SeekArgs {
    readonly given: Given;
    /** Makes a scratch stack for as long as it is used. */
    readonly withScratch: <T>(use: (scratch: Scratch) => Promise<T>) => Promise<T>;
    readonly say: Say;
    readonly patience: Patience;
}

/** Finds out what became of everything that was under way. Changes nothing. Throws UsageError where people say something of nothing. */
export async function seek(state: Exported, { given, withScratch, say, patience }: SeekArgs): Promise<readonly Finding[]> {
    const clues = firstClues(state, byUrn(given, state));
    const told = clues.filter((clue): clue is Finding => !isLead(clue));
    if (told.length === clues.length) {
        return told;
    }
    return withScratch(async scratch => {
        const findings = new Map(await look(clues, state, scratch, say, patience));
        const started = performance.now();
        let open = clues.filter(clue => isUnlisted(clue, findings.get(clue)));
        while (open.length > 0 && performance.now() - started < patience.listedMs) {
            say(`nothing was listed yet for ${open.map(({ operation }) => nameOf(operation.resource.urn)).join(", ")}: asking again …`);
            await pass(patience.pauseMs);
            for (const [clue, finding] of await look(open, state, scratch, say, patience)) {
                findings.set(clue, finding);
            }
            open = open.filter(clue => isUnlisted(clue, findings.get(clue)));
        }
        return oneOfEach(clues.flatMap(clue => findings.get(clue) ?? []));
    });
}

/** What each clue comes to now. */
async function look(clues: readonly Clue[], state: Exported, scratch: Scratch, say: Say, patience: Patience): Promise<readonly (readonly [Clue, Finding])[]> {
    const known = await withIds(clues, state, scratch, say);
    const candidates = known.filter(isLead).flatMap(lead => lead.ids.map(id => ({ lead, id, resource: asCandidate(lead.operation, state) })));
    const readings = await readUntilSettled(candidates, scratch, say, patience);
    const looksOf = (lead: Lead) =>
        candidates.filter(candidate => candidate.lead === lead).map(candidate => ({ id: candidate.id, reading: readings.get(candidate) ?? { is: "absent" as const } }));
    return clues.map((first, index) => {
        const clue = known[index] ?? first;
        return [first, isLead(clue) ? conclude(clue, looksOf(clue), state) : clue];
    });
}

/** Whether an index told nothing new of it, and may do so later. */
function isUnlisted(clue: Clue, finding: Finding | undefined): boolean {
    const isAsked = isLead(clue) && clue.said === undefined && clue.identity?.way.by === "lookup" && clue.identity.way.lookup.lags === true;
    // What was found has an id or a reading; what could not be asked has a reason that asking again seldom mends.
    return isAsked && (finding?.fate === "absent" || finding?.fate === "known" || (finding?.fate === "unsolved" && finding.how === clue.identity.way.lookup.untold));
}

/** Asks clouds for the ids that nothing else tells. */
async function withIds(clues: readonly Clue[], state: Exported, scratch: Scratch, say: Say): Promise<readonly Clue[]> {
    const asking = clues.filter(isLead).flatMap(lead =>
        lead.ids.length === 0 && lead.identity?.way.by === "lookup" ? [{ lead, lookup: lead.identity.way.lookup, sought: soughtOf(lead.operation.resource, state) }] : [],
    );
    if (asking.length === 0) {
        return clues;
    }
    say(`asking for the ids of ${asking.map(({ sought }) => sought.name).join(", ")} …`);
    const kinds = [...new Set(asking.map(({ lookup }) => lookup.questions))];
    const { answers, unanswered } = await scratch.ask(kinds.flatMap(kind => kind(asking.filter(({ lookup }) => lookup.questions === kind).map(({ sought }) => sought))));
    const told = new Map(
        asking.map(({ lead, lookup, sought }): [Clue, Clue] => {
            const own = lookup.questions([sought]);
            const failed = unanswered.find(({ token, provider }) => own.some(question => question.token === token && question.provider === provider));
            return [lead, failed === undefined ? { ...lead, ids: lookup.ids(sought, answers) } : { operation: lead.operation, fate: "unsolved", how: `${failed.token} could not be asked: ${failed.why}` }];
        }),
    );
    return clues.map(clue => told.get(clue) ?? clue);
}

/** What the provider is asked about: what was being changed with all that is known of it, what was being made as an import. */
function asCandidate({ type, resource }: Operation, state: Exported): StateResource {
    if (type !== "creating") {
        return currentOf(resource.urn, state) ?? resource;
    }
    return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== "id" && key !== "outputs")) as StateResource;
}

type Sighting = Candidate & { readonly lead: Lead };

/** Reads what may be there, again and again while any of it can't be used yet. */
async function readUntilSettled(candidates: readonly Sighting[], scratch: Scratch, say: Say, { pauseMs, longestMs }: Patience): Promise<ReadonlyMap<Sighting, Reading>> {
    const readings = new Map<Sighting, Reading>();
    const started = performance.now();
    let open = candidates;
    while (open.length > 0) {
        say(`reading ${open.map(({ resource }) => nameOf(resource.urn)).join(", ")} …`);
        const read = await scratch.read(open);
        open.forEach((candidate, index) => {
            readings.set(candidate, read[index] ?? { is: "absent" });
        });
        open = open.filter(candidate => settling(candidate, readings) !== undefined);
        if (open.length === 0 || performance.now() - started > longestMs) {
            break;
        }
        say(`waiting: ${open.map(candidate => `${nameOf(candidate.resource.urn)} is ${settling(candidate, readings) ?? ""}`).join(", ")}`);
        await pass(pauseMs);
    }
    return readings;
}

/** In what state a candidate is that can't be used yet; undefined for any other. */
function settling(candidate: Sighting, readings: ReadonlyMap<Sighting, Reading>): string | undefined {
    const reading = readings.get(candidate);
    return reading?.is === "there" ? candidate.lead.identity?.settling?.(revealed(reading.outputs)) : undefined;
}
