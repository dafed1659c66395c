import { latencyOf } from "../cloud/latencies";
import type { State, StateResource } from "../support/audit";
import type { Step } from "./criticalPath";

/** What making a stack consists of, as its state says, with real clouds' latencies. */
export function stepsOf({ resources = [] }: State): readonly Step[] {
    return resources.map(resource => {
        // A chart's parts are made by the provider: whatever waits for the chart waits for them.
        const parts = resource.type.startsWith("kubernetes:helm.sh/v4:") ? resources.filter(({ parent }) => parent === resource.urn).map(({ urn }) => urn) : [];
        const byData = [...Object.values(resource.propertyDependencies ?? {}).flatMap(urns => urns ?? []), ...providerOf(resource)];
        return { urn: resource.urn, seconds: secondsOf(resource), after: [...new Set([...(resource.dependencies ?? []), ...byData, ...parts])], byData: [...byData, ...parts] };
    });
}

/** A provider is there before what it makes: it holds the address that is reached. */
function providerOf({ provider = "" }: StateResource): readonly string[] {
    const urn = provider.split("::").slice(0, 4).join("::");
    return urn === "" ? [] : [urn];
}

/** Components and providers are nothing in a cloud. */
function secondsOf({ type, custom, inputs }: StateResource): number {
    return custom && !type.startsWith("pulumi:") ? latencyOf(type, inputs ?? {}).createSeconds : 0;
}
