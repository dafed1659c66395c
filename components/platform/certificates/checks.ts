import { kindOf } from "../../cluster";
import type { HoldfastConfig } from "../../config";
import { isInZone } from "../../config/dns";
import { ownIssuer, provingZones } from "../../config/platform/certificates";
import { type Problem, pathOf } from "../../config/problems";
import { tlsRequest } from "../../config/tls";

const own = pathOf(["platform", "certificates"]);
const ingressPath = pathOf(["app", "ingress"]);
const zonePath = pathOf(["failover", "zone"]);

/** What is wrong with a config that asks for certificates. */
export function checkCertificates(config: HoldfastConfig): readonly Problem[] {
    return [...noZone(config), ...unknownIssuers(config), ...hostElsewhere(config)];
}

function noZone(config: HoldfastConfig): readonly Problem[] {
    return provingZones(config).length > 0
        ? []
        : [
              {
                  path: own,
                  received: config.platform.certificates,
                  allowed: "certificates only with a hosted zone that proves names: failover.zone or app.ingress.tls.zone",
                  fix: "set app.ingress.tls.zone to the Route 53 zone that holds the app's name, or turn certificates off",
                  reads: [ingressPath, zonePath],
              },
          ];
}

/** Without an issuer that AWS can ask for keys, nothing but a stored key would open the zone. */
function unknownIssuers({ clusters }: HoldfastConfig): readonly Problem[] {
    return clusters.flatMap((cluster, index) =>
        kindOf(cluster).federates(cluster)
            ? []
            : [
                  {
                      path: pathOf(["clusters", index, "issuer"]),
                      received: undefined,
                      allowed: "for certificates, the URL of the cluster's token issuer, by which AWS knows its pods",
                      fix: "set issuer to the API server's --service-account-issuer and have AWS reach it, or turn certificates off",
                      reads: [own],
                  },
              ],
    );
}

/** A name outside the zones would wait for its certificate for ever. */
function hostElsewhere(config: HoldfastConfig): readonly Problem[] {
    const { app, clusters } = config;
    const tls = app === undefined ? undefined : tlsRequest(app, config);
    const zones = provingZones(config);
    if (tls === undefined || zones.length === 0 || tls.issuer !== ownIssuer(config) || !clusters.some(cluster => kindOf(cluster).tlsFrom === "secret")) {
        return [];
    }
    return zones.some(zone => isInZone(tls.host, zone))
        ? []
        : [
              {
                  path: pathOf(["app", "ingress", "host"]),
                  received: tls.host,
                  allowed: `a name in a zone that proves certificates: ${zones.join(", ")}`,
                  fix: "set app.ingress.tls.zone to the Route 53 zone that holds the name",
                  reads: [pathOf(["app", "ingress", "tls"]), zonePath, own],
              },
          ];
}
