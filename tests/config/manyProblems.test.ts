// What this cannot prove: that a user reads every line.
import assert from "node:assert/strict";

import { clusterConfigs, minimalApp } from "../support/plan";
import { assertLines, changeAll, errorOf, full, pathsOf } from "./support";

/** A contradiction far from anything the tests below break: min over max. */
const contradiction = { "app.replicas": { min: 13, max: 12 } };

describe("many problems in one config", () => {
    it("are reported together: wrong values, unknown keys and contradictions", () => {
        const error = errorOf(
            changeAll(full, {
                ...contradiction,
                "clusters[0].regoin": "us-east-1",
                "clusters[1].project": "x",
                "app.port": 80,
                "app.resources.cpuLimit": "200m",
                "app.env.DB_PASSWORD": "x",
                "app.jobs": [{ name: "a", command: ["x"] }, { name: "a", command: ["x"] }],
                "failover.ttl": 600,
                "failover.primary": undefined,
                nonsense: true,
            }),
        );
        assert.deepEqual(pathsOf(error), [
            "app.env.DB_PASSWORD",
            "app.jobs[1].name",
            "app.port",
            "app.replicas.min",
            "app.resources.cpuLimit",
            "clusters[0].regoin",
            "clusters[1].project",
            "failover.primary",
            "failover.ttl",
            "nonsense",
        ]);
        assertLines(error);
    });

    it("are all found where every cluster is wrong in its own way", () => {
        const error = errorOf({
            clusters: [
                { ...clusterConfigs.eks, admins: [], version: "1.33" },
                { ...clusterConfigs.gke, cidr: clusterConfigs.eks.cidr, channel: "FAST" },
                { ...clusterConfigs.existing, name: "east" },
            ],
            app: { ...minimalApp, scaling: { cpu: 90 } },
        });
        assert.deepEqual(pathsOf(error), [
            "app.scaling.cpu",
            "app.scaling.cpu",
            "clusters[0].admins",
            "clusters[0].version",
            "clusters[1].channel",
            "clusters[1].cidr",
            "clusters[2].name",
        ]);
        assertLines(error);
    });

    // Wherever a value is wrong, the rest is still checked.
    const faults: readonly (readonly [string, unknown])[] = [
        ["clusters[0]", "east"],
        ["clusters[0].kind", "aks"],
        ["clusters[0].kind", undefined],
        ["clusters[0].nodes.mode", "manual"],
        ["clusters[0].nodes.pools[0]", "general"],
        ["clusters[0].nodes.pools[0].name", "General"],
        ["clusters[0].nodes.pools[0].machine", undefined],
        ["clusters[0].zones[0]", 5],
        ["app.scheduling.tolerations[0].key", ""],
        ["app.scheduling.tolerations[0]", "dedicated"],
        ["app.jobs[0]", "report"],
        ["app.jobs[0].command[0]", 5],
        ["app.network.egress[0]", "internet"],
        ["app.network.egress[0].ports[0]", "https"],
        ["app.state.command", [5]],
        ["app.env.CURRENCY", 5],
        ["app.env", { "1A": "x" }],
        ["app.scheduling.nodeSelector", { "disk type": "ssd" }],
        ["failover", "shop.example.com"],
        ["failover.members", ["west"]],
        ["failover.failback", []],
    ];
    for (const [path, value] of faults) {
        it(`a wrong ${path} (${value === undefined ? "nothing" : JSON.stringify(value)}) does not hide a contradiction elsewhere`, () => {
            const paths = pathsOf(errorOf(changeAll(full, { [path]: value, ...contradiction })));
            assert.equal(paths.length, 2, paths.join(", "));
            assert.ok(paths.includes("app.replicas.min"), paths.join(", "));
        });
    }
});

describe("a finding that rests on a faulty value is not reported", () => {
    const pool = { name: "general", machine: "m7i.large", minNodes: 3, maxNodes: 9 };
    const job = { name: "migrate", command: ["./migrate"] };
    const pools = "clusters[0].nodes.pools";

    /** What is changed, and all that may be said about it. */
    const rows: readonly (readonly [Readonly<Record<string, unknown>>, readonly string[]])[] = [
        [{ "app.replicas.max": "two", "app.replicas.min": 900 }, ["app.replicas.max"]],
        [{ "app.replicas.min": "two", "app.budget.maxUnavailable": 3 }, ["app.replicas.min"]],
        [{ "app.resources.cpu": "lots", "app.resources.cpuLimit": "1m" }, ["app.resources.cpu"]],
        [{ "app.shutdown.drainSeconds": -1, "app.shutdown.graceSeconds": 26 }, ["app.shutdown.drainSeconds"]],
        [{ "clusters[0].region": "us east", "clusters[0].zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"] }, ["clusters[0].region"]],
        [{ "clusters[0].zones[0]": "us-east-1q", "clusters[0].zones[1]": "us-east-1a" }, ["clusters[0].zones[0]"]],
        [{ "clusters[0].cidr": "x", "clusters[1].cidr": "10.16.0.0/16" }, ["clusters[0].cidr"]],
        [{ "clusters[0].name": "East!", "failover.primary": "west" }, ["clusters[0].name"]],
        [{ "clusters[0].kind": "aks", "clusters[1].name": "local", "failover.primary": "local" }, ["clusters[0].kind"]],
        [{ [`${pools}[0].maxNodes`]: "all", [`${pools}[0].minNodes`]: 40 }, [`${pools}[0].maxNodes`]],
        [{ [pools]: [pool, { ...pool, name: "cheap", minNodes: 0, spot: "true" }] }, [`${pools}[1].spot`]],
        [{ [pools]: [{ ...pool, name: "X!" }, pool] }, [`${pools}[0].name`]],
        [{ "app.jobs": [{ ...job, name: "X!" }, job] }, ["app.jobs[0].name"]],
        [{ "failover.mode": "all", "failover.primary": undefined }, ["failover.mode"]],
        [{ "failover.zone": "x", "failover.domain": "shop.example.org", "app.ingress.host": "shop.example.org" }, ["failover.zone"]],
        [{ "failover.domain": "x", "app.ingress.host": "www.example.com" }, ["failover.domain"]],
    ];
    for (const [changes, expected] of rows) {
        it(`only ${expected.join(", ")} of ${JSON.stringify(changes)}`, () => {
            assert.deepEqual(pathsOf(errorOf(changeAll(full, changes))), expected);
        });
    }
});
