// What this cannot prove: that a certificate is issued.
import assert from "node:assert/strict";

import { parseConfig } from "../../components/config";
import { tlsRequest } from "../../components/config/tls";
import { clusterConfigs, minimalApp } from "../support/plan";

const failover = { domain: "shop.example.com", zone: "example.com", primary: "central" };
const clusters = [clusterConfigs.gke, clusterConfigs.existing];

function requested(ingress: unknown, withFailover = false): unknown {
    const config = parseConfig({ clusters, app: { ...minimalApp, ...(ingress === undefined ? {} : { ingress }) }, ...(withFailover ? { failover } : {}) });
    assert.ok(config.app !== undefined);
    return tlsRequest(config.app, config);
}

describe("the TLS that an Ingress asks for", () => {
    const host = "shop.example.com";
    const plain = { host: "shop.example.com", zone: undefined, secretName: "shop-tls", issuer: undefined };
    const table: readonly (readonly [string, unknown, boolean, unknown])[] = [
        ["none without an Ingress", undefined, false, undefined],
        ["none where it is off", { host, tls: false }, true, undefined],
        ["by default", { host }, false, plain],
        ["in failover's zone", { host }, true, { ...plain, zone: "example.com" }],
        ["in a zone of its own", { host, tls: { zone: "shop.example.com" } }, true, { ...plain, zone: "shop.example.com" }],
        ["with a Secret of its own name", { host, tls: { secretName: "mine" } }, false, { ...plain, secretName: "mine" }],
        ["with a Secret named as by default", { host, tls: { secretName: "shop-tls" } }, false, { ...plain }],
        ["from an issuer", { host, tls: { issuer: "dns" } }, false, { ...plain, issuer: "dns" }],
    ];
    for (const [title, ingress, withFailover, expected] of table) {
        it(title, () => { assert.deepEqual(requested(ingress, withFailover), expected); });
    }
});
