import type { z } from "zod";

import type { ClusterConfig, clusterKinds } from "./cluster";
import { type AppConfig, type FailoverConfig, type HoldfastConfig, parseConfig } from "./config";
import type { configSchema } from "./config/schema";

type Kinds = typeof clusterKinds;
type Kind = keyof Kinds;
type Shape = (typeof configSchema)["shape"];

/** What a program says of a cluster: the keys of its kind in the README's config table, without those that have a default. */
export type ClusterSettings<K extends Kind = Kind> = { readonly [Each in K]: z.input<Kinds[Each]["schema"]> }[K];

/** What a program says of an app: `app` in the config table. */
export type AppSettings = NonNullable<z.input<Shape["app"]>>;

/** What a program says of failover: `failover` in the config table. */
export type FailoverSettings = NonNullable<z.input<Shape["failover"]>>;

/** What a program says of the add-ons: `platform` in the config table. */
export type PlatformSettings = NonNullable<z.input<Shape["platform"]>>;

/** What a program may say beside its clusters. */
export interface Sections {
    readonly app: AppSettings;
    readonly failover: FailoverSettings;
    readonly platform: PlatformSettings;
}

/** Settings of clusters, of whose entries the kinds are known one by one. */
export type ClusterList<Ks extends readonly Kind[]> = { readonly [I in keyof Ks]: { readonly kind: Ks[I] } & ClusterSettings<Ks[I]> };

/** A checked config in which each cluster has the type of its kind, and a section is there if it was given. */
export type Configured<Ks extends readonly Kind[], Given extends keyof Sections> = HoldfastConfig & {
    readonly clusters: { -readonly [I in keyof Ks]: Extract<ClusterConfig, { readonly kind: Ks[I] }> };
    readonly app: "app" extends Given ? AppConfig : undefined;
    readonly failover: "failover" extends Given ? FailoverConfig : undefined;
};

/**
 * Checks what a program says of its clusters and of what runs on them, against each other too, and fills in the defaults: the same that a
 * stack's file goes through. What comes out is what the components take. Makes nothing, and reads no config.
 *
 * @throws ConfigError with every problem at once; it calls them by the keys that they have in a stack's file.
 *
 * @example
 * const { clusters: [east], app } = configure(
 *     [{ kind: "eks", name: "east", region: "us-east-1", zones: ["us-east-1a", "us-east-1b", "us-east-1c"], cidr: "10.16.0.0/16", admins }],
 *     { app: { name: "shop", image: "ghcr.io/stefanprodan/podinfo:6.9.2", port: 9898 } },
 * );
 */
export function configure<const Ks extends readonly Kind[], Given extends keyof Sections = never>(
    clusters: ClusterList<Ks>,
    sections?: { readonly [Each in Given]: Sections[Each] },
): Configured<Ks, Given> {
    // The schema chooses by `kind` too, and leaves no section out: the compiler can't follow that.
    return parseConfig({ clusters, ...sections }) as Configured<Ks, Given>;
}
