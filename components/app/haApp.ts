import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Cluster, TlsRequest } from "../cluster";
import type { AppConfig } from "../config";
import { createConfiguration } from "./configuration";
import type { AppContext } from "./context";
import { createDeployment } from "./deployment";
import { type Endpoint, endpointOf } from "./endpoint";
import { createIdentity } from "./identity";
import { createIngress } from "./ingress";
import { createJobs } from "./jobs";
import { createNamespace } from "./namespace";
import { createNetworkPolicies } from "./networkPolicies";
import { createQuota } from "./quota";
import { type Target, createService, targetOf } from "./service";
import { createState } from "./state";

/** What an {@link HaApp} is made from. */
export interface HaAppArgs {
    /** The app, as config says; every part that it leaves out is not made. */
    readonly app: AppConfig;
    /** The cluster it runs on. */
    readonly cluster: Cluster;
    /** TLS of the Ingress; undefined for plain HTTP. */
    readonly tls?: TlsRequest | undefined;
}

/**
 * A highly available app on one cluster, whatever the cloud: namespace, quota, identity, settings,
 * Deployment with autoscaler and budget, LoadBalancer Service, StatefulSet with volumes, Ingress,
 * network policies and jobs.
 *
 * @example
 * new HaApp("east-shop", { app, cluster });
 */
export class HaApp extends pulumi.ComponentResource {
    /** Where the app answers: the Ingress where there is one, else the LoadBalancer Service. */
    public readonly endpoint: Endpoint;

    constructor(name: string, args: HaAppArgs, opts?: pulumi.ComponentResourceOptions) {
        super("holdfast:app:HaApp", name, {}, { provider: args.cluster.provider, ...opts });
        const { app, cluster } = args;
        const namespace = createNamespace(name, app, cluster, { parent: this });
        const context: AppContext = { name, app, cluster, namespace: namespace.metadata.name, opts: { parent: this } };

        const quota = createQuota(context);
        createNetworkPolicies(context);
        const identity = createIdentity(context);
        const configuration = createConfiguration(context);
        const backend = createDeployment(context, identity, configuration);
        if (app.state !== undefined) {
            createState(context, app.state, { identity, configuration, quota });
        }
        createJobs(context, identity, configuration);
        const { priorityClassName } = identity;
        const carried = cluster.carrier?.create(name, { app, cluster, namespace: context.namespace, priorityClassName, backend }, { parent: this });
        const target = targetOf(context, carried ?? []);
        const service = createService(context, target);
        this.endpoint = endpointOf(context, this.door(context, service, args.tls, target), args.tls);
        this.registerOutputs({ endpoint: this.endpoint });
    }

    /** What users come in by. */
    private door(
        context: AppContext,
        service: k8s.core.v1.Service,
        tls: TlsRequest | undefined,
        target: Target,
    ): k8s.core.v1.Service | k8s.networking.v1.Ingress {
        const { ingress } = context.app;
        return ingress === undefined ? service : createIngress(context, ingress, tls, target);
    }
}
