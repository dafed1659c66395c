import { kindOf } from "../../cluster";
import type { HoldfastConfig } from "../../config";
import { askedIssuer, certificatesSettings, issuerOf, provingZones } from "../../config/platform/certificates";
import { settingsOf } from "../../config/platform/toggle";
import { type AddOn, noFootprint } from "../addOn";
import { CertManager } from "./certManager";
import { certManager, certManagerDemand } from "./chart";
import { checkCertificates } from "./checks";

/** Certificates that are proved in the hosted zone: valid before any name points at the cluster. */
export const certificates: AddOn = {
    key: "certificates",
    title: "cert-manager",
    namespaces: [certManager],
    check: checkCertificates,
    warnings: certificatesWarnings,
    footprint: () => ({ ...noFootprint, pods: certManagerDemand }),
    create: ({ name, cluster, clusterConfig, config, dns, opts }) => {
        const settings = settingsOf(certificatesSettings, config.platform.certificates) ?? certificatesSettings.parse({});
        const issuer = issuerOf(settings, config);
        const made = new CertManager(name, { settings, issuer, zones: provingZones(config), cluster, dns }, opts);
        // An app whose certificate comes of it comes after it and goes before it: who ends a proof that has begun must still be there.
        return { ready: kindOf(clusterConfig).tlsFrom === "secret" && askedIssuer(config) === issuer ? [made.issuer] : [] };
    },
};

function certificatesWarnings(config: HoldfastConfig): readonly string[] {
    const settings = settingsOf(certificatesSettings, config.platform.certificates);
    const fromCloud = config.clusters.length > 0 && config.clusters.every(cluster => kindOf(cluster).tlsFrom === "cloud");
    return [
        ...(settings?.server === "staging" ? ["certificates: Let's Encrypt's staging server signs: no browser trusts these certificates"] : []),
        ...(fromCloud ? ["certificates: every cluster's Ingress takes its certificate from its cloud: cert-manager serves other names only"] : []),
    ];
}
