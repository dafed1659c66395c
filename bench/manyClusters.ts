import { stringify } from "yaml";

/** The text of a stack file with so many clusters, EKS and GKE in turn, one app and failover over all. */
export function manyClusters(count: number): string {
    const clusters = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? eks(index) : gke(index)));
    return stringify({
        config: {
            "holdfast:clusters": clusters,
            "holdfast:app": {
                name: "shop",
                image: "ghcr.io/stefanprodan/podinfo:6.9.2",
                port: 9898,
                state: { image: "docker.io/library/redis:8.2.1", port: 6379 },
                ingress: { host: "shop.example.com", tls: { zone: "example.com", issuer: "letsencrypt-dns" } },
            },
            ...(count > 1
                ? { "holdfast:failover": { domain: "shop.example.com", zone: "example.com", mode: "active-active" } }
                : {}),
        },
    });
}

function common(index: number): object {
    return { cidr: `10.${index}.0.0/16`, apiAccess: ["203.0.113.0/24"] };
}

function eks(index: number): object {
    return {
        name: `aws-${index}`,
        kind: "eks",
        region: "us-east-1",
        zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
        admins: ["arn:aws:iam::123456789012:role/platform"],
        ...common(index),
    };
}

function gke(index: number): object {
    return {
        name: `gcp-${index}`,
        kind: "gke",
        project: "acme-prod",
        region: "us-central1",
        zones: ["us-central1-a", "us-central1-b", "us-central1-c"],
        ...common(index),
    };
}
