import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

import type { GcpAccess, GcpAccessArgs, GcpToken } from ".";
import { shortDigest } from "./digest";

/** What a {@link GcpAccount} is made from. */
export interface GcpAccountArgs extends GcpAccessArgs {
    /** Name of the cluster. */
    readonly cluster: string;
    /** The Kubernetes service account, as IAM policies name it. */
    readonly principal: pulumi.Input<string>;
    /** How its pods get in by a token; undefined where the node's metadata server lets them in. */
    readonly tokenFor?: (email: pulumi.Output<string>) => GcpToken;
    /** APIs and pools that must be there first. */
    readonly dependsOn: readonly pulumi.Resource[];
}

/** What lets one identity act as another (https://docs.cloud.google.com/iam/docs/service-account-permissions#workload-identity-user-role). */
const actAs = "roles/iam.workloadIdentityUser";

/** A service account in Google Cloud that the pods of one Kubernetes service account act as. */
export class GcpAccount extends pulumi.ComponentResource implements GcpAccess {
    public readonly email: pulumi.Output<string>;
    public readonly member: pulumi.Output<string>;
    public readonly serviceAccountAnnotations: Readonly<Record<string, pulumi.Output<string>>>;
    public readonly token: GcpToken | undefined;
    public readonly ready: readonly pulumi.Resource[];

    constructor(name: string, args: GcpAccountArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:identity:GcpAccount", name, {}, { ...opts, provider: args.provider });
        const { project, roles = [], namespace, serviceAccount } = args;
        const account = new gcp.serviceaccount.Account(
            name,
            {
                project,
                // 6 to 30 characters, unique in the project (https://docs.cloud.google.com/iam/docs/service-accounts-create).
                accountId: `${args.cluster}-${shortDigest(`${pulumi.getStack()}/${name}`)}`,
                displayName: `${namespace}/${serviceAccount} of ${args.cluster} in ${pulumi.getStack()}`,
            },
            { parent: this, dependsOn: [...args.dependsOn] },
        );
        this.email = account.email;
        this.member = account.member;
        const user = new gcp.serviceaccount.IAMMember(name, { serviceAccountId: account.name, role: actAs, member: args.principal }, { parent: this });
        const rights = roles.map(
            role => new gcp.projects.IAMMember(`${name}-${role.split("/").at(-1) ?? role}`, { project, role, member: account.member }, { parent: this }),
        );
        this.token = args.tokenFor?.(account.email);
        this.serviceAccountAnnotations = this.token === undefined ? { "iam.gke.io/gcp-service-account": account.email } : {};
        this.ready = [user, ...rights];
        this.registerOutputs({ email: this.email, member: this.member });
    }
}
