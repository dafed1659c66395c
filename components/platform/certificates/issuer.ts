import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { CertificatesConfig } from "../../config/platform/certificates";
import type { ProvingZone } from "./zones";

/** What a ClusterIssuer is made from. */
export interface IssuerArgs {
    /** Its name in the cluster. */
    readonly issuer: string;
    readonly settings: CertificatesConfig;
    readonly zones: readonly ProvingZone[];
}

/** Let's Encrypt's directories: https://letsencrypt.org/getting-started/, https://letsencrypt.org/docs/staging-environment/. */
const servers: Readonly<Record<CertificatesConfig["server"], string>> = {
    production: "https://acme-v02.api.letsencrypt.org/directory",
    staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
};

/**
 * The ClusterIssuer. It proves names by records in the hosted zones, so that a certificate is there before the name points at the cluster.
 * It names no credentials: the controller's own access opens the zones. Only ClusterIssuers have it, never an Issuer in an app's namespace
 * (https://cert-manager.io/docs/configuration/acme/dns01/route53/#ambient-credentials).
 */
export function createIssuer(name: string, { issuer, settings, zones }: IssuerArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource {
    return new k8s.apiextensions.CustomResource(
        `${name}-issuer`,
        {
            apiVersion: "cert-manager.io/v1",
            kind: "ClusterIssuer",
            metadata: { name: issuer },
            spec: {
                acme: {
                    server: servers[settings.server],
                    ...(settings.email === undefined ? {} : { email: settings.email }),
                    // Each server has an account of its own.
                    privateKeySecretRef: { name: `${issuer}-${settings.server}-account` },
                    solvers: zones.map(({ name: zone, id }) => ({ selector: { dnsZones: [zone] }, dns01: { route53: { hostedZoneID: id } } })),
                },
            },
        },
        opts,
    );
}
