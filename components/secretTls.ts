import type { TlsRequest } from "./cluster";

/** Annotations of an Ingress whose certificate is in a Secret that cert-manager may fill. */
export function secretTlsAnnotations(tls: TlsRequest | undefined): Readonly<Record<string, string>> {
    // https://cert-manager.io/docs/usage/ingress/
    return tls?.issuer === undefined ? {} : { "cert-manager.io/cluster-issuer": tls.issuer };
}
