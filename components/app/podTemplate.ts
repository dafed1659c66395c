import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { millicores } from "../model/quantity";
import { type Part, objectLabels, selectorLabels } from "./labels";

type PodTemplateSpec = k8s.types.input.core.v1.PodTemplateSpec;
type Container = k8s.types.input.core.v1.Container;
type Toleration = k8s.types.input.core.v1.Toleration;
type Volume = k8s.types.input.core.v1.Volume;

/** What a container asks for; the limit defaults to a multiple of the CPU request. */
export interface ResourceRequest {
    readonly cpu: string;
    readonly memory: string;
    readonly cpuLimit?: string | undefined;
}

/** What the Deployment, the StatefulSet and the Jobs say of their pods. */
export interface PodTemplateArgs {
    readonly app: string;
    readonly part: Part;
    /** Name of the container. @default the app's, or that of any other part */
    readonly container?: string;
    /** Of the pods, beside those of every app. @default {} */
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly image: string;
    readonly command?: readonly string[] | undefined;
    readonly ports?: Container["ports"];
    readonly resources: ResourceRequest;
    /** Probes and hooks of the container. */
    readonly probes?: Pick<Container, "livenessProbe" | "readinessProbe" | "startupProbe" | "lifecycle">;
    readonly graceSeconds: number;
    readonly priorityClassName: pulumi.Input<string>;
    readonly serviceAccountName: pulumi.Input<string>;
    readonly spread?: k8s.types.input.core.v1.TopologySpreadConstraint[];
    readonly nodeSelector: Readonly<Record<string, string>>;
    readonly tolerations: readonly Toleration[];
    readonly envFrom: Container["envFrom"];
    readonly volumes?: readonly Volume[];
    readonly volumeMounts?: readonly k8s.types.input.core.v1.VolumeMount[];
    readonly restartPolicy?: "Always" | "Never" | "OnFailure";
}

/**
 * The user every container runs as. Images name their own user by text or not at all, and the kubelet
 * can't tell then that it is not root; over 10000 so that it meets no user of the node.
 */
const userId = 10_001;

/** A CPU limit leaves room for bursts: throttling at the request would make a zone loss worse. */
const cpuLimitFactor = 4;

/** Scratch space in place of a writable root. */
const scratch = { name: "tmp", mountPath: "/tmp", size: "64Mi" };

/** CPU limit of a request, in millicores. */
export function cpuLimitMillicores(request: ResourceRequest): number {
    return request.cpuLimit === undefined ? millicores(request.cpu) * cpuLimitFactor : millicores(request.cpuLimit);
}

/**
 * A pod that passes the `restricted` Pod Security standard
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted): no root, no
 * capabilities, no privilege escalation, the runtime's seccomp profile; and beyond it a read-only
 * root and no API token.
 */
export function podTemplate(args: PodTemplateArgs): PodTemplateSpec & { spec: k8s.types.input.core.v1.PodSpec } {
    return {
        metadata: {
            labels: { ...args.labels, ...objectLabels(args.app), ...selectorLabels(args.app, args.part) },
            ...(args.annotations === undefined ? {} : { annotations: args.annotations }),
        },
        spec: {
            serviceAccountName: args.serviceAccountName,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: args.priorityClassName,
            terminationGracePeriodSeconds: args.graceSeconds,
            ...(args.restartPolicy === undefined ? {} : { restartPolicy: args.restartPolicy }),
            securityContext: {
                runAsNonRoot: true,
                runAsUser: userId,
                runAsGroup: userId,
                fsGroup: userId,
                fsGroupChangePolicy: "OnRootMismatch",
                seccompProfile: { type: "RuntimeDefault" },
            },
            ...(args.spread === undefined ? {} : { topologySpreadConstraints: args.spread }),
            ...(Object.keys(args.nodeSelector).length === 0 ? {} : { nodeSelector: args.nodeSelector }),
            tolerations: [...args.tolerations],
            containers: [container(args)],
            volumes: [{ name: scratch.name, emptyDir: { sizeLimit: scratch.size } }, ...(args.volumes ?? [])],
        },
    };
}

function container(args: PodTemplateArgs): Container {
    return {
        name: args.container ?? (args.part === "app" ? args.app : args.part),
        image: args.image,
        // The image is pinned, so what a node has is right: an outage of the registry must not stop a restart.
        imagePullPolicy: "IfNotPresent",
        ...(args.command === undefined ? {} : { command: [...args.command] }),
        ...(args.ports === undefined ? {} : { ports: args.ports }),
        envFrom: args.envFrom ?? [],
        resources: {
            requests: { cpu: args.resources.cpu, memory: args.resources.memory, "ephemeral-storage": scratch.size },
            limits: {
                cpu: `${cpuLimitMillicores(args.resources)}m`,
                // Equal to the request: a node short of memory never kills the app for using what it was promised.
                memory: args.resources.memory,
                "ephemeral-storage": "256Mi",
            },
        },
        securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            runAsUser: userId,
            runAsGroup: userId,
            capabilities: { drop: ["ALL"] },
            seccompProfile: { type: "RuntimeDefault" },
        },
        ...args.probes,
        volumeMounts: [{ name: scratch.name, mountPath: scratch.mountPath }, ...(args.volumeMounts ?? [])],
    };
}
