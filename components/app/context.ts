import type * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "../cluster";
import type { AppConfig } from "../config";
import { objectLabels } from "./labels";

/** What each part of an app is made from. */
export interface AppContext {
    /** Prefix of resource names: `<cluster>-<app>`. */
    readonly name: string;
    readonly app: AppConfig;
    readonly cluster: Cluster;
    /** Name of the namespace, known once that exists. */
    readonly namespace: pulumi.Output<string>;
    /** For every resource of the app: its parent, and so its provider. */
    readonly opts: pulumi.CustomResourceOptions;
}

/** Metadata of a namespaced object with a fixed name. */
export function metadata(context: AppContext, name: string): ObjectMetadata & { name: string } {
    return { ...unnamedMetadata(context), name };
}

/**
 * Metadata of a namespaced object that Pulumi names: for those that are replaced when their content
 * changes, so that the new one is there before the old one goes.
 */
export function unnamedMetadata(context: AppContext): ObjectMetadata {
    return { namespace: context.namespace, labels: objectLabels(context.app.name) };
}

interface ObjectMetadata {
    readonly namespace: pulumi.Output<string>;
    readonly labels: Readonly<Record<string, string>>;
}
