import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { lastLines } from "../tools/execute";
import type { Helm } from "./helm";
import { type ChartRequest, digestOf } from "./requests";
import { titleOf } from "./sources";

/** Helm can't render a chart with the values that it is given: the message says what Helm said. */
export class NotRendered extends Error {}

/** What may differ from what is asked for. */
export interface RenderOptions {
    readonly values?: Readonly<Record<string, unknown>>;
    /** API versions that a cluster has beside Kubernetes' own, as `<group>/<version>` or `<group>/<version>/<kind>`. */
    readonly apiVersions?: readonly string[];
}

/** Renders a chart in a folder: what is installed, with hooks, but without what only tests it. */
export async function render(helm: Helm, folder: string, request: ChartRequest, scratch: string, options: RenderOptions = {}): Promise<string> {
    const { values = request.values, apiVersions = [] } = options;
    const file = join(scratch, "values", `${digestOf(values)}.json`);
    mkdirSync(join(scratch, "values"), { recursive: true });
    writeFileSync(file, JSON.stringify(values));
    const { release, namespace, kubeVersion } = request;
    const fixed = ["template", release, folder, "--namespace", namespace, "--values", file, "--include-crds", "--skip-tests", "--kube-version", kubeVersion];
    const outcome = await helm([...fixed, ...apiVersions.flatMap(version => ["--api-versions", version])]);
    if (outcome.code !== 0) {
        throw new NotRendered(`Helm can't render ${titleOf(request)} as ${release}. It said:\n${lastLines(outcome, 12)}`);
    }
    return outcome.stdout;
}
