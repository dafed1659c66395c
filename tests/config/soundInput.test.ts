// What this cannot prove: that a cloud accepts it. These are the neighbours of badInput's rows.
import assert from "node:assert/strict";

import { parseConfig } from "../../components/config";
import { clusterConfigs, minimalApp, poolNodes } from "../support/plan";
import { ready } from "./badInput/row";
import { changeAll, full, local } from "./support";

const [pool] = poolNodes.eks.pools;
const pools = "clusters[0].nodes.pools";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const one = { clusters: [{ name: "local", kind: "existing" }], app: minimalApp };

type Row = readonly [title: string, changes: Readonly<Record<string, unknown>>, base?: unknown];

const rows: readonly Row[] = [
    ["names that merely hold a secret's word", { "app.env": { KEYBOARD: "de", TOKENIZER: "bpe", SECRETARY: "ada", BYPASS: "1", MAX_TOKENS: "4096", PWD: "/srv" } }],
    ["names of what is about a secret", { "app.env": { DB_PASSWORD_FILE: "/run/db", TOKEN_TTL: "60", TOKEN_ENDPOINT: "https://id.example.com/token", PASSWORD_MIN_LENGTH: "12" } }],
    ["a variable named like something every object has", { "app.env": { constructor: "x", toString: "x" } }],
    ["a URL with a user and no password", { "app.env.DATABASE_URL": "postgres://shop@db.internal:5432/shop" }],
    ["a URL whose password comes later", { "app.env.DATABASE_URL": "postgres://shop:${DB_PASSWORD}@db.internal/shop" }],
    ["a public key and a certificate in files", { "app.files.data": { "ca.crt": "-----BEGIN CERTIFICATE-----\nMIIB", "id.pub": "-----BEGIN PUBLIC KEY-----\nMIIB" } }],
    ["spot pools of no node, beside another", { [pools]: [pool, { ...pool, name: "cheap", minNodes: 0, spot: true }] }],
    ["one replica that a drain may take", { "app.replicas": { min: 1, max: 1 } }, local],
    ["one replica that may become several", { "app.replicas": { min: 1, max: 4 } }, local],
    ["half of two replicas", { "app.replicas": { min: 1, max: 4 }, "app.budget": { maxUnavailable: "50%" } }, one],
    ["fewer replicas than zones that nobody names", { "app.replicas": { min: 2 } }, local],
    ["the highest safe target", { "app.scaling.cpu": 66 }],
    ["a percentage that leaves a replica", { "app.budget.maxUnavailable": "66%" }],
    ["a percentage that rounds up to one", { "app.budget.maxUnavailable": "1%" }],
    ["neighbouring networks", { "clusters[1].cidr": "10.17.0.0/16" }],
    ["the widest and the narrowest networks", { "clusters[0].cidr": "192.168.0.0/20", "clusters[1].cidr": "10.0.0.0/8" }],
    ["addresses shared by carriers", { "clusters[0].cidr": "100.127.0.0/16" }],
    ["every version that GKE offers", { "clusters[1].version": "1.31", "clusters[1].channel": "EXTENDED" }],
    ["TLS on EKS with a zone of its own", { failover: undefined, "app.ingress.tls.zone": "example.com" }],
    ["plain HTTP on EKS without a zone", { failover: undefined, "app.ingress.tls": false, "platform.certificates": false }],
    ["certificates for names that nothing here asks for", { "app.ingress.tls.issuer": undefined }],
    ["an issuer that is a host alone", { "clusters[0].issuer": "https://oidc.example.com" }, local],
    ["an issuer as EKS has it", { "clusters[0].issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF" }, local],
    ["the top of the zone as domain", { "failover.domain": "example.com" }, ready],
    ["members alone", { failover: { domain: "shop.example.com", zone: "example.com", primary: "east", members: [{ name: "east", stack: "a/b/c" }, { name: "west", stack: "a/b/d" }] } }, {}],
    ["active-active with three", { "failover.mode": "active-active", "failover.primary": undefined, "clusters[2]": clusterConfigs.existing }, ready],
    ["a toleration of every value", { "app.scheduling.tolerations[0]": { key: "example.com/dedicated", operator: "Exists" } }],
    ["labels of several forms", { "app.scheduling.nodeSelector": { "node.kubernetes.io/instance-type": "m7i.large", disk: "", a_b: "C.d-e" } }],
    ["files within the scratch space", { "app.files.mountPath": "/tmp/shop" }],
    ["the same port to two places", { "app.network.egress": [{ cidr: "10.0.0.0/8", ports: [443] }, { cidr: "192.168.0.0/16", ports: [443, 8443] }] }],
];

describe("what only looks like bad input", () => {
    for (const [title, changes, base = full] of rows) {
        it(title, () => { assert.ok(parseConfig(changeAll(base, changes))); });
    }

    for (const image of [
        "nginx:1.29",
        `nginx@${digest}`,
        `nginx:1.29@${digest}`,
        "localhost/hello:1.0.0",
        "localhost:5000/a/b-c__d.e:v1",
        `123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:2026-11-01_a@${digest}`,
        "nginx:latest-1",
    ]) {
        it(`the image ${image}, which is kept as it is`, () => {
            assert.equal(parseConfig(changeAll(full, { "app.image": image })).app?.image, image);
        });
    }

    for (const channel of ["RAPID", "REGULAR", "STABLE", "EXTENDED"]) {
        it(`the default version in GKE's channel ${channel}`, () => { assert.ok(parseConfig(changeAll(full, { "clusters[1].channel": channel }))); });
    }

    for (const schedule of ["*/5 * * * *", "0 0 1,15 * 1-5", "0 0 * jan-MAR Mon", "5/15 8-18/2 ? * ?", "0 0 29 2 *", "0 0 31 4 1", "0 0 31 2/2 *", " 0 3\t* * * ", "@midnight", "@every 1h30m"]) {
        it(`the schedule ${JSON.stringify(schedule)}`, () => { assert.ok(parseConfig(changeAll(full, { "app.jobs[0].schedule": schedule }))); });
    }
});
