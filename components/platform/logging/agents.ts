import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { charts } from "../../charts";
import { installChart } from "../chart";
import { type Endpoint, agentConfig, bufferMib, given, graceSeconds } from "./agentConfig";
import { ports, streamOf } from "./places";

/** What the agents are made from. */
export interface AgentsArgs {
    readonly namespace: pulumi.Input<string>;
    /** Name of the cluster. */
    readonly cluster: string;
    readonly endpoint: Endpoint;
    /** Secret with `secret`, and where the endpoint wants them `user` and `ca.crt`. */
    readonly access: pulumi.Input<string>;
    /** What a pod may do to its node: anything, or no more than read the logs there. */
    readonly hostAccess: "any" | "logs";
    readonly priorityClassName: pulumi.Input<string>;
}

/** What an agent requests: it reads files and compresses them. */
export const agentRequests = { cores: 0.05, gib: 0.1875 };

/** The buffer's share of the node's disk. The rest is for the list of files, and for chunks that are on their way. */
const diskMib = 2 * bufferMib;

/**
 * The user that the agents run as, with the group of root: container runtimes write logs that their group may read. containerd's are 0640
 * (https://github.com/containerd/containerd/blob/main/internal/cri/server/helpers_linux.go).
 */
const user = { runAsNonRoot: true, runAsUser: 10_001, runAsGroup: 0 };

/**
 * A Fluent Bit on each node. It mounts the node's logs, to read them, and nothing else: on GKE Autopilot a hostPath is for reading and in
 * /var/log (https://docs.cloud.google.com/kubernetes-engine/docs/concepts/autopilot-security), so everywhere its buffer is an emptyDir. That
 * outlives a restart of the container, and not a replacement of the pod.
 */
export function createAgents(name: string, args: AgentsArgs, opts: pulumi.ComponentResourceOptions): k8s.helm.v4.Chart {
    const { cluster, endpoint, priorityClassName } = args;
    const logs = nodeLogs(args.hostAccess);
    return installChart(
        name,
        {
            chart: charts.fluentBit,
            namespace: args.namespace,
            values: {
                kind: "DaemonSet",
                testFramework: { enabled: false },
                // It asks the API server for nothing.
                rbac: { create: false },
                serviceAccount: { automountServiceAccountToken: false },
                metricsPort: ports.agent,
                config: agentConfig(cluster, streamOf(cluster), endpoint),
                env: environment(args),
                daemonSetVolumes: logs.map(({ name, path }) => ({ name, hostPath: { path } })),
                daemonSetVolumeMounts: logs.map(({ name, path }) => ({ name, mountPath: path, readOnly: true })),
                extraVolumes: [
                    { name: "buffer", emptyDir: { sizeLimit: `${diskMib}Mi` } },
                    ...(endpoint.ownAuthority ? [{ name: "authority", secret: { secretName: args.access, items: [{ key: "ca.crt", path: "ca.crt" }] } }] : []),
                ],
                extraVolumeMounts: [
                    { name: "buffer", mountPath: given.buffer },
                    ...(endpoint.ownAuthority ? [{ name: "authority", mountPath: given.authority, readOnly: true }] : []),
                ],
                resources: {
                    requests: { cpu: "50m", memory: "192Mi", "ephemeral-storage": `${diskMib}Mi` },
                    limits: { memory: "192Mi", "ephemeral-storage": `${diskMib}Mi` },
                },
                podSecurityContext: { ...user, seccompProfile: { type: "RuntimeDefault" } },
                securityContext: { ...user, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
                priorityClassName,
                // Every node has logs, whatever it is kept for.
                tolerations: [{ operator: "Exists" }],
                terminationGracePeriodSeconds: graceSeconds + 15,
                updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
            },
        },
        opts,
    );
}

function environment({ endpoint, access }: AgentsArgs): k8s.types.input.core.v1.EnvVar[] {
    const from = (name: string, key: string): k8s.types.input.core.v1.EnvVar => ({ name, valueFrom: { secretKeyRef: { name: access, key } } });
    return [
        { name: given.node, valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
        ...(endpoint.byUser ? [from(given.user, "user")] : []),
        from(given.secret, "secret"),
    ];
}

/** The node's logs are links; with Docker as the runtime they end in its own directory. */
function nodeLogs(hostAccess: AgentsArgs["hostAccess"]): readonly { readonly name: string; readonly path: string }[] {
    const logs = { name: "varlog", path: "/var/log" };
    return hostAccess === "any" ? [logs, { name: "varlibdockercontainers", path: "/var/lib/docker/containers" }] : [logs];
}
