import { z } from "zod";

import { parseCidr } from "../model/cidr";
import { field } from "./fields";

/** Schemas of values that more than one part of the config holds. */

/** A label of a DNS name; at most 20 characters, so that the names made from it fit every cloud's limits. */
export const dnsLabel = z.string().regex(/^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/);

/** A full DNS name of at least two labels. */
export const dnsName = z
    .string()
    .max(253)
    .regex(/^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);

/** An absolute path of a URL; Route 53's health checks take 255 characters (https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html). */
export const urlPath = z.string().regex(/^\/[^\s?#]{0,254}$/);

/**
 * URL of an OpenID Connect issuer, without a port or a query and of at most 255 characters: what AWS takes
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html). Not a name within a network: the one that
 * Kubernetes has by default ends in .local.
 */
export const issuerUrl = z
    .string()
    .max(255)
    .regex(/^https:\/\/(?![^/]*\.(local|localhost|internal)(\/|$))([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?(\/[-\w.~]+)*$/);

/** A directory to mount a volume at: not the root, and nothing that the container runtime would read as another place. */
export const mountPath = z.string().regex(/^(\/(?!\.{1,2}(\/|$))[^\s/:]+)+\/?$/);

/** An IPv4 block in CIDR notation. */
export const cidrBlock = z.string().refine(text => parseCidr(text) !== undefined);

/** A Kubernetes quantity of memory or storage: a whole number of Mi, Gi or Ti. */
export const bytes = z.string().regex(/^[1-9][0-9]{0,6}(Mi|Gi|Ti)$/);

/** A Kubernetes quantity of CPU: millicores, or whole cores. */
export const cpu = z.string().regex(/^[1-9][0-9]{0,6}m?$/);

/** Name of a Kubernetes object: a DNS subdomain (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/). */
export const objectName = z.string().regex(/^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);

/** Key of a label or a taint (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set). */
export const labelKey = z
    .string()
    .regex(/^((?=[^/]{1,253}\/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$/);

/** Value of a label or a taint. */
export const labelValue = z.string().regex(/^([A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/);

/** A container image with a tag other than latest, a digest, or both. */
export const image = z.string().refine(isPinned);

/**
 * An image reference, by the grammar that container runtimes share
 * (https://github.com/distribution/reference/blob/main/regexp.go), with a digest of the one algorithm that
 * registries use.
 */
const hostPart = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const pathPart = "[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*";
const reference = new RegExp(
    `^(${hostPart}(\\.${hostPart})*(:[0-9]+)?/)?${pathPart}(/${pathPart})*(:(?<tag>\\w[-.\\w]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?$`,
);
/** A name of 255 characters, a tag of 128 and a digest. */
const longestReference = 460;

function isPinned(text: string): boolean {
    const parts = text.length > longestReference ? undefined : reference.exec(text)?.groups;
    return parts !== undefined && parts["tag"] !== "latest" && (parts["tag"] ?? parts["digest"]) !== undefined;
}

/** A Kubernetes minor version. */
export const kubernetesVersion = z.string().regex(/^1\.[0-9]{2}$/);

/** The keys that each cluster has, whatever its kind. */
export const clusterName = field(dnsLabel, {
    about: "Name of the cluster; part of the name of everything in it.",
    allowed: "a DNS label of at most 20 lower-case letters, digits and hyphens that starts with a letter",
    example: "east",
});

/** The key that says which kind of cluster an entry is. */
export function clusterKind<K extends string>(kind: K): z.ZodLiteral<K> {
    return field(z.literal(kind), { about: "Kind of the cluster.", allowed: `the word ${kind}`, example: kind });
}

/** The key that says how the nodes come about. */
function nodesMode<M extends string>(mode: M): z.ZodLiteral<M> {
    return field(z.literal(mode), { about: "Who makes the nodes.", allowed: `the word ${mode}`, example: mode });
}

/** Addresses that a cluster of its own network is given. */
export const clusterCidr = field(cidrBlock, {
    about: "Addresses of the cluster's network; disjoint from every other cluster's.",
    allowed: "a private IPv4 block such as 10.16.0.0/16, with no address bits set past the prefix",
    example: "10.16.0.0/16",
});

/** Who may reach the API server from outside the network. */
export const apiAccess = field(
    z
        .array(
            field(cidrBlock, {
                about: "One block of addresses that may reach the API server.",
                allowed: "an IPv4 block such as 203.0.113.0/24",
                example: "203.0.113.0/24",
            }),
        )
        .default([]),
    {
        about: "Blocks of addresses that may reach the API server from the internet; none closes it to the internet.",
        allowed: "a list of IPv4 blocks, none wider than /8",
        example: ["203.0.113.0/24"],
    },
);

/** Whether the cluster's data and control plane are protected from deletion. */
export const protect = field(z.boolean().default(true), {
    about: "Protect the cluster, its network and its keys from deletion, in the cloud and in Pulumi.",
    allowed: "true or false",
    example: true,
});

const pool = z.strictObject({
    name: field(dnsLabel, {
        about: "Name of the node pool; a pool under a new name is made before the old one goes.",
        allowed: "a DNS label of at most 20 characters",
        example: "general",
    }),
    machine: field(z.string().regex(/^[a-z0-9]+([-.][a-z0-9]+)+$/), {
        about: "Machine type of the cloud.",
        allowed: "a machine type such as m7i.large or n2-standard-2",
        example: "m7i.large",
    }),
    minNodes: field(z.int().min(0).max(1000), {
        about: "Fewest nodes over all zones together.",
        allowed: "a whole number from 0 to 1000, at least one a zone for pools that are not spot",
        example: 3,
    }),
    maxNodes: field(z.int().min(1).max(1000), {
        about: "Most nodes over all zones together.",
        allowed: "a whole number from 1 to 1000, at least minNodes",
        example: 9,
    }),
    spot: field(z.boolean().default(false), {
        about: "Cheaper machines that the cloud may take back; the pool is tainted, so only pods that tolerate it run there.",
        allowed: "true or false",
        example: false,
    }),
    diskGb: field(z.int().min(20).max(1000).default(50), {
        about: "Size of each node's encrypted disk, in GB.",
        allowed: "a whole number from 20 to 1000",
        example: 50,
    }),
});

/** How the nodes come about. */
export const nodes = field(
    z
        .discriminatedUnion("mode", [
            z.strictObject({ mode: nodesMode("auto") }),
            z.strictObject({
                mode: nodesMode("pools"),
                pools: field(z.array(pool).min(1), {
                    about: "The node pools; node counts are totals over all zones.",
                    allowed: "a list of at least one pool { name, machine, minNodes, maxNodes, spot?, diskGb? }",
                    example: [{ name: "general", machine: "m7i.large", minNodes: 3, maxNodes: 9 }],
                }),
            }),
        ])
        .default({ mode: "auto" }),
    {
        about: "Who makes the nodes: the cloud (mode auto: EKS Auto Mode, GKE Autopilot), or pools of your own.",
        allowed: "{ mode: auto } or { mode: pools, pools: [...] }",
        example: { mode: "auto" },
    },
);

/** Nodes of a cluster, as config says. */
export type NodesConfig = z.output<typeof nodes>;
/** A node pool, as config says. */
export type PoolConfig = z.output<typeof pool>;

/** The zones of a cluster: plain, so that planning needs no look-up. */
export function zones(example: readonly string[], pattern: RegExp): z.ZodArray<z.ZodString> {
    return field(
        z
            .array(
                field(z.string().regex(pattern), {
                    about: "One zone.",
                    allowed: `a zone such as ${example[0] ?? ""}`,
                    example: example[0],
                }),
            )
            .min(2),
        {
            about: "Zones that the cluster is spread over; three survive the loss of one with a quorum.",
            allowed: "a list of at least two different zones of the region, better three",
            example,
        },
    );
}
