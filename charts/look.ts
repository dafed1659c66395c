import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { textOf } from "../policy/values";
import { type Path, knownValues, unnamedValues, withOther, withoutPath } from "./chartValues";
import { type ChartFacts, factsOf } from "./facts";
import type { Helm } from "./helm";
import type { KubernetesApi } from "./kubernetesApi";
import { type Rendering, documentsIn, inWords, readRendering, valueAt } from "./objects";
import { NotRendered, render } from "./render";
import type { ChartRequest } from "./requests";

/** A chart as it was rendered, and what is to be kept of it. */
export interface Look {
    readonly request: ChartRequest;
    /** Where the chart is. */
    readonly folder: string;
    readonly text: string;
    readonly rendering: Rendering;
    readonly facts: ChartFacts;
}

/** Whether a value makes a difference: without it, or with another in its place. One that no template reads makes none. */
async function isRead(path: Path, isSame: (text: string) => boolean, { request, folder, helm, scratch }: Bench): Promise<boolean> {
    for (const values of [withoutPath(request.values, path), withOther(request.values, path)]) {
        const changed = await render(helm, folder, request, scratch, { values }).catch((error: unknown) => {
            if (error instanceof NotRendered) {
                return undefined;
            }
            throw error;
        });
        if (changed === undefined || !isSame(changed)) {
            return true;
        }
    }
    return false;
}

/** Whether a text is the one that was rendered twice; of what differs from time to time, the documents that did not count. */
function sameAs(once: string, again: string): (text: string) => boolean {
    const documents = (text: string): ReadonlySet<string> => new Set(documentsIn(text));
    const steady = [...documents(once)].filter(document => documents(again).has(document));
    return text => (once === again ? text === once : steady.every(document => documents(text).has(document)));
}

/** What a chart is looked at with. */
interface Bench {
    readonly request: ChartRequest;
    readonly folder: string;
    readonly helm: Helm;
    readonly api: KubernetesApi;
    readonly scratch: string;
}

/** Renders a chart, twice, and looks at what comes of it. */
export async function lookAt(bench: Bench): Promise<Look> {
    const { request, folder, helm, api, scratch } = bench;
    const text = await render(helm, folder, request, scratch);
    const again = await render(helm, folder, request, scratch);
    const rendering = readRendering(text, request.namespace);
    const chart: unknown = parse(readFileSync(join(folder, "Chart.yaml"), "utf8"));
    const unnamed = unnamedValues(request.values, knownValues(folder));
    const unknownValues: string[] = [];
    for (const path of unnamed) {
        if (!(await isRead(path, sameAs(text, again), bench))) {
            unknownValues.push(path.join("."));
        }
    }
    const misfits = rendering.objects.flatMap(object => (api(object) ?? []).map(message => `${inWords(object)}: ${message}`));
    const kubeVersions = textOf(valueAt(chart, "kubeVersion")) || undefined;
    return { request, folder, text, rendering, facts: factsOf(request, rendering.objects, rendering.definitions.length, { misfits, unknownValues, repeatable: text === again, kubeVersions }) };
}
