import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "../cluster";
import type { AppConfig } from "../config";
import { objectLabels } from "./labels";

/** The level of the Pod Security standard that the app's namespace enforces. */
const podSecurity = "restricted";

/**
 * The app's namespace, under the `restricted` Pod Security standard. Where it holds volumes to keep,
 * it is left in place when the stack is destroyed: deleting a namespace deletes the claims in it.
 */
export function createNamespace(
    name: string,
    app: AppConfig,
    cluster: Cluster,
    opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Namespace {
    const modes: Record<string, string> = {};
    for (const mode of ["enforce", "audit", "warn"]) {
        modes[`pod-security.kubernetes.io/${mode}`] = podSecurity;
        modes[`pod-security.kubernetes.io/${mode}-version`] = "latest";
    }
    return new k8s.core.v1.Namespace(
        `${name}-namespace`,
        {
            metadata: {
                name: app.name,
                labels: { ...objectLabels(app.name), ...modes, ...cluster.namespaceLabels },
            },
        },
        { ...opts, provider: cluster.keeper, dependsOn: [...cluster.ready], retainOnDelete: app.state?.onDelete === "keep" },
    );
}
