/** Invalid settings of the add-on `logging`. */
import { full } from "../../support";
import type { BadInput } from "../row";

/** Agents that ship to an endpoint of the user's. */
const elsewhere = { ...full, platform: { logging: { to: { host: "logs.example.com", port: 443, user: "shipper", secret: "hunter2" } } } };

const ca = "platform.logging.to.ca";
const key = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

export const badLogging: readonly BadInput[] = [
    ["logging as a word", { "platform.logging": "elasticsearch" }, "logging: true"],
    ["a setting of logging that there is not", { "platform.logging.retention": 7 }, "did you mean retentionDays?"],
    ["logs that are kept for no day", { "platform.logging.retentionDays": 0 }, "retentionDays: 7"],
    ["logs that are kept for half a day", { "platform.logging.retentionDays": 0.5 }, "retentionDays: 7"],
    ["logs that are kept for more than a year", { "platform.logging.retentionDays": 366 }, "retentionDays: 7"],
    ["volumes of logs under 10 GiB", { "platform.logging.size": "9Gi" }, 'size: "50Gi"'],
    ["volumes of logs in megabytes", { "platform.logging.size": "50000Mi" }, 'size: "50Gi"'],
    ["too little memory for Elasticsearch", { "platform.logging.memory": "1Gi" }, 'memory: "2Gi"'],
    ["more memory than a heap can use", { "platform.logging.memory": "65Gi" }, 'memory: "2Gi"'],
    ["an endpoint of logs as a URL alone", { "platform.logging.to": "https://logs.example.com" }, '"host":"logs.example.com"'],
    ["an endpoint of logs without a host", { "platform.logging.to.host": undefined }, "add host", { base: elsewhere }],
    ["an endpoint of logs with a scheme", { "platform.logging.to.host": "https://logs.example.com" }, 'host: "logs.example.com"', { base: elsewhere }],
    ["an endpoint of logs by its address", { "platform.logging.to.host": "192.0.2.7" }, 'host: "logs.example.com"', { base: elsewhere }],
    ["an endpoint of logs on a port that there is not", { "platform.logging.to.port": 65_536 }, "port: 443", { base: elsewhere }],
    ["an endpoint of logs that nobody logs in to", { "platform.logging.to.secret": undefined }, "add secret", { base: elsewhere }],
    ["a secret of logs with a line break", { "platform.logging.to.secret": "hunter2\n" }, "secret: ", { base: elsewhere }],
    ["a user of logs with the password", { "platform.logging.to.user": "shipper:hunter2" }, 'user: "shipper"', { base: elsewhere }],
    ["an endpoint of logs with a setting that there is not", { "platform.logging.to.password": "hunter2" }, "remove password", { base: elsewhere }],
    ["an authority of logs as a path", { [ca]: "/etc/ssl/ca.pem" }, 'ca: "-----BEGIN CERTIFICATE', { base: elsewhere }],
    ["an authority of logs with its key", { [ca]: `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n${key}` }, 'ca: "-----BEGIN CERTIFICATE', { base: elsewhere }],
    ["days for logs that others keep", { "platform.logging.retentionDays": 30 }, "remove retentionDays", { base: elsewhere }],
    ["volumes for logs that others keep", { "platform.logging.size": "100Gi", "platform.logging.memory": "4Gi" }, ["remove memory", "remove size"], { base: elsewhere }],
    ["an app in the agents' namespace", { "app.name": "logging" }, "rename the app"],
];
