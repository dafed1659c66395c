import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A disruption budget for pods whose chart or operator makes none. */
export interface AddOnBudgetArgs {
    readonly namespace: pulumi.Input<string>;
    /** Name of the budget, and end of the resource's name. */
    readonly name: string;
    /** Labels of the pods. */
    readonly matchLabels: Readonly<Record<string, string>>;
}

/** Lets a drain take one pod at a time, and one that is not ready at any. */
export function createAddOnBudget(prefix: string, { namespace, name, matchLabels }: AddOnBudgetArgs, opts: pulumi.CustomResourceOptions): void {
    new k8s.policy.v1.PodDisruptionBudget(
        `${prefix}-${name}-budget`,
        { metadata: { namespace, name }, spec: { selector: { matchLabels }, maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" } },
        opts,
    );
}
