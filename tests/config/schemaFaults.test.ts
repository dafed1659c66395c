// What this cannot prove: that a value which is accepted exists (a region, an image, a DNS zone).
import assert from "node:assert/strict";

import { ConfigError, parseConfig } from "../../components/config";
import { assertLines, change, errorOf, full, pathsOf } from "./support";

/** A path of the full config, a value that must not stand there, and the paths reported where they are others. */
type Row = readonly [path: string, value: unknown, reported?: readonly string[]];

const sha = "sha256:0123456789abcdef";

const clusterRows: readonly Row[] = [
    ["clusters", "east"],
    ["clusters", { east: {} }],
    ["clusters[0]", "east"],
    ["clusters[0].kind", "aks"],
    ["clusters[0].kind", undefined],
    ["clusters[0].name", undefined],
    ["clusters[0].name", "East"],
    ["clusters[0].name", "a-name-of-21-letters-"],
    ["clusters[0].region", "us east"],
    ["clusters[0].zones", ["us-east-1a"]],
    ["clusters[0].zones[2]", "us-east-1z"],
    ["clusters[0].cidr", "10.16.0.1/16"],
    ["clusters[0].cidr", "10.16.0.0"],
    ["clusters[0].cidr", "010.16.0.0/16"],
    ["clusters[0].version", 1.35],
    ["clusters[0].version", "1.5"],
    ["clusters[0].nodes", "auto"],
    ["clusters[0].nodes.mode", "manual"],
    ["clusters[0].nodes.mode", undefined],
    ["clusters[0].nodes.pools", []],
    ["clusters[0].nodes.pools[0]", "general"],
    ["clusters[0].nodes.pools[0].name", "General"],
    ["clusters[0].nodes.pools[0].machine", "large"],
    ["clusters[0].nodes.pools[0].minNodes", -1],
    ["clusters[0].nodes.pools[0].maxNodes", undefined],
    ["clusters[0].nodes.pools[0].diskGb", 10],
    ["clusters[0].nodes.pools[0].spot", "yes"],
    ["clusters[0].admins", []],
    ["clusters[0].admins[0]", "root"],
    ["clusters[0].apiAccess[0]", "office"],
    ["clusters[0].protect", "true"],
    ["clusters[1].project", "x"],
    ["clusters[1].region", "us-central"],
    ["clusters[1].zones[2]", "us-central1"],
    ["clusters[1].channel", "regular"],
];

const appRows: readonly Row[] = [
    ["app", "shop"],
    ["app.name", undefined],
    ["app.name", "Shop"],
    ["app.image", undefined],
    ["app.image", "nginx"],
    ["app.image", "nginx:latest"],
    ["app.image", `nginx@${sha}`],
    ["app.port", 80],
    ["app.port", "9898"],
    ["app.port", 8080.5],
    ["app.replicas.min", 0],
    ["app.replicas.max", 1001],
    ["app.resources.cpu", "0.25"],
    ["app.resources.memory", "256MB"],
    ["app.resources.cpuLimit", "fast"],
    ["app.scaling.cpu", 5],
    ["app.scaling.cpu", 96],
    ["app.scaling.up.pods", 0],
    ["app.scaling.down.percent", 1001],
    ["app.scaling.down", "slow"],
    ["app.health.live", "healthz"],
    ["app.health.ready", "/ready?full=1"],
    ["app.shutdown.drainSeconds", 301],
    ["app.shutdown.preStopSeconds", 0],
    ["app.shutdown.graceSeconds", 601],
    ["app.scheduling.nodeSelector", "ssd"],
    ["app.scheduling.nodeSelector.disk", 1],
    ["app.scheduling.tolerations[0]", "dedicated"],
    ["app.scheduling.tolerations[0].key", ""],
    ["app.scheduling.tolerations[0].key", undefined],
    ["app.scheduling.tolerations[0].effect", "Evict"],
    ["app.budget.maxUnavailable", 0],
    ["app.budget.maxUnavailable", "0%"],
    ["app.budget.maxUnavailable", "100%"],
    ["app.env.CURRENCY", 5],
    ["app.env", { "1A": "x" }, ["app.env.1A"]],
    ["app.secrets.API_TOKEN", 5],
    ["app.files.mountPath", "etc"],
    ["app.files.data", undefined],
    ["app.state.image", undefined],
    ["app.state.image", "redis"],
    ["app.state.replicas", 0],
    ["app.ingress.host", undefined],
    ["app.ingress.host", "localhost"],
    ["app.ingress.tls", "yes"],
    ["app.ingress.tls.issuer", ""],
    ["app.jobs[0]", "report"],
    ["app.jobs[0].name", "Report"],
    ["app.jobs[0].command", []],
    ["app.jobs[0].command[0]", 5],
    ["app.jobs[0].schedule", "often"],
    ["app.network.egress[0].cidr", "internet"],
    ["app.network.egress[0].ports", []],
    ["app.network.egress[0].ports[0]", 0],
];

const failoverRows: readonly Row[] = [
    ["failover", "shop.example.com"],
    ["failover.domain", undefined],
    ["failover.domain", "shop"],
    ["failover.zone", "example.com."],
    ["failover.mode", "both"],
    ["failover.primary", "East"],
    ["failover.check.interval", 20],
    ["failover.check.failures", 0],
    ["failover.ttl", 0],
    ["failover.ttl", 61],
    ["failover.failback", "auto"],
    ["failover.failback.holdMinutes", 1441],
    ["failover.members", [{ name: "west", stack: "prod" }], ["failover.members[0].stack", "failover.mode"]],
    ["failover.members", ["west"], ["failover.members[0]"]],
];

const rows = [...clusterRows, ...appRows, ...failoverRows];

/** The example that a fix shows, where it shows one; undefined otherwise. */
function exampleIn(fix: string): unknown {
    const text = /(?:^|, )for example [^ ]+: (.+)$/.exec(fix)?.[1];
    return text === undefined ? undefined : JSON.parse(text);
}

describe("values of the wrong form", () => {
    it("the config that they are put into is sound", () => {
        assert.equal(parseConfig(full).clusters.length, 2);
        assert.ok(rows.length >= 50);
    });

    for (const [path, value, reported = [path]] of rows) {
        const shown = value === undefined ? "nothing" : JSON.stringify(value);
        it(`${path}: ${shown}`, () => {
            const error = errorOf(change(full, path, value));
            assert.deepEqual(pathsOf(error), [...reported].sort());
            assertLines(error);
        });
    }

    for (const raw of [undefined, null, "shop", 5, []]) {
        it(`the whole config: ${raw === undefined ? "nothing" : JSON.stringify(raw)}`, () => {
            const error = errorOf(raw);
            assert.deepEqual(pathsOf(error), ["holdfast"]);
            assertLines(error);
        });
    }
});

describe("what a line advises", () => {
    for (const [path, value, [reported = path] = []] of rows) {
        it(`the example for ${path}: ${value === undefined ? "nothing" : JSON.stringify(value)} would be accepted there`, () => {
            const raw = change(full, path, value);
            for (const { allowed, fix } of errorOf(raw).problems) {
                const example = exampleIn(fix);
                if (example !== undefined) {
                    // It may clash with the rest of this config, but what was allowed here it must be.
                    assert.ok(!allowedAfter(change(raw, reported, example), reported).includes(allowed), fix);
                } else {
                    assert.ok(fix.length > 5, fix);
                }
            }
        });
    }

    it("names the key that is missing", () => {
        const [problem] = errorOf(change(full, "app.image", undefined)).problems;
        assert.ok(problem !== undefined);
        assert.equal(problem.received, undefined);
        assert.equal(problem.fix, 'add image, for example image: "ghcr.io/stefanprodan/podinfo:6.9.2"');
    });

    it("says what it received as JSON, cut where it is long", () => {
        const long = "x".repeat(500);
        const { message } = errorOf(change(full, "clusters[0].region", long));
        assert.ok(message.includes(`received "xxx`) && message.includes("…"));
        assert.ok(!message.includes("x".repeat(100)));
    });
});

/** What a config is told at a path; nothing where it is accepted. */
function allowedAfter(raw: unknown, path: string): readonly string[] {
    try {
        parseConfig(raw);
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigError);
        return error.problems.filter(problem => problem.path === `holdfast:${path}`).map(problem => problem.allowed);
    }
}
