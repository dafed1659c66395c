import * as pulumi from "@pulumi/pulumi";

/** Tags (AWS) or labels (Google Cloud) by which everything that a stack made can be found and billed. */
export function ownerTags(): Readonly<Record<string, string>> {
    return { "managed-by": "holdfast", stack: pulumi.getStack() };
}
