import * as k8s from "@pulumi/kubernetes";

import { type AppContext, metadata } from "./context";

/** A group of pods, and how many of them a drain may take at once. */
export interface BudgetArgs {
    /** Name of the object. */
    readonly name: string;
    /** Role in the resource's name. */
    readonly role: string;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly maxUnavailable: number | string;
}

/**
 * A disruption budget that slows a drain and never blocks it: pods that are not ready may always be
 * evicted, or a broken release would stop every node upgrade.
 */
export function createBudget(context: AppContext, args: BudgetArgs): void {
    new k8s.policy.v1.PodDisruptionBudget(
        `${context.name}-${args.role}`,
        {
            metadata: metadata(context, args.name),
            spec: {
                selector: args.selector,
                maxUnavailable: args.maxUnavailable,
                unhealthyPodEvictionPolicy: "AlwaysAllow",
            },
        },
        context.opts,
    );
}
