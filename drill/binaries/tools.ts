import { readFileSync } from "node:fs";
import { join } from "node:path";

import { versionIn } from "../../tools/goProgram";

/** Programs of every control plane. */
const planeTools = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;

/** Programs of a control plane with fake nodes. */
export const simulatedTools = [...planeTools, "kwok"] as const;

/** Programs of a control plane with nodes whose containers are real; what else these need comes with the system. */
export const liveTools = [...planeTools, "kubelet", "kube-proxy"] as const;

/** All of them. */
export const toolNames = [...simulatedTools, "kubelet", "kube-proxy"] as const;

export type ToolName = (typeof toolNames)[number];
export type SimulatedTool = (typeof simulatedTools)[number];
export type LiveTool = (typeof liveTools)[number];

/** One program: which Go package it is, and how it says its version. */
export interface Tool {
    readonly name: ToolName;
    /** Folder in tools/ with the go.mod that pins it. Kubernetes' modules differ between them, so each has its own. */
    readonly folder: "etcd" | "kubernetes" | "kwok";
    /** Module that has the version. */
    readonly module: string;
    readonly package: string;
    /** Time of a build on two cores, in seconds, where Go has built none but those before it in the list. */
    readonly buildSeconds: number;
}

const kubernetes = { folder: "kubernetes", module: "k8s.io/kubernetes" } as const;

export const tools: readonly Tool[] = [
    { name: "etcd", folder: "etcd", module: "go.etcd.io/etcd/server/v3", package: "go.etcd.io/etcd/server/v3", buildSeconds: 40 },
    { name: "kwok", folder: "kwok", module: "sigs.k8s.io/kwok", package: "sigs.k8s.io/kwok/cmd/kwok", buildSeconds: 110 },
    { name: "kube-apiserver", ...kubernetes, package: "k8s.io/kubernetes/cmd/kube-apiserver", buildSeconds: 360 },
    { name: "kube-controller-manager", ...kubernetes, package: "k8s.io/kubernetes/cmd/kube-controller-manager", buildSeconds: 120 },
    { name: "kube-scheduler", ...kubernetes, package: "k8s.io/kubernetes/cmd/kube-scheduler", buildSeconds: 20 },
    { name: "kubelet", ...kubernetes, package: "k8s.io/kubernetes/cmd/kubelet", buildSeconds: 52 },
    { name: "kube-proxy", ...kubernetes, package: "k8s.io/kubernetes/cmd/kube-proxy", buildSeconds: 11 },
];

/** Version that tools/ pins for a tool. */
export function pinnedVersion(toolsFolder: string, { folder, module }: Tool): string {
    return versionIn(readFileSync(join(toolsFolder, folder, "go.mod"), "utf8"), module);
}

/** Version in the text that a tool prints for `--version`: "Kubernetes v1.36.3", "kwok version v0.8.0 …" or "etcd Version: 3.6.5". */
export function versionSaid(text: string): string | undefined {
    const said = /\bv?(\d+\.\d+\.\d+[\w.+-]*)/.exec(text)?.[1];
    return said === undefined ? undefined : `v${said}`;
}
