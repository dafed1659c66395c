/** Kubernetes' recommended labels (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/). */

/** The parts of an app that have pods: "app", "state", or "job-<name>". */
export type Part = "app" | "state" | `job-${string}`;

/** Labels that a selector goes by; they never change, since selectors can't. */
export function selectorLabels(app: string, part: Part): Readonly<Record<string, string>> {
    return { "app.kubernetes.io/name": app, "app.kubernetes.io/component": part };
}

/** Labels of every object of an app. */
export function objectLabels(app: string): Readonly<Record<string, string>> {
    return { "app.kubernetes.io/name": app, "app.kubernetes.io/managed-by": "holdfast" };
}
