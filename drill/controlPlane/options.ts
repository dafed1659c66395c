import type { Say } from "../../tools/cache";
import type { User } from "./pki";

/** Programs that every control plane runs. */
export type CoreProgram = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler";

/** What each fake node offers. */
export interface NodeShape {
    /** Kubernetes quantity, such as 4 or 3920m. */
    readonly cpu: string;
    /** Kubernetes quantity, such as 16Gi. */
    readonly memory: string;
    readonly pods: number;
    /** Label node.kubernetes.io/instance-type. @default fake */
    readonly instanceType?: string;
}

/** How fake pods behave. */
export interface PodBehaviour {
    /** From being scheduled until the containers run, in seconds. @default 1 */
    readonly startSeconds?: number;
    /** From running until ready, in seconds. A pod's annotation `drill.holdfast.dev/ready-seconds` has precedence. @default 2 */
    readonly readySeconds?: number;
    /** What a pod of a job runs for, in seconds. @default 2 */
    readonly jobSeconds?: number;
    /** From the end of the preStop sleep until the pod is gone, in seconds. @default 1 */
    readonly stopSeconds?: number;
}

/** What a control plane without nodes is made of. */
export interface CoreOptions {
    /** Unique within the run. */
    readonly name: string;
    /** Runs a second scheduler and a second controller manager that take over when the leader dies. @default false */
    readonly standby?: boolean;
    readonly binaries: CoreBinaries;
    /** Address that the API server listens on. @default loopback */
    readonly address?: string;
    /** Users beside the control plane's own, such as kubelets. @default none */
    readonly members?: readonly User[];
    readonly say: Say;
}

/** Programs of a control plane, and the version of its API server, such as v1.36.3. */
export interface CoreBinaries {
    readonly paths: Readonly<Record<CoreProgram, string>>;
    readonly kubernetesVersion: string;
}

/** A control plane with fake nodes. */
export interface ControlPlaneOptions extends CoreOptions {
    readonly region: string;
    readonly zones: readonly string[];
    readonly nodesPerZone: number;
    readonly nodeShape: NodeShape;
    /** Labels of every node beside the well-known ones. @default {} */
    readonly extraLabels?: Readonly<Record<string, string>>;
    readonly pods?: PodBehaviour;
    readonly binaries: CoreBinaries & { readonly paths: Readonly<Record<"kwok", string>> };
}
