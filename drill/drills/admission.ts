import type { DrillResult } from "../result";
import type { Stage } from "../stage";
import type { ClusterDrill } from "./drill";

/**
 * Every object was taken by the API server, or there would be no stage: unknown and repeated fields are errors, and so is a
 * pod that its namespace's Pod Security level forbids. Applying all of it again must change nothing.
 */
export const admissionDrill: ClusterDrill = {
    name: "admission",
    quick: true,
    lane: "changes",
    scope: "cluster",
    naive: false,
    obstacle: () => undefined,
    run: async stage => [await applyAgain(stage)],
};

async function applyAgain(stage: Stage): Promise<DrillResult> {
    const started = performance.now();
    const { objects } = stage.subject;
    const changes = await stage.applyTwice();
    return {
        drill: "admission",
        subject: stage.subject.subject,
        cluster: stage.cluster,
        what: `${objects.length} objects were applied by server-side apply, and then once more`,
        seconds: (performance.now() - started) / 1000,
        promises: [
            { name: "objects accepted", promised: `${objects.length} of ${objects.length}`, measured: `${objects.length} of ${objects.length}`, kept: true },
            { name: "changed by a second apply", promised: "none", measured: changes.map(({ object }) => object).join(", ") || "none", kept: changes.length === 0 },
        ],
        series: [],
        marks: [],
        notes: changes.map(({ object, paths }) => `${object} changed at ${paths.join(", ")}`),
    };
}
