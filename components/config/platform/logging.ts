import { z } from "zod";

import { field } from "../fields";
import { dnsName } from "../values";
import { toggle } from "./toggle";

/** One certificate or more in PEM (RFC 7468, 5.1), and nothing else: no key slips in. */
const certificates = /^(-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

const to = field(
    z
        .strictObject({
            host: field(dnsName, {
                about: "Name of the Elasticsearch endpoint; its certificate must be for it.",
                allowed: "a full DNS name",
                example: "logs.example.com",
            }),
            port: field(z.int().min(1).max(65_535).default(9200), {
                about: "Port of the endpoint, which speaks TLS.",
                allowed: "a whole number from 1 to 65535",
                example: 443,
            }),
            user: field(z.string().regex(/^[^\s:]{1,100}$/).optional(), {
                about: "User that the agents write as; without one, secret is an API key.",
                allowed: "a name without spaces and colons",
                example: "shipper",
            }),
            secret: field(z.string().regex(/^\S{1,1000}$/), {
                about: "Password of the user, or an API key in its encoded form; it needs create_doc and auto_configure on logs-kubernetes-*.",
                allowed: "text without spaces",
                example: "c2hpcHBlcjpleGFtcGxl",
                secret: true,
            }),
            ca: field(z.string().regex(certificates).optional(), {
                about: "Certificates of the authority that signed the endpoint's; by default the public ones.",
                allowed: "one certificate in PEM or more",
                example: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            }),
        })
        .optional(),
    {
        about: "Elasticsearch of yours that the agents ship to; then none is made here.",
        allowed: "{ host, port?, user?, secret, ca? }",
        example: { host: "logs.example.com", port: 443, secret: "c2hpcHBlcjpleGFtcGxl" },
    },
);

/** Settings of the add-on `logging`. */
export const loggingSettings = z.strictObject({
    retentionDays: field(z.int().min(1).max(365).default(7), {
        about: "Days that logs are kept at the least; a day later they are deleted.",
        allowed: "a whole number from 1 to 365",
        example: 7,
    }),
    size: field(z.string().regex(/^([1-9][0-9]{1,4}Gi|[1-9][0-9]?Ti)$/).default("50Gi"), {
        about: "Size of each of the three volumes of logs; it can't shrink. Every line is kept twice.",
        allowed: "a whole number of Gi or Ti, at least 10Gi",
        example: "50Gi",
    }),
    // From what ECK asks for by default to where half of it is more than a heap can use.
    memory: field(z.string().regex(/^([2-9]|[1-5][0-9]|6[0-4])Gi$/).default("2Gi"), {
        about: "Memory of each of the three Elasticsearch nodes: half is heap, half caches files. Each also gets a core for every 4Gi.",
        allowed: "a whole number of Gi from 2Gi to 64Gi",
        example: "2Gi",
    }),
    to,
});

/** The schema of `holdfast:platform.logging`. */
export const logging = toggle(loggingSettings, {
    about: "A log agent on each node that ships to Elasticsearch, here or elsewhere.",
    example: true,
});

/** The add-on, as config says. */
export type LoggingConfig = z.output<typeof loggingSettings>;
/** An endpoint of the user's, as config says. */
export type LogEndpointConfig = NonNullable<LoggingConfig["to"]>;
