import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { AwsAccess, AwsAccessArgs, GcpAccess, GcpAccessArgs, WorkloadIdentity } from ".";
import { AwsWebIdentity, createAwsIssuer } from "./awsWebIdentity";
import { GcpAccount } from "./gcpAccount";
import { GcpWorkloadPool } from "./gcpWorkloadPool";

/**
 * Access by the tokens of a cluster's own issuer, for every cloud that is not the cluster's. What makes a cloud know the issuer is made
 * when it is first asked for, once, and below the cluster: add-ons share it, and it goes with the last of them. Google keeps a pool's id for
 * 30 days after that: see docs/runbooks/backup.md, "Turning it off".
 */
export class Federation implements WorkloadIdentity {
    private awsIssuer: aws.iam.OpenIdConnectProvider | undefined;
    private readonly pools = new Map<string, GcpWorkloadPool>();

    /**
     * @param cluster name of the cluster.
     * @param parent the cluster's component.
     */
    constructor(
        private readonly cluster: string,
        public readonly issuer: pulumi.Output<string>,
        private readonly parent: pulumi.Resource,
    ) {}

    public awsAccess(name: string, { provider: providerOf, ...args }: AwsAccessArgs, opts: pulumi.ComponentResourceOptions): AwsAccess {
        const { issuer } = this;
        const provider = providerOf();
        this.awsIssuer ??= createAwsIssuer(`${this.cluster}-issuer`, issuer, { parent: this.parent, provider });
        return new AwsWebIdentity(name, { ...args, issuer, known: this.awsIssuer }, { ...opts, provider });
    }

    public gcpAccess(name: string, args: GcpAccessArgs, opts: pulumi.ComponentResourceOptions): GcpAccess {
        const pool = this.poolIn(args);
        return new GcpAccount(
            name,
            { ...args, cluster: this.cluster, principal: pool.principal(args), tokenFor: email => pool.token(email), dependsOn: pool.ready },
            opts,
        );
    }

    private poolIn({ project, provider }: GcpAccessArgs): GcpWorkloadPool {
        const made = this.pools.get(project);
        if (made !== undefined) {
            return made;
        }
        const { cluster, issuer, parent } = this;
        const pool = new GcpWorkloadPool(`${cluster}-pool-${project}`, { cluster, issuer, project }, { parent, provider });
        this.pools.set(project, pool);
        return pool;
    }
}
