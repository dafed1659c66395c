import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { LoggingConfig } from "../../config/platform/logging";
import { mebibytes, millicores } from "../../model/quantity";
import { storeNamespace, storeNodes } from "./places";

/** Two operators, of which one leads. */
export const operatorReplicas = 2;

/** What containers of the store's namespace request. */
export const requests = {
    operator: { cpu: "100m", memory: "512Mi" },
    setup: { cpu: "50m", memory: "128Mi" },
    /** A core for every 4 GiB, which is between the bounds of every cloud. */
    store: ({ memory }: Pick<LoggingConfig, "memory">) => ({ cpu: `${(mebibytes(memory) / 4096) * 1000}m`, memory }),
} as const;

/** Quantities as numbers: cores and GiB. */
export function demandOf({ cpu, memory }: { readonly cpu: string; readonly memory: string }): { readonly cores: number; readonly gib: number } {
    return { cores: millicores(cpu) / 1000, gib: mebibytes(memory) / 1024 };
}

/**
 * What the store's namespace may take at the most, and what a container gets that says nothing: ECK's own are among those. There is room for
 * one pod more of each, so that none waits for another that is slow to end.
 */
export function createRoom(name: string, settings: LoggingConfig, opts: pulumi.CustomResourceOptions): readonly pulumi.Resource[] {
    const pods = [
        ...Array.from({ length: storeNodes + 1 }, () => requests.store(settings)),
        ...Array.from({ length: operatorReplicas + 1 }, () => requests.operator),
        ...Array.from({ length: 2 }, () => requests.setup),
    ];
    const metadata = { name: "logging", namespace: storeNamespace, labels: { "app.kubernetes.io/managed-by": "holdfast" } };
    const hard = {
        "requests.cpu": `${pods.reduce((sum, { cpu }) => sum + millicores(cpu), 0)}m`,
        "requests.memory": `${pods.reduce((sum, { memory }) => sum + mebibytes(memory), 0)}Mi`,
    };
    const limits = { type: "Container", default: { memory: "256Mi" }, defaultRequest: { cpu: "50m", memory: "128Mi" } };
    return [
        new k8s.core.v1.ResourceQuota(`${name}-quota`, { metadata, spec: { hard } }, opts),
        new k8s.core.v1.LimitRange(`${name}-limits`, { metadata, spec: { limits: [limits] } }, opts),
    ];
}
