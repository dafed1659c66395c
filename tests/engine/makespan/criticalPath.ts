/** A resource that takes time, and what it waits for. */
export interface Step {
    readonly urn: string;
    /** How long it takes by itself. */
    readonly seconds: number;
    /** URNs of all that must be there before it is begun. */
    readonly after: readonly string[];
    /** Those of them whose values it needs; the others are only said by `dependsOn`. */
    readonly byData: readonly string[];
}

/** The longest chain of steps that wait for each other. */
export interface CriticalPath {
    readonly seconds: number;
    /** Its steps, the first one first. */
    readonly chain: readonly Step[];
}

/**
 * The longest chain: no update can be faster, however many things it does at the same time.
 *
 * @param waitsFor what a step waits for. @default all that must be there before it
 * @throws Error where steps wait for each other in a circle.
 */
export function criticalPath(steps: readonly Step[], waitsFor: (step: Step) => readonly string[] = ({ after }) => after): CriticalPath {
    const byUrn = new Map(steps.map(step => [step.urn, step]));
    const known = new Map<string, CriticalPath>();
    const under = new Set<string>();
    const upTo = (step: Step): CriticalPath => {
        const there = known.get(step.urn);
        if (there !== undefined) {
            return there;
        }
        if (under.has(step.urn)) {
            throw new Error(`${step.urn} waits for itself`);
        }
        under.add(step.urn);
        const before = longest(waitsFor(step).flatMap(urn => byUrn.get(urn) ?? []).map(upTo));
        const path = { seconds: before.seconds + step.seconds, chain: [...before.chain, step] };
        known.set(step.urn, path);
        return path;
    };
    return longest(steps.map(upTo));
}

function longest(paths: readonly CriticalPath[]): CriticalPath {
    return paths.reduce((best, path) => (path.seconds > best.seconds ? path : best), { seconds: 0, chain: [] });
}

/** A wait that no value asks for, and that makes the whole longer. */
export interface CostlyWait {
    readonly step: Step;
    /** URN of what it waits for. */
    readonly on: string;
    /** By how much the longest chain would be shorter without it. */
    readonly seconds: number;
}

/** Waits on the longest chain that only `dependsOn` asks for, and without which the whole would be shorter. */
export function costlyWaits(steps: readonly Step[]): readonly CostlyWait[] {
    const { seconds, chain } = criticalPath(steps);
    return chain.flatMap((step, index) => {
        const on = chain[index - 1]?.urn;
        if (on === undefined || step.byData.includes(on)) {
            return [];
        }
        const without = criticalPath(steps, other => (other === step ? other.after.filter(urn => urn !== on) : other.after)).seconds;
        return without < seconds ? [{ step, on, seconds: seconds - without }] : [];
    });
}
