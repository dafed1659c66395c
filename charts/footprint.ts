import { addOns, type Footprint } from "../components/platform";
import type { Raw } from "./checks";
import { customResourcesOf } from "./customResources";
import type { ChartFacts } from "./facts";
import { type ChartRequest, chartsOf, clusterOf } from "./requests";
import type { PlannedVariant } from "./variants";
import { type Workload, workloadsOf } from "./workloads";

/** A chart of a plan, and what is kept of it. */
export interface InstalledChart {
    readonly request: ChartRequest;
    readonly facts: ChartFacts;
}

/** Share by which what an add-on says may differ from what is counted. */
const tolerance = 0.05;

/** Differences that are nothing: 5 millicores, 8 MiB. */
const nothing = 0.008;

/** Add-ons whose footprint is not what their charts, and operators of custom resources, ask for. */
export function footprintConcerns(planned: PlannedVariant, charts: readonly InstalledChart[]): readonly Raw[] {
    const { plan: { config } } = planned;
    const looked = new Set(charts.map(({ request }) => request.digest));
    const unseen = chartsOf(planned).filter(({ digest }) => !looked.has(digest)).map(({ addOn }) => addOn);
    return addOns
        .filter(({ key }) => config.platform[key] !== false && !unseen.includes(key))
        .flatMap(addOn => {
            const said = addOn.footprint(config, clusterOf(planned));
            const counted = countedOf(planned, addOn.key, charts);
            return differences(said, counted).map(message => ({ check: "footprint" as const, role: addOn.key, subject: "", message }));
        });
}

/** What is counted for an add-on. */
export function countedOf(planned: PlannedVariant, addOn: string, charts: readonly InstalledChart[]): Footprint {
    const own = charts.filter(({ request }) => request.addOn === addOn).map(({ facts }) => facts);
    const operated = workloadsOf(customResourcesOf(planned).filter(resource => resource.addOn === addOn).map(({ object }) => object), "");
    const workloads = [...own.flatMap(facts => facts.workloads), ...operated];
    return {
        pods: sum(workloads.map(workload => [workload, typeof workload.pods === "number" ? workload.pods : 0])),
        eachNode: sum(workloads.map(workload => [workload, workload.pods === "each node" ? 1 : 0])),
        volumesGib: [...own.flatMap(({ volumesGib }) => volumesGib), ...workloads.flatMap(volumesOf)],
    };
}

function volumesOf({ pods, volumesGib }: Workload): readonly number[] {
    return typeof pods === "number" ? Array.from({ length: pods }, () => volumesGib).flat() : [];
}

function sum(parts: readonly (readonly [Workload, number])[]): Footprint["pods"] {
    return {
        cores: parts.reduce((total, [{ cores }, times]) => total + cores * times, 0),
        gib: parts.reduce((total, [{ gib }, times]) => total + gib * times, 0),
    };
}

function differences(said: Footprint, counted: Footprint): readonly string[] {
    const sorted = ({ volumesGib }: Footprint): string => [...volumesGib].sort((a, b) => a - b).join(", ") || "none";
    const rows: readonly (readonly [string, number, number])[] = [
        ["cores of all pods", said.pods.cores, counted.pods.cores],
        ["GiB of all pods", said.pods.gib, counted.pods.gib],
        ["cores on each node", said.eachNode.cores, counted.eachNode.cores],
        ["GiB on each node", said.eachNode.gib, counted.eachNode.gib],
    ];
    return [
        ...rows.filter(([, a, b]) => Math.abs(a - b) > Math.max(nothing, tolerance * b)).map(([what, a, b]) => `the footprint says ${round(a)} ${what}; its charts ask for ${round(b)}`),
        ...(sorted(said) === sorted(counted) ? [] : [`the footprint says volumes of ${sorted(said)} GiB; its charts claim ${sorted(counted)}`]),
    ];
}

function round(amount: number): number {
    return Math.round(amount * 1000) / 1000;
}
