import { stringify } from "yaml";

import type { PodBehaviour } from "../options";
import { nodeHeartbeat, nodeReady } from "./nodeStages";
import { podCannotPull, podCompletes, podReady, podRuns, podStops } from "./podStages";
import type { Stage } from "./stage";

export { faultyImage, otherTag } from "./imageFaults";

/** All stages of nodes and pods. */
function stagesOf({ startSeconds = 1, readySeconds = 2, jobSeconds = 2, stopSeconds = 1 }: PodBehaviour = {}): readonly Stage[] {
    return [nodeReady, nodeHeartbeat, podRuns(startSeconds), podCannotPull(startSeconds), podReady(readySeconds), podCompletes(jobSeconds), podStops(stopSeconds)];
}

/** kwok's configuration file. */
export function stagesFile(behaviour?: PodBehaviour): string {
    return stagesOf(behaviour)
        .map(stage => `---\n${stringify(stage, { lineWidth: 0 })}`)
        .join("");
}
