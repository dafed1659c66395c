import { parseConfig } from "../components/config";
import { monitoringSettings } from "../components/config/platform/monitoring";
import type { Subject } from "../components/platform/monitoring/rules";

const { app } = parseConfig({
    clusters: [{ name: "local", kind: "existing" }],
    app: {
        name: "shop",
        image: "ghcr.io/stefanprodan/podinfo:6.9.2",
        replicas: { min: 6, max: 12 },
        state: { image: "docker.io/library/redis:8.2.1", replicas: 3 },
    },
});

/** An app of 6 to 12 replicas and 3 stateful ones over three zones, 99.9 % of whose requests must not fail. */
export const zoned: Subject = {
    cluster: { name: "east", zones: ["a", "b", "c"] },
    app,
    metrics: monitoringSettings.parse({ metrics: {} }).metrics,
    certificates: true,
};

/** The same on a cluster that names no zones, without metrics of its own or certificates. */
export const zoneless: Subject = { cluster: { name: "local", zones: [] }, app, metrics: undefined, certificates: false };
