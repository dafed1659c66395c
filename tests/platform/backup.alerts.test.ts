// What mocks can't prove: that Velero's series say what they should, or that Prometheus finds them.
import assert from "node:assert/strict";

import type { PlannedStack } from "../../plan/run";
import { waitsFor } from "../support/clusters";
import { all, clusterConfigs, inputsOf, type RawConfig } from "../support/plan";
import { app } from "./backupPlans";
import { chartNamed, planPlatform } from "./support";

const ruleType = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";

function plan(settings: RawConfig = {}, more: RawConfig = {}): Promise<PlannedStack> {
    return planPlatform(clusterConfigs.eks, { backup: { region: "us-west-2", ...settings }, ...more }, app);
}

function serviceMonitorOf(planned: PlannedStack): unknown {
    const { metrics } = chartNamed(planned, "velero").inputs.values as unknown as { readonly metrics: { readonly serviceMonitor: unknown } };
    return metrics.serviceMonitor;
}

describe("backup and Prometheus", () => {
    it("says nothing to Prometheus where there is none", async () => {
        const planned = await plan();
        assert.deepEqual(all(planned, ruleType), []);
        assert.deepEqual(serviceMonitorOf(planned), { enabled: false, autodetect: false, namespace: "velero", additionalLabels: {} });
    });

    it("tells when a backup is overdue: later than the longest time between two, and four hours for one", async () => {
        for (const { schedule, limit, words } of [
            { schedule: "0 */6 * * *", limit: 36_000, words: "10 hours" },
            { schedule: "0 2 * * 1-5", limit: 3 * 86_400 + 14_400, words: "76 hours" },
        ]) {
            const planned = await plan({ schedule }, { monitoring: true });
            const rule = all(planned, ruleType).find(({ name }) => name === "east-backup-alerts");
            assert.ok(rule);
            const { metadata, spec } = inputsOf<{ metadata: unknown; spec: { groups: { rules: { alert: string; expr: string; for: string; annotations: Record<string, string> }[] }[] } }>(rule);
            assert.deepEqual(metadata, { name: "velero", namespace: "velero", labels: { release: "east-monitoring" } });
            const rules = spec.groups.flatMap(group => group.rules);
            assert.deepEqual(rules.map(({ alert, expr, for: held }) => [alert, expr, held]), [
                ["HoldfastBackupOverdue", `time() - max(velero_backup_last_successful_timestamp{schedule="east"}) > ${limit}`, "5m"],
                ["HoldfastBackupOverdue", 'absent(velero_backup_last_successful_timestamp{schedule="east"})', `${limit}s`],
            ]);
            for (const { annotations } of rules) {
                assert.ok(annotations["summary"]?.includes(words), annotations["summary"]);
                assert.equal(annotations["runbook"], "docs/runbooks/backup.md#holdfastbackupoverdue");
            }
            // The types of Prometheus' operator come with monitoring.
            const stack = chartNamed(planned, "kube-prometheus-stack").resource;
            for (const late of [rule, chartNamed(planned, "velero").resource]) {
                assert.ok(waitsFor(planned, late).has(`${stack.type} ${stack.name}`), late.name);
            }
            assert.deepEqual(serviceMonitorOf(planned), { enabled: true, autodetect: false, namespace: "velero", additionalLabels: { release: "east-monitoring" } });
        }
    });
});
