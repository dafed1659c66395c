import { Timeline } from "../../stage/timeline";

/** A while during which a zone does not answer, in seconds. */
export interface Silence {
    readonly lostAt: number;
    readonly backAt: number;
}

/**
 * Replicas that answer. Kubernetes calls those of a silent zone ready until its grace period is over; they are left out from the
 * moment of the loss, as a load balancer leaves them out after a failed check or two.
 *
 * @param ready all ready replicas.
 * @param inZone those of the zone. Both were sampled at the same looks, so their n-th samples belong together.
 */
export function answering(ready: Timeline, inZone: Timeline, { lostAt, backAt }: Silence): Timeline {
    const result = new Timeline();
    let previous: readonly [ready: number, inZone: number] | undefined;
    let state: "before" | "lost" | "back" = "before";
    ready.samples.forEach(([seconds, count], index) => {
        const zone = inZone.samples[index]?.[1] ?? 0;
        if (state === "before" && seconds >= lostAt) {
            state = "lost";
            if (previous !== undefined) {
                result.add(lostAt, previous[0] - previous[1]);
            }
        }
        if (state === "lost" && seconds >= backAt) {
            state = "back";
            if (previous !== undefined) {
                result.add(backAt, previous[0]);
            }
        }
        result.add(seconds, state === "lost" ? count - zone : count);
        previous = [count, zone];
    });
    return result;
}

/** Ready replicas of each zone at a time, most first: "2/1/0". */
export function spreadAt(byZone: ReadonlyMap<string, Timeline>, seconds: number): string {
    return countsAt(byZone, seconds)
        .sort((a, b) => b - a)
        .join("/");
}

/** By how much the fullest zone has more than the emptiest. */
export function skewAt(byZone: ReadonlyMap<string, Timeline>, seconds: number): number {
    const counts = countsAt(byZone, seconds);
    return Math.max(...counts) - Math.min(...counts);
}

function countsAt(byZone: ReadonlyMap<string, Timeline>, seconds: number): number[] {
    return [...byZone.values()].map(timeline => timeline.at(seconds) ?? 0);
}

/** The zone whose loss takes the most replicas; of several such, the most of those that keep data; of several such, the first. */
export function fullestZone(zones: readonly string[], app: ReadonlyMap<string, Timeline>, state: ReadonlyMap<string, Timeline> | undefined): string {
    const now = (byZone: ReadonlyMap<string, Timeline> | undefined, zone: string): number => byZone?.get(zone)?.last ?? 0;
    const [fullest] = [...zones].sort((a, b) => now(app, b) - now(app, a) || now(state, b) - now(state, a));
    if (fullest === undefined) {
        throw new Error("no zone");
    }
    return fullest;
}
