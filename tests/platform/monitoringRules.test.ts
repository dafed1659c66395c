// What this can't prove: that Prometheus reads the rules, and that an alert fires when it should and not before. `npm run alerts` tries
// that with Prometheus' own tool. Nor can it prove that kube-state-metrics and the kubelet report what the rules ask for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parseConfig } from "../../components/config";
import { monitoringSettings } from "../../components/config/platform/monitoring";
import { objectivesOf } from "../../components/objectives";
import { dashboardOf } from "../../components/platform/monitoring/dashboard";
import { ruleGroups } from "../../components/platform/monitoring/ruleGroups";
import { type PrometheusRuleSpec, type Subject, ruleSpec, runbook } from "../../components/platform/monitoring/rules";
import { charts } from "../../components/charts";
import { versionIn } from "../../tools/goProgram";
import { inputsOf, find, minimalApp, projectDirectory } from "../support/plan";
import { planPlatform } from "./support";
import { zonedCluster } from "../support/kubernetes";

const zones = ["rack-a", "rack-b", "rack-c"];
const raw = { clusters: [zonedCluster], app: { ...minimalApp, replicas: { min: 6, max: 12 }, state: { image: "docker.io/library/redis:8.2.1", replicas: 5 } } };
const config = parseConfig(raw);
const full: Subject = { cluster: { name: "local", zones }, app: config.app, metrics: monitoringSettings.parse({ metrics: {} }).metrics, certificates: true };

type Rule = PrometheusRuleSpec["groups"][number]["rules"][number];
type AlertRule = Extract<Rule, { readonly alert: string }>;

const rulesOf = (subject: Subject): readonly Rule[] => ruleSpec(ruleGroups(subject)).groups.flatMap(({ rules }) => rules);
const alertsOf = (subject: Subject): readonly AlertRule[] => rulesOf(subject).filter((rule): rule is AlertRule => "alert" in rule);
const namesOf = (subject: Subject): readonly string[] => [...new Set(alertsOf(subject).map(({ alert }) => alert))].sort();

const inOrder = [
    "HoldfastAutoscalerAtMaximum",
    "HoldfastBudgetBlocks",
    "HoldfastCertificateNearEnd",
    "HoldfastCertificateNotReady",
    "HoldfastErrorBudgetBurnFast",
    "HoldfastErrorBudgetBurnSlow",
    "HoldfastMonitoringBlind",
    "HoldfastReplicasUnderFloor",
    "HoldfastStateUnderQuorum",
    "HoldfastVolumeNearlyFull",
    "HoldfastZoneSkew",
];

describe("the alerts", () => {
    it("are these, with everything on", () => {
        assert.deepEqual(namesOf(full), inOrder);
    });

    it("leave out what there is nothing of", () => {
        const without = (subject: Partial<Subject>): readonly string[] => inOrder.filter(name => !namesOf({ ...full, ...subject }).includes(name));
        assert.deepEqual(without({ certificates: false }), ["HoldfastCertificateNearEnd", "HoldfastCertificateNotReady"]);
        assert.deepEqual(without({ metrics: undefined }), ["HoldfastErrorBudgetBurnFast", "HoldfastErrorBudgetBurnSlow"]);
        assert.deepEqual(without({ cluster: { name: "local", zones: [] } }), ["HoldfastZoneSkew"]);
        const { app } = parseConfig({ ...raw, app: { ...minimalApp, replicas: { min: 3, max: 3 } } });
        assert.deepEqual(without({ app }), ["HoldfastAutoscalerAtMaximum", "HoldfastStateUnderQuorum"]);
        assert.deepEqual(namesOf({ ...full, app: undefined, certificates: false }), ["HoldfastMonitoringBlind", "HoldfastVolumeNearlyFull"]);
    });

    it("each have a severity, a sentence with the cluster's name, and a section in the runbook", () => {
        const text = readFileSync(join(projectDirectory, runbook), "utf8");
        const sections = [...text.matchAll(/^## (Holdfast\w+)$/gm)].map(([, name]) => name ?? "");
        assert.deepEqual([...sections].sort(), inOrder);
        for (const { alert, labels, annotations } of alertsOf(full)) {
            assert.match(labels.severity, /^(critical|warning)$/, alert);
            assert.match(annotations.summary, /\blocal\b.{20,}[^.]$/, alert);
            const [page, anchor] = annotations.runbook.split("#");
            assert.equal(page, runbook);
            assert.ok(sections.some(section => section.toLowerCase() === anchor), annotations.runbook);
        }
    });

    it("are told apart by name, severity and what they are about", () => {
        const keys = alertsOf(full).map(({ alert, labels }) => JSON.stringify([alert, labels]));
        assert.equal(new Set(keys).size, keys.length);
    });

    it("say of several windows the names that are recorded, and no others", () => {
        const rules = rulesOf(full);
        const recorded = rules.flatMap(rule => ("record" in rule ? [rule.record] : []));
        const asked = rules.flatMap(({ expr }) => expr.match(/holdfast:\w+(:\w+)?/g) ?? []);
        assert.deepEqual([...new Set(asked)].filter(name => !recorded.includes(name)), []);
        const shown = dashboardOf({ ...full, app: parseConfig(raw).app ?? assert.fail() }).panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/holdfast:\w+(:\w+)?/g) ?? []));
        assert.deepEqual([...new Set(shown)].filter(name => !recorded.includes(name)), []);
    });
});

describe("the alerts' numbers", () => {
    const summary = (name: string, severity: string): string => alertsOf(full).find(({ alert, labels }) => alert === name && labels.severity === severity)?.annotations.summary ?? "";
    const expression = (subject: Subject, record: string): string => rulesOf(subject).find(rule => "record" in rule && rule.record === record)?.expr ?? "";

    it("are the objectives': the floor is what the loss of a zone leaves", () => {
        const loss = objectivesOf(config).zoneLoss["local"];
        assert.equal(loss?.survivors, 4);
        assert.ok(summary("HoldfastReplicasUnderFloor", "critical").includes(`${loss.zones} zones leaves, ${loss.survivors} of ${loss.replicas} at the least`));
        assert.ok(expression(full, "holdfast:replicas_floor").includes(`/ ${loss.zones})`));
        assert.ok(expression(full, "holdfast:replicas_wanted").endsWith(`, ${loss.replicas})`));
    });

    it("are the model's quorum", () => {
        assert.ok(summary("HoldfastStateUnderQuorum", "critical").includes("of 5 stateful replicas are ready, fewer than the 3 that are a majority"));
    });

    it("wait for a start of the app: one that may take ten minutes is no outage", () => {
        const { app } = parseConfig({ ...raw, app: { ...raw.app, health: { startupSeconds: 600 } } });
        const waits = (subject: Subject): readonly (string | undefined)[] => alertsOf(subject).filter(({ alert }) => alert === "HoldfastReplicasUnderFloor").map(rule => rule.for);
        assert.deepEqual([waits(full), waits({ ...full, app })], [["4m", "14m"], ["13m", "23m"]]);
    });

    it("are the budget that the objective leaves, of the counter that config names", () => {
        const settings = monitoringSettings.parse({ metrics: { slo: 99.95, requests: { metric: "http_server_duration_count", label: "code", errors: "5..|429" } } });
        const subject = { ...full, metrics: settings.metrics };
        const fast = alertsOf(subject).find(({ alert }) => alert === "HoldfastErrorBudgetBurnFast")?.expr ?? "";
        assert.ok(fast.includes('holdfast:request_errors:ratio_rate1h{namespace="shop"} > 14.4 * 0.0005 and holdfast:request_errors:ratio_rate5m{namespace="shop"} > 14.4 * 0.0005'), fast);
        assert.equal(
            expression(subject, "holdfast:request_errors:ratio_rate5m"),
            '(sum(rate(http_server_duration_count{job="monitoring/app-shop",code=~"5..|429"}[5m])) or vector(0)) / (sum(rate(http_server_duration_count{job="monitoring/app-shop"}[5m])) > 0)',
        );
    });

    it("can fire at all: no threshold is over all requests", () => {
        const { metrics } = monitoringSettings.parse({ metrics: { slo: 95 } });
        const factors = alertsOf({ ...full, metrics }).flatMap(({ expr }) => [...expr.matchAll(/> ([\d.]+) \* ([\d.]+)/g)].map(([, factor, budget]) => Number(factor) * Number(budget)));
        assert.ok(factors.length === 6 && factors.every(share => share < 1), factors.join(", "));
    });

    it("look back no further than metrics are kept", () => {
        const days = [...rulesOf(full).map(({ expr }) => expr).join("\n").matchAll(/\[(\d+)d\]/g)].map(([, count]) => Number(count));
        assert.ok(Math.max(...days) < 4 && !monitoringSettings.safeParse({ retentionDays: 3 }).success);
    });
});

describe("the dashboard", () => {
    it("is found by its label, and is the app's", async () => {
        const plan = await planPlatform(zonedCluster, { monitoring: { metrics: {} } }, raw.app);
        const { metadata, data } = inputsOf<{ readonly metadata: { readonly labels: Readonly<Record<string, string>> }; readonly data: Readonly<Record<string, string>> }>(
            find(plan, "kubernetes:core/v1:ConfigMap", "local-monitoring-dashboard"),
        );
        assert.equal(metadata.labels["grafana_dashboard"], "1");
        assert.deepEqual(Object.keys(data), ["holdfast.json"]);
        const { title, panels } = JSON.parse(data["holdfast.json"] ?? "") as { readonly title: string; readonly panels: readonly { readonly title: string }[] };
        assert.equal(title, "shop on local");
        assert.deepEqual(panels.map(panel => panel.title), [
            "Replicas available, 4 at the least",
            "Replicas over the floor",
            "Pods that a drain may take",
            "Stateful replicas ready, of 5",
            "Replicas by zone, and the floor",
            "Autoscaler",
            "Requests by status",
            "Share of requests that fail, of 0.1 % that may",
            "Endpoints",
            "Restarts in an hour",
            "Volumes, share in use",
        ]);
    });

    it("has panels that neither overlap nor leave the grid, each with an id of its own", () => {
        const { panels } = dashboardOf({ ...full, app: config.app ?? assert.fail() });
        assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
        const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`));
        assert.equal(new Set(cells).size, cells.length);
        assert.ok(panels.every(({ gridPos: { x, w } }) => x + w <= 24));
        assert.ok(panels.every(({ datasource }) => datasource.uid === "prometheus"));
    });
});

describe("promtool", () => {
    it("is of the Prometheus that the chart installs", () => {
        // kube-prometheus-stack 88.5.3 has v3.14.0, whose Go module is v0.314.0.
        assert.equal(charts.kubePrometheusStack.version, "88.5.3");
        assert.equal(versionIn(readFileSync(join(projectDirectory, "tools/prometheus/go.mod"), "utf8"), "github.com/prometheus/prometheus"), "v0.314.0");
    });
});
