import type { TlsRequest } from "../cluster";
import type { AppConfig } from "./app";
import type { HoldfastConfig } from "./schema";

/** The TLS that the app's Ingress asks for; undefined for plain HTTP or without an Ingress. */
export function tlsRequest(app: AppConfig, config: Pick<HoldfastConfig, "failover">): TlsRequest | undefined {
    const { ingress } = app;
    if (ingress === undefined || ingress.tls === false) {
        return undefined;
    }
    const { host, tls } = ingress;
    const given = tls === true ? {} : tls;
    return {
        host,
        zone: given.zone ?? config.failover?.zone,
        secretName: given.secretName ?? `${app.name}-tls`,
        issuer: given.issuer,
    };
}
