import type { PlannedResource } from "./summary";

/** A Helm chart: a bracket to Pulumi, but a plan knows of nothing inside it. */
export const chartType = "kubernetes:helm.sh/v4:Chart";

/** Whether a resource is something that is made, rather than a bracket around others or a way to reach them. */
export function isMade({ custom, type }: Pick<PlannedResource, "custom" | "type">): boolean {
    return (custom && !type.startsWith("pulumi:")) || type === chartType;
}
