import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Cluster, Entry, EntryArgs, ServiceTraits, StorageTraits } from "../cluster";
import type { ClusterBackups } from "../backups";
import type { WorkloadIdentity } from "../identity";
import { Federation } from "../identity/federation";
import { kubernetesProviders } from "../kubernetesProviders";
import { secretTlsAnnotations } from "../secretTls";
import type { ExistingConfig } from "./config";
import { readKubeconfig } from "./kubeconfig";

/** Time that an unknown load balancer is given to notice a replica's end, in seconds. */
export const deregistrationSeconds = 10;

/**
 * A cluster that others made. It is asked for nothing but what every conforming cluster has, and its
 * own defaults decide about storage, load balancers and ingress unless config names them.
 *
 * @example
 * new ExistingCluster("local", { kind: "existing", name: "local", context: "minikube", … });
 */
export class ExistingCluster extends pulumi.ComponentResource implements Cluster {
    public readonly name: string;
    public readonly kind = "existing";
    public readonly region: string;
    public readonly zones: readonly string[];
    public readonly version: pulumi.Output<string>;
    public readonly provider: k8s.Provider;
    public readonly keeper: k8s.Provider;
    public readonly kubeconfig: pulumi.Output<string>;
    public readonly identity: WorkloadIdentity | undefined;
    public readonly ready = [];
    public readonly storage: StorageTraits;
    public readonly backups: ClusterBackups;
    public readonly namespaceLabels = {};
    public readonly deregistrationSeconds = deregistrationSeconds;
    public readonly addressKind = "ip";
    public readonly aliasZones = undefined;

    private readonly ingressClass: string | undefined;

    constructor(name: string, args: ExistingConfig, opts?: pulumi.ComponentResourceOptions) {
        super("holdfast:existing:ExistingCluster", name, {}, opts);
        this.name = name;
        this.region = args.region;
        this.zones = args.zones;
        this.version = pulumi.output("its own version");
        this.storage = { define: false, className: args.storageClass };
        this.backups = { snapshots: args.volumeSnapshots ? { define: undefined } : undefined };
        this.ingressClass = args.ingressClass;
        this.identity = args.issuer === undefined ? undefined : new Federation(name, pulumi.output(args.issuer), this);
        this.kubeconfig = pulumi.secret(readKubeconfig(args));
        ({ provider: this.provider, keeper: this.keeper } = kubernetesProviders(
            name,
            {
                kubeconfig: this.kubeconfig,
                clusterIdentifier: args.context ?? name,
                ...(args.context === undefined ? {} : { context: args.context }),
            },
            { parent: this },
        ));
        this.registerOutputs({ version: this.version, kubeconfig: this.kubeconfig });
    }

    public serviceTraits(): ServiceTraits {
        return { annotations: {}, externalTrafficPolicy: "Cluster", allocateLoadBalancerNodePorts: true };
    }

    public createEntry(_name: string, { tls }: EntryArgs): Entry {
        return {
            ...(this.ingressClass === undefined ? {} : { ingressClassName: this.ingressClass }),
            annotations: secretTlsAnnotations(tls),
            serviceAnnotations: {},
            tlsSecretName: tls?.secretName,
            dependsOn: [],
        };
    }
}
