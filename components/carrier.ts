import type * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "./cluster";
import type { AppConfig } from "./config";

/**
 * What carries an app's requests: pods in its namespace that users come in by, and tunnels between pods. The app sends its load balancers
 * to these pods, and lets the tunnels through; what they are is theirs to know.
 */
export interface Carrier {
    /** Port on which the pods take requests as plain HTTP; it has the name that the app's own port has. */
    readonly port: number;
    /** Whether users may come in by them alone. */
    readonly isOnlyWay: boolean;
    /** How many of them there may be, and what one requests. */
    readonly maxReplicas: number;
    readonly resources: { readonly cpu: string; readonly memory: string };
    /** TCP port by which a pod's own traffic reaches another. */
    readonly tunnelPort: number;
    /** Block of the addresses from which the kubelet's probes come to pods with a tunnel. */
    readonly probesFrom: string;
    /** Labels of the pods, by the app's name. */
    selector(app: string): Readonly<Record<string, string>>;
    /** Makes them, and all else that the app needs to be carried. Returns what must be there before users are sent to them. */
    create(name: string, args: CarrierArgs, opts: pulumi.ComponentResourceOptions): readonly pulumi.Resource[];
}

/** Whom a {@link Carrier} carries. */
export interface CarrierArgs {
    readonly app: AppConfig;
    readonly cluster: Cluster;
    readonly namespace: pulumi.Output<string>;
    /** Of the app's replicas. */
    readonly priorityClassName: pulumi.Output<string>;
    /** What answers the requests. */
    readonly backend: pulumi.Resource;
}
