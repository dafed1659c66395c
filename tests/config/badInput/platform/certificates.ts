/** Invalid settings of the add-on `certificates`, and configs that it can't work with. */
import { clusterConfigs, minimalApp } from "../../../support/plan";
import { type BadInput, stateless } from "../row";

const ingress = (host: string, tls: unknown) => ({ ...minimalApp, ingress: { host, tls } });
const on = { certificates: true };

const existing = { ...clusterConfigs.existing, issuer: "https://oidc.example.com/rack" };
const rack = { clusters: [existing], app: ingress("shop.example.com", { zone: "example.com" }), platform: on };

const forms: readonly BadInput[] = [
    ["certificates as a word", { "platform.certificates": "letsencrypt" }, "certificates: true"],
    ["certificates as a list", { "platform.certificates": ["letsencrypt-dns"] }, "certificates: true"],
    ["a setting of certificates that there is not", { "platform.certificates.mail": "a@example.com" }, "did you mean email?"],
    ["an issuer's name in capitals", { "platform.certificates.issuer": "LetsEncrypt" }, 'issuer: "letsencrypt-dns"'],
    ["an issuer without a name", { "platform.certificates.issuer": "" }, 'issuer: "letsencrypt-dns"'],
    ["an ACME server by its URL", { "platform.certificates.server": "https://acme.example.com/directory" }, 'server: "production"'],
    ["an ACME server with a slip", { "platform.certificates.server": "stagging" }, "did you mean staging?"],
    ["an address without a host", { "platform.certificates.email": "platform" }, 'email: "platform@example.com"'],
    ["an address that is a number", { "platform.certificates.email": 5 }, 'email: "platform@example.com"'],
];

const issuerPath = ["clusters[0].issuer"];

/** What a cluster says of its tokens' issuer. */
const issuers: readonly BadInput[] = [
    ["an issuer by plain HTTP", { "clusters[0].issuer": "http://oidc.example.com" }, 'issuer: "https://oidc.example.com/rack"', { base: rack }],
    ["an issuer with a port", { "clusters[0].issuer": "https://oidc.example.com:6443" }, 'issuer: "https://oidc.example.com/rack"', { base: rack }],
    ["an issuer with a query", { "clusters[0].issuer": "https://oidc.example.com/?a=b" }, 'issuer: "https://oidc.example.com/rack"', { base: rack }],
    ["an issuer with a slash at its end", { "clusters[0].issuer": "https://oidc.example.com/" }, 'issuer: "https://oidc.example.com/rack"', { base: rack }],
    ["the issuer that Kubernetes has by default", { "clusters[0].issuer": "https://kubernetes.default.svc.cluster.local" }, 'issuer: "https://oidc.example.com/rack"', { base: rack }],
    ["an issuer by its address", { "clusters[0].issuer": "https://192.0.2.7" }, 'issuer: "https://oidc.example.com/rack"', { base: rack }],
    ["certificates where AWS knows no pod", { "clusters[0].issuer": undefined }, "--service-account-issuer", { base: rack, paths: issuerPath }],
];

/** What proves no name, or not this one. */
const zones: readonly BadInput[] = [
    ["certificates without a zone", { platform: on }, "set app.ingress.tls.zone", { base: { ...stateless, platform: {} }, paths: ["platform.certificates"] }],
    [
        "certificates for an app without TLS",
        { "app.ingress.tls": false },
        "set app.ingress.tls.zone",
        { base: rack, paths: ["platform.certificates"] },
    ],
    [
        "a certificate for a name outside the zone",
        { "app.ingress.host": "shop.example.org" },
        "set app.ingress.tls.zone to the Route 53 zone that holds the name",
        { base: { ...rack, app: ingress("shop.example.com", { zone: "example.com", issuer: "dns" }) }, paths: ["app.ingress.host"] },
    ],
    [
        "a certificate for a name that only ends like the zone",
        { "app.ingress.host": "shop.myexample.com" },
        "set app.ingress.tls.zone to the Route 53 zone that holds the name",
        { base: { ...rack, app: ingress("shop.example.com", { zone: "example.com", issuer: "dns" }) }, paths: ["app.ingress.host"] },
    ],
];

export const badCertificates: readonly BadInput[] = [...forms, ...issuers, ...zones];
