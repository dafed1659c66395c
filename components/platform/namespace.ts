import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Annotation of a namespace whose Pod Security level is not the strictest: why. The policy pack asks for it. */
export const podSecurityReason = "holdfast.dev/pod-security-because";

/** Labels of what add-ons make, by which it can be found. */
export const managedLabels = { "app.kubernetes.io/managed-by": "holdfast" } as const;

/** A namespace of an add-on's own. */
export interface AddOnNamespaceArgs {
    readonly namespace: string;
    /** Pod Security level that is enforced: the strictest that the add-on's pods pass, and why where it is not the strictest of all. */
    readonly podSecurity: "restricted" | { readonly level: "baseline" | "privileged"; readonly because: string };
    /** Other labels. @default {} */
    readonly labels?: Readonly<Record<string, string>>;
}

/** Makes an add-on's namespace. What its pods may do is held down as far as they allow. */
export function createAddOnNamespace(name: string, { namespace, podSecurity, labels }: AddOnNamespaceArgs, opts: pulumi.CustomResourceOptions): k8s.core.v1.Namespace {
    const { level, because } = podSecurity === "restricted" ? { level: podSecurity, because: undefined } : podSecurity;
    return new k8s.core.v1.Namespace(
        `${name}-namespace`,
        {
            metadata: {
                name: namespace,
                labels: { ...labels, ...managedLabels, "pod-security.kubernetes.io/enforce": level },
                ...(because === undefined ? {} : { annotations: { [podSecurityReason]: because } }),
            },
        },
        opts,
    );
}
