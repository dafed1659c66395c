import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

import { type GcpToken, type Workload, subjectOf } from ".";
import { shortDigest } from "./digest";

/** What a {@link GcpWorkloadPool} is made from. */
export interface GcpWorkloadPoolArgs {
    /** Name of the cluster whose service accounts it knows. */
    readonly cluster: string;
    readonly issuer: pulumi.Output<string>;
    readonly project: string;
}

/** APIs that trade tokens for access (https://docs.cloud.google.com/iam/docs/workload-identity-federation-with-kubernetes); they stay on. */
const apis = ["iam", "iamcredentials", "sts"];

/** Where pods mount their token; the credentials say so too. */
const tokenDirectory = "/var/run/secrets/holdfast.google";
const tokenFile = "token";

/**
 * Makes Google Cloud know the service accounts of a cluster that is not GKE's, by its issuer. A pool's id can't be used again for 30 days
 * after its end (https://docs.cloud.google.com/iam/docs/manage-workload-identity-pools-providers), so it is made of the issuer and the stack:
 * a cluster that is made anew has a new one. Without that, what was turned off can come back only once the pool is undeleted and imported, or is gone.
 */
export class GcpWorkloadPool extends pulumi.ComponentResource {
    /** `projects/<number>/locations/global/workloadIdentityPools/<id>`. */
    private readonly poolName: pulumi.Output<string>;
    private readonly provider: gcp.iam.WorkloadIdentityPoolProvider;

    constructor(name: string, args: GcpWorkloadPoolArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:identity:GcpWorkloadPool", name, {}, opts);
        const { project, cluster, issuer } = args;
        const enabled = apis.map(
            api =>
                new gcp.projects.Service(
                    `${name}-${api}`,
                    { project, service: `${api}.googleapis.com`, disableOnDestroy: false },
                    { parent: this },
                ),
        );
        const pool = new gcp.iam.WorkloadIdentityPool(
            name,
            {
                project,
                // 4 to 32 characters.
                workloadIdentityPoolId: issuer.apply(url => `${cluster}-${shortDigest(`${pulumi.getStack()} ${url}`)}`),
                displayName: `${cluster} in ${pulumi.getStack()}`.slice(0, longestDisplayName),
            },
            { parent: this, dependsOn: enabled },
        );
        this.poolName = pool.name;
        this.provider = new gcp.iam.WorkloadIdentityPoolProvider(
            name,
            {
                project,
                workloadIdentityPoolId: pool.workloadIdentityPoolId,
                workloadIdentityPoolProviderId: "kubernetes",
                attributeMapping: { "google.subject": "assertion.sub" },
                oidc: { issuerUri: issuer },
            },
            { parent: this },
        );
        this.registerOutputs({});
    }

    /** A service account, as IAM policies name it. */
    public principal(workload: Workload): pulumi.Output<string> {
        return pulumi.interpolate`principal://iam.googleapis.com/${this.poolName}/subject/${subjectOf(workload)}`;
    }

    /** What a pod needs to act as an account that its service account may be. */
    public token(email: pulumi.Output<string>): GcpToken {
        // Google's default audience for a provider has the scheme; the configuration of clients has not.
        const audience = pulumi.interpolate`//iam.googleapis.com/${this.provider.name}`;
        return {
            audience: pulumi.interpolate`https:${audience}`,
            directory: tokenDirectory,
            fileName: tokenFile,
            credentials: pulumi.jsonStringify({
                type: "external_account",
                universe_domain: "googleapis.com",
                audience,
                subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
                token_url: "https://sts.googleapis.com/v1/token",
                service_account_impersonation_url: pulumi.interpolate`https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${email}:generateAccessToken`,
                credential_source: { file: `${tokenDirectory}/${tokenFile}`, format: { type: "text" } },
            }),
        };
    }

    /** What must exist before tokens are taken. */
    public get ready(): readonly pulumi.Resource[] {
        return [this.provider];
    }
}

/** Longest name for people that a pool can have. */
const longestDisplayName = 32;
