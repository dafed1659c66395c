import type { EndpointLook } from "../../stage/sampler";
import { Timeline } from "../../stage/timeline";

/** How many ready endpoints on a node there were at each look. */
export function onNode(looks: readonly EndpointLook[], node: string): Timeline {
    return counted(looks, (_, on) => on === node);
}

/** How many on all other nodes. */
export function elsewhere(looks: readonly EndpointLook[], node: string): Timeline {
    return counted(looks, (_, on) => on !== node);
}

/** How many of those at the first look there still were. */
export function sameAsFirst(looks: readonly EndpointLook[]): Timeline {
    return counted(looks, address => looks[0]?.ready.has(address) === true);
}

/** How many there were that the first look did not have. */
export function unlikeFirst(looks: readonly EndpointLook[]): Timeline {
    return counted(looks, address => looks[0]?.ready.has(address) !== true);
}

function counted(looks: readonly EndpointLook[], counts: (address: string, node: string) => boolean): Timeline {
    const timeline = new Timeline();
    for (const { at, ready } of looks) {
        timeline.add(at, [...ready].filter(([address, { node }]) => counts(address, node)).length);
    }
    return timeline;
}
