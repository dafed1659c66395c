import { z } from "zod";

import { field } from "../fields";
import type { HoldfastConfig } from "../schema";
import { tlsRequest } from "../tls";
import { objectName } from "../values";
import { settingsOf, toggle } from "./toggle";

/** Settings of the add-on `certificates`. */
export const certificatesSettings = z.strictObject({
    issuer: field(objectName.optional(), {
        about: "Name of the ClusterIssuer; by default the one that app.ingress.tls.issuer asks for, else letsencrypt-dns.",
        allowed: "the name of a ClusterIssuer that is not there yet",
        example: "letsencrypt-dns",
    }),
    server: field(z.enum(["production", "staging"]).default("production"), {
        about: "Which of Let's Encrypt's servers signs: no browser trusts what staging signs, and it has wider limits.",
        allowed: "production or staging",
        example: "production",
    }),
    email: field(z.email().optional(), {
        about: "Address that Let's Encrypt may write to about the account; it does not write about certificates that end.",
        allowed: "an e-mail address",
        example: "platform@example.com",
    }),
});

/** The schema of `holdfast:platform.certificates`. */
export const certificates = toggle(certificatesSettings, {
    about: "cert-manager with an ACME issuer that proves names in the hosted zone.",
    example: true,
});

/** The add-on, as config says. */
export type CertificatesConfig = z.output<typeof certificatesSettings>;

const defaultIssuer = "letsencrypt-dns";

/** The ClusterIssuer that the app's Ingress asks for; undefined where it asks for none. */
export function askedIssuer(config: HoldfastConfig): string | undefined {
    return config.app === undefined ? undefined : tlsRequest(config.app, config)?.issuer;
}

/** The ClusterIssuer that the add-on makes on every cluster, with the given settings. */
export function issuerOf(settings: CertificatesConfig, config: HoldfastConfig): string {
    return settings.issuer ?? askedIssuer(config) ?? defaultIssuer;
}

/** The same where the add-on is on; undefined where it is off. */
export function ownIssuer(config: HoldfastConfig): string | undefined {
    const settings = settingsOf(certificatesSettings, config.platform.certificates);
    return settings === undefined ? undefined : issuerOf(settings, config);
}

/** The hosted zones in which names can be proved: the app's and the failover's, mostly one. */
export function provingZones(config: HoldfastConfig): readonly string[] {
    const { app, failover } = config;
    const zones = [app === undefined ? undefined : tlsRequest(app, config)?.zone, failover?.zone];
    return [...new Set(zones.filter(zone => zone !== undefined))];
}
