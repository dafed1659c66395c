import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { charts } from "../../charts";
import type { Cluster } from "../../cluster";
import type { CertificatesConfig } from "../../config/platform/certificates";
import type { AwsAccess, WorkloadIdentity } from "../../identity";
import { awsTokenOf } from "../../identity/awsToken";
import { installChart } from "../chart";
import { createAddOnNamespace } from "../namespace";
import { certManager, certManagerValues } from "./chart";
import { createIssuer } from "./issuer";
import { proofStatements, provingZonesOf } from "./zones";

/** What a {@link CertManager} is made from. */
export interface CertManagerArgs {
    readonly settings: CertificatesConfig;
    /** Name of the ClusterIssuer. */
    readonly issuer: string;
    /** Names of the hosted zones that prove. */
    readonly zones: readonly string[];
    readonly cluster: Cluster;
    /** AWS provider that finds the zones. */
    readonly dns: () => aws.Provider;
}

/** cert-manager, and a ClusterIssuer that proves names in Route 53 with no key stored anywhere. */
export class CertManager extends pulumi.ComponentResource {
    /** The ClusterIssuer: what a certificate needs to come, and to go. */
    public readonly issuer: pulumi.Resource;

    private readonly name: string;

    constructor(name: string, args: CertManagerArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:platform:CertManager", name, {}, opts);
        this.name = name;
        const zones = provingZonesOf(args.zones, { parent: this, provider: args.dns() });
        const access = this.identityOf(args.cluster).awsAccess(
            `${name}-zones`,
            { namespace: certManager, serviceAccount: certManager, statements: proofStatements(zones), provider: args.dns },
            { parent: this },
        );
        const chart = this.createChart(args, access);
        this.issuer = createIssuer(name, { ...args, zones }, { parent: this, dependsOn: [chart] });
        this.registerOutputs({ issuer: this.issuer });
    }

    /** What config without it was refused for. */
    private identityOf({ name, identity }: Cluster): WorkloadIdentity {
        if (identity === undefined) {
            throw new pulumi.ResourceError(`${name} has no issuer of tokens that AWS could trust`, this, true);
        }
        return identity;
    }

    /**
     * After the access, which pods may not find later on, and by the provider that takes over what is there: the chart's types stay when it
     * goes, and it must find them when it comes back.
     */
    private createChart({ cluster }: CertManagerArgs, access: AwsAccess): pulumi.Resource {
        const namespace = createAddOnNamespace(this.name, { namespace: certManager, podSecurity: "restricted" }, { parent: this });
        return installChart(
            this.name,
            {
                chart: charts.certManager,
                namespace: namespace.metadata.name,
                values: certManagerValues(this.name, { cluster, token: awsTokenOf(access, this.name) }),
            },
            { parent: this, provider: cluster.keeper, dependsOn: [...cluster.ready, ...access.ready] },
        );
    }
}
