import * as pulumi from "@pulumi/pulumi";

/** Tags (AWS) or labels (Google Cloud) by which everything that a stack made can be found and billed. */
export function ownerTags(): Readonly<Record<string, string>> {
    return { "managed-by": "holdfast", stack: plainStackName() };
}

/** The stack's name as clouds take names: lower case, without dots. */
export function plainStackName(): string {
    return pulumi.getStack().toLowerCase().replace(/[^-a-z0-9]/g, "-");
}
