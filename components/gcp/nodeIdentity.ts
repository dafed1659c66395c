import { createHash } from "node:crypto";

import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** What a {@link NodeIdentity} is made from. */
export interface NodeIdentityArgs {
    readonly project: string;
    /** Name of the cluster. */
    readonly cluster: string;
    /** APIs that must be on first. */
    readonly dependsOn: readonly pulumi.Resource[];
}

/** What nodes need and no more: to log, to send metrics, to pull images. */
const roles = ["roles/container.defaultNodeServiceAccount", "roles/artifactregistry.reader"];

/** Length of the digest that keeps the accounts of two stacks of one project apart. */
const digestLength = 4;

/**
 * The nodes' own service account: the project's default one is an editor of everything
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/service-accounts).
 */
export class NodeIdentity extends pulumi.ComponentResource {
    public readonly email: pulumi.Output<string>;
    /** Rights that nodes must not start without. */
    public readonly rights: readonly pulumi.Resource[];

    constructor(name: string, args: NodeIdentityArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:gcp:NodeIdentity", name, {}, opts);
        const digest = createHash("sha256").update(pulumi.getStack()).digest("hex").slice(0, digestLength);
        const account = new gcp.serviceaccount.Account(
            name,
            // At most 30 characters, and unique in the project.
            { accountId: `${args.cluster}-n-${digest}`, displayName: `Nodes of ${args.cluster} in ${pulumi.getStack()}` },
            { parent: this, dependsOn: [...args.dependsOn] },
        );
        this.email = account.email;
        this.rights = roles.map(
            role =>
                new gcp.projects.IAMMember(
                    `${name}-${role.split("/")[1] ?? role}`,
                    { project: args.project, role, member: account.member },
                    { parent: this },
                ),
        );
        this.registerOutputs({ email: this.email, rights: this.rights });
    }
}
