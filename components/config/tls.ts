import type { TlsRequest } from "../cluster";
import type { AppConfig } from "./app";
import type { HoldfastConfig } from "./schema";

/** The TLS that the app's Ingress asks for; undefined for plain HTTP or without an Ingress. */
export function tlsRequest(app: AppConfig, config: Pick<HoldfastConfig, "failover">): TlsRequest | undefined {
    const tls = app.ingress?.tls ?? false;
    if (tls === false) {
        return undefined;
    }
    const given = tls === true ? {} : tls;
    return {
        zone: given.zone ?? config.failover?.zone,
        secretName: given.secretName ?? `${app.name}-tls`,
        issuer: given.issuer,
        secretNamed: given.secretName !== undefined,
    };
}
