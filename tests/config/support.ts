/** Raw configs to change, and the errors that they give. */
import assert from "node:assert/strict";

import { type HoldfastConfig, ConfigError, parseConfig } from "../../components/config";
import { isRecord } from "../../components/config/fields";
import { clusterConfigs, minimalApp, poolNodes } from "../support/plan";

/** The least there is. */
export const local = { clusters: [clusterConfigs.existing], app: minimalApp };

/** A bit of everything: node pools and auto, every section of the app, failover, every add-on. Accepted as it is. */
export const full = {
    clusters: [{ ...clusterConfigs.eks, nodes: poolNodes.eks }, clusterConfigs.gke],
    app: {
        ...minimalApp,
        port: 9898,
        replicas: { min: 3, max: 12 },
        resources: { cpu: "250m", memory: "256Mi", cpuLimit: "1" },
        scaling: { cpu: 60, up: { pods: 4 }, down: { percent: 10 } },
        health: { live: "/healthz", ready: "/readyz" },
        shutdown: { drainSeconds: 20, preStopSeconds: 25, graceSeconds: 50 },
        scheduling: {
            nodeSelector: { disk: "ssd" },
            tolerations: [{ key: "dedicated", value: "shop", effect: "NoSchedule" }],
        },
        budget: { maxUnavailable: 1 },
        env: { CURRENCY: "EUR" },
        secrets: { API_TOKEN: "hunter2" },
        files: { mountPath: "/etc/shop", data: { conf: "currency = EUR\n" } },
        state: { image: "docker.io/library/redis:8.2.1", replicas: 3 },
        ingress: { host: "shop.example.com", tls: { issuer: "letsencrypt-dns", secretName: "shop-tls" } },
        jobs: [{ name: "report", command: ["./report"], schedule: "30 3 * * *" }],
        network: { egress: [{ cidr: "0.0.0.0/0", ports: [443] }] },
    },
    failover: {
        domain: "shop.example.com",
        zone: "example.com",
        mode: "active-passive",
        primary: "east",
        check: { interval: 10, failures: 2 },
        ttl: 30,
        failback: { holdMinutes: 30 },
    },
    platform: {
        certificates: { issuer: "letsencrypt-dns", server: "production", email: "platform@example.com" },
        storage: { onDelete: "keep" },
        logging: { retentionDays: 14, size: "100Gi", memory: "4Gi" },
        autoscaling: { prefer: "spot", room: "max" },
        backup: { schedule: "0 */6 * * *", retentionDays: 30 },
        monitoring: {
            retentionDays: 15,
            size: "50Gi",
            alerts: { webhook: "https://hooks.example.com/alerts" },
            metrics: { path: "/metrics", port: 9797, slo: 99.9, requests: { metric: "http_requests_total", label: "status", errors: "5.." } },
        },
        rebalancing: { everyMinutes: 5 },
    },
};

/** `clusters[0].zones` as keys. */
export function keysOf(path: string): readonly (string | number)[] {
    return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) => (index === undefined ? (key ?? "") : Number(index)));
}

/** A copy of a raw config with the value at a path replaced; undefined removes the key. */
export function change(raw: unknown, path: string, value: unknown): unknown {
    const copy: unknown = structuredClone(raw);
    const keys = keysOf(path);
    const key = keys.at(-1);
    let place = copy;
    for (const step of keys.slice(0, -1)) {
        place = isRecord(place) || Array.isArray(place) ? Reflect.get(place, step) : undefined;
    }
    assert.ok(key !== undefined && (isRecord(place) || Array.isArray(place)), `the base has nothing at ${path}`);
    if (value === undefined) {
        Reflect.deleteProperty(place, key);
    } else {
        // Defined rather than set, so that a key such as __proto__ is a key as JSON.parse makes it.
        Reflect.defineProperty(place, key, { value, enumerable: true, writable: true, configurable: true });
    }
    return copy;
}

/** A copy with several paths changed. */
export function changeAll(raw: unknown, changes: Readonly<Record<string, unknown>>): unknown {
    return Object.entries(changes).reduce((current, [path, value]) => change(current, path, value), raw);
}

/** The error that a raw config gives. Fails where there is none, or another than a ConfigError. */
export function errorOf(raw: unknown): ConfigError {
    let accepted: HoldfastConfig;
    try {
        accepted = parseConfig(raw);
    } catch (error) {
        assert.ok(error instanceof ConfigError, `threw ${error instanceof Error ? error.stack : String(error)}`);
        return error;
    }
    assert.fail(`was accepted, as ${JSON.stringify(accepted)}`);
}

/** The paths of an error's problems without the namespace, sorted. */
export function pathsOf(error: ConfigError): readonly string[] {
    return error.problems.map(problem => problem.path.replace(/^holdfast:/, "")).sort();
}

/** Each problem is one line, with where it is, what is there, what may be there and what to do. */
export function assertLines(error: ConfigError): void {
    const [head, ...lines] = error.message.split("\n");
    const count = error.problems.length;
    assert.ok(count > 0);
    assert.equal(head, `the config has ${count === 1 ? "1 problem" : `${count} problems`}:`);
    assert.equal(lines.length, count, `not one line a problem: ${error.message}`);
    for (const [index, { path }] of error.problems.entries()) {
        const line = lines[index] ?? "";
        // A key with a line break in it has to be written in another way.
        assert.ok(/[\u0000-\u001f]/.test(path) || line.startsWith(`  ${path}: received `), line);
        assert.match(line, /: received \S.*; allowed: \S.*; fix: \S/);
        assert.doesNotMatch(line, /undefined|\[object|Invalid input/);
    }
}

/** The problem at a path; fails where there is not exactly one. */
export function problemAt(error: ConfigError, path: string): ConfigError["problems"][number] {
    const found = error.problems.filter(problem => problem.path === `holdfast:${path}`);
    const [only] = found;
    assert.ok(only !== undefined && found.length === 1, `${found.length} problems at ${path} in: ${error.message}`);
    return only;
}
