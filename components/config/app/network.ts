import { z } from "zod";

import { field } from "../fields";
import { cidrBlock, dnsName, objectName, urlPath } from "../values";

/** The ways into the app and out of it. */

/** What Kubernetes refuses in the path of an Ingress (https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/networking/validation/validation.go). */
const strangePath = /\/\/|\/\.{1,2}(\/|$)|%2f/i;

const tls = field(
    z
        .union([
            z.boolean(),
            z.strictObject({
                zone: field(dnsName.optional(), {
                    about: "Hosted zone that proves a cloud-made certificate; by default failover.zone.",
                    allowed: "the name of an existing Route 53 hosted zone",
                    example: "example.com",
                }),
                secretName: field(objectName.optional(), {
                    about: "Secret with the certificate, on clusters whose load balancer takes one; by default <app>-tls.",
                    allowed: "the name of a Secret of type kubernetes.io/tls in the app's namespace",
                    example: "shop-tls",
                }),
                issuer: field(objectName.optional(), {
                    about: "cert-manager ClusterIssuer that fills the Secret; without one, the Secret must be put there.",
                    allowed: "the name of a ClusterIssuer",
                    example: "letsencrypt-dns",
                }),
            }),
        ])
        .default(true),
    { about: "TLS at the Ingress.", allowed: "true, false or { zone?, secretName?, issuer? }", example: true },
);

export const ingress = field(
    z
        .strictObject({
            host: field(dnsName, {
                about: "Name that users ask for.",
                allowed: "a full DNS name",
                example: "shop.example.com",
            }),
            path: field(urlPath.refine(path => !strangePath.test(path)).default("/"), {
                about: "Path prefix that is routed to the app.",
                allowed: "a path that starts with /, without a query and with no part empty, . or ..",
                example: "/",
            }),
            tls,
        })
        .optional(),
    { about: "Routing by host name, with TLS.", allowed: "{ host, path?, tls? }", example: { host: "shop.example.com" } },
);

const egressRule = z.strictObject({
    cidr: field(cidrBlock, { about: "Where the app may connect to.", allowed: "an IPv4 block such as 0.0.0.0/0", example: "0.0.0.0/0" }),
    ports: field(z.array(field(z.int().min(1).max(65535), { about: "One port.", allowed: "a whole number from 1 to 65535", example: 443 })).min(1), {
        about: "TCP ports there.",
        allowed: "a list of at least one port",
        example: [443],
    }),
});

export const network = field(
    z
        .strictObject({
            egress: field(z.array(egressRule).default([]), {
                about: "Connections that the app may open, beside DNS and its own state; everything else is denied.",
                allowed: "a list of { cidr, ports }",
                example: [{ cidr: "0.0.0.0/0", ports: [443] }],
            }),
        })
        .prefault({}),
    { about: "What the app may talk to.", allowed: "{ egress }", example: { egress: [{ cidr: "0.0.0.0/0", ports: [443] }] } },
);
