import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

import type { AwsAccess, AwsAccessArgs, GcpAccess, GcpAccessArgs, WorkloadIdentity } from "../identity";
import { Federation } from "../identity/federation";
import { GcpAccount } from "../identity/gcpAccount";

/** What a {@link GkeIdentity} is made from. */
export interface GkeIdentityArgs {
    /** Name of the cluster in the config. */
    readonly name: string;
    readonly project: string;
    readonly region: string;
    readonly cluster: gcp.container.Cluster;
}

/**
 * In Google Cloud by Workload Identity Federation for GKE, elsewhere by the tokens of the cluster's issuer. To the former all clusters of
 * a project are one: a service account of the same name and namespace on another of them may do the same
 * (https://docs.cloud.google.com/kubernetes-engine/docs/concepts/workload-identity#identity_sameness).
 */
export class GkeIdentity implements WorkloadIdentity {
    /** GKE answers for it in public: https://docs.cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.well-known/getOpenid-configuration. */
    public readonly issuer: pulumi.Output<string>;

    private readonly elsewhere: Federation;
    private credentialsApi: pulumi.Resource | undefined;

    /** @param parent the cluster's component. */
    constructor(
        private readonly args: GkeIdentityArgs,
        private readonly parent: pulumi.Resource,
    ) {
        const { name, project, region, cluster } = args;
        this.issuer = pulumi.interpolate`https://container.googleapis.com/v1/projects/${project}/locations/${region}/clusters/${cluster.name}`;
        this.elsewhere = new Federation(name, this.issuer, parent);
    }

    public awsAccess(name: string, args: AwsAccessArgs, opts: pulumi.ComponentResourceOptions): AwsAccess {
        return this.elsewhere.awsAccess(name, args, opts);
    }

    public gcpAccess(name: string, args: GcpAccessArgs, opts: pulumi.ComponentResourceOptions): GcpAccess {
        const { namespace, serviceAccount } = args;
        return new GcpAccount(
            name,
            {
                ...args,
                cluster: this.args.name,
                principal: `serviceAccount:${this.args.project}.svc.id.goog[${namespace}/${serviceAccount}]`,
                // The project's pool of identities comes with its first cluster.
                dependsOn: [this.args.cluster, this.enableCredentials()],
            },
            opts,
        );
    }

    /** The API that hands pods the account's tokens (https://docs.cloud.google.com/kubernetes-engine/docs/how-to/workload-identity). */
    private enableCredentials(): pulumi.Resource {
        const { name, project } = this.args;
        this.credentialsApi ??= new gcp.projects.Service(
            `${name}-iamcredentials`,
            { project, service: "iamcredentials.googleapis.com", disableOnDestroy: false },
            { parent: this.parent },
        );
        return this.credentialsApi;
    }
}
