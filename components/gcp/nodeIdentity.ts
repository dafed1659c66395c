import { createHash } from "node:crypto";

import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

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

    constructor(name: string, args: { readonly project: string; readonly cluster: string }, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:gcp:NodeIdentity", name, {}, opts);
        const digest = createHash("sha256").update(pulumi.getStack()).digest("hex").slice(0, digestLength);
        const account = new gcp.serviceaccount.Account(
            name,
            // At most 30 characters, and unique in the project.
            { accountId: `${args.cluster}-n-${digest}`, displayName: `Nodes of ${args.cluster} in ${pulumi.getStack()}` },
            { parent: this },
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
