import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** What a {@link SecretsKey} is made from. */
export interface SecretsKeyArgs {
    readonly project: string;
    /** The cluster's region: the key must be there too. */
    readonly region: string;
    readonly protect: boolean;
    /** APIs that must be on first. */
    readonly dependsOn: readonly pulumi.Resource[];
}

/** 90 days: Google's example, and within CIS GKE's bound. */
const rotationPeriod = `${90 * 24 * 3600}s`;

/** A key, turned over every 90 days, that GKE encrypts Kubernetes secrets with in the cluster's store. */
export class SecretsKey extends pulumi.ComponentResource {
    public readonly keyId: pulumi.Output<string>;
    /** GKE's right to the key: a cluster made before it fails. */
    public readonly right: pulumi.Resource;

    constructor(name: string, args: SecretsKeyArgs, opts: pulumi.ComponentResourceOptions) {
        super("holdfast:gcp:SecretsKey", name, {}, opts);
        const ring = new gcp.kms.KeyRing(
            name,
            { location: args.region },
            // Google never deletes a key ring; Pulumi forgets it.
            { parent: this, dependsOn: [...args.dependsOn], retainOnDelete: true },
        );
        const key = new gcp.kms.CryptoKey(
            name,
            { keyRing: ring.id, purpose: "ENCRYPT_DECRYPT", rotationPeriod },
            { parent: this, protect: args.protect },
        );
        // Asking for GKE's agent makes it where the project is new, and needs no look-up of the project's number.
        const agent = new gcp.projects.ServiceIdentity(
            name,
            { project: args.project, service: "container.googleapis.com" },
            { parent: this, dependsOn: [...args.dependsOn] },
        );
        this.keyId = key.id;
        this.right = new gcp.kms.CryptoKeyIAMMember(
            name,
            { cryptoKeyId: key.id, role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", member: agent.member },
            { parent: this },
        );
        this.registerOutputs({ keyId: this.keyId, right: this.right });
    }
}
