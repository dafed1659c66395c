/** What the tests of add-ons share. */
import type { RecordedResource } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import { all, inputsOf, minimalApp, planConfig, type RawConfig } from "../support/plan";

export { everyKind } from "../support/kubernetes";

/** Inputs of a chart, as the program asked for it. */
export interface ChartInputs {
    readonly chart: string;
    readonly version: string;
    readonly namespace: string;
    readonly repositoryOpts?: { readonly repo: string };
    readonly values: Readonly<Record<string, unknown>>;
}

/** Type of a Helm chart. */
export const chartType = "kubernetes:helm.sh/v4:Chart";

/** Plans that were made already, by their config: many tests look at the same one. */
const made = new Map<string, Promise<PlannedStack>>();

/** Most plans that are kept at a time. */
const mostKept = 24;

/** Plans one cluster with the least app and some add-ons. */
export function planPlatform(cluster: RawConfig, platform: RawConfig, app: RawConfig = minimalApp): Promise<PlannedStack> {
    const config = { clusters: [cluster], app, platform };
    const key = JSON.stringify(config);
    const plan = made.get(key) ?? planConfig(config);
    made.set(key, plan);
    const [oldest] = made.keys();
    if (made.size > mostKept && oldest !== undefined) {
        made.delete(oldest);
    }
    return plan;
}

/** The chart of a name, with its inputs. Throws where there is not exactly one. */
export function chartNamed(plan: PlannedStack, chart: string): { readonly resource: RecordedResource; readonly inputs: ChartInputs } {
    const found = all(plan, chartType)
        .map(resource => ({ resource, inputs: inputsOf<ChartInputs>(resource) }))
        .filter(({ inputs }) => inputs.chart === chart || inputs.chart.endsWith(`/${chart}`));
    const [only] = found;
    if (only === undefined || found.length !== 1) {
        throw new Error(`${found.length} charts ${chart}; there are: ${all(plan, chartType).map(({ name }) => name).join(", ")}`);
    }
    return only;
}

/** Everything below a cluster's platform component, in the order of registration: "Namespace local-rebalancing-namespace". */
export function platformResources({ recording }: PlannedStack): readonly string[] {
    return recording.resources
        .filter(({ urn, type }) => urn.includes("holdfast:platform:Platform$") && !type.startsWith("holdfast:"))
        .map(({ type, name }) => `${type.split(":").at(-1) ?? type} ${name}`);
}
