/**
 * Jobs and CronJobs. A mock cannot prove that a job runs, nor that Pulumi waits for it.
 */
import assert from "node:assert/strict";

import type * as k8s from "@pulumi/kubernetes";

import type { PlannedStack } from "../../plan/run";
import { all, find, inputsOf, minimalApp } from "../support/plan";
import { fullApp, onlyManifest, ownerOf, planApp, types } from "../support/kubernetes";

type JobSpec = k8s.types.output.batch.v1.JobSpec;
type CronJobSpec = k8s.types.output.batch.v1.CronJobSpec;

describe("work that ends", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planApp(fullApp);
    });

    it("is a Job without a schedule, and a CronJob with one", () => {
        assert.deepEqual(all(plan, types.job).map(({ name }) => name), ["local-shop-job-migrate"]);
        assert.deepEqual(all(plan, types.cronJob).map(({ name }) => name), ["local-shop-job-report"]);
    });

    it("leaves a Job's name to Pulumi: it cannot change, so a change runs a new one", () => {
        assert.equal("name" in onlyManifest<JobSpec>(plan, types.job).metadata, false);
        assert.equal(onlyManifest<CronJobSpec>(plan, types.cronJob).metadata.name, "shop-report");
    });

    it("runs a schedule in UTC, one run at a time, and keeps the last runs to look at", () => {
        const { jobTemplate, ...spec } = onlyManifest<CronJobSpec>(plan, types.cronJob).spec;
        assert.ok(jobTemplate.spec.template.spec.containers.length > 0);
        assert.deepEqual(spec, {
            schedule: "30 3 * * *",
            timeZone: "Etc/UTC",
            concurrencyPolicy: "Forbid",
            startingDeadlineSeconds: 300,
            successfulJobsHistoryLimit: 3,
            failedJobsHistoryLimit: 3,
        });
    });

    it("has an end: a deadline, and a number of tries", () => {
        for (const spec of [
            onlyManifest<JobSpec>(plan, types.job).spec,
            onlyManifest<CronJobSpec>(plan, types.cronJob).spec.jobTemplate.spec,
        ]) {
            assert.deepEqual([spec.backoffLimit, spec.activeDeadlineSeconds], [3, 900]);
            assert.equal(spec.template.spec.restartPolicy, "Never");
        }
    });

    it("runs the command with the app's image", () => {
        const { container } = ownerOf(plan, "job-migrate");
        assert.deepEqual(container.command, ["./migrate", "--all"]);
        assert.equal(container.image, minimalApp.image);
    });

    it("gets what config says for one job", async () => {
        const job = {
            name: "export",
            image: "ghcr.io/example/export:1.2.3",
            command: ["./export"],
            schedule: "@daily",
            deadlineSeconds: 60,
            retries: 0,
            concurrency: "Replace",
        };
        const own = await planApp({ ...minimalApp, jobs: [job] });
        const { spec } = onlyManifest<CronJobSpec>(own, types.cronJob);
        assert.deepEqual([spec.schedule, spec.concurrencyPolicy], ["@daily", "Replace"]);
        assert.deepEqual([spec.jobTemplate.spec.backoffLimit, spec.jobTemplate.spec.activeDeadlineSeconds], [0, 60]);
        assert.equal(ownerOf(own, "job-export").container.image, job.image);
    });

    it("has no probes and no ports: nobody asks it anything", () => {
        for (const part of ["job-migrate", "job-report"]) {
            const { container } = ownerOf(plan, part);
            for (const field of ["startupProbe", "livenessProbe", "readinessProbe", "ports"]) {
                assert.equal(field in container, false, `${part} ${field}`);
            }
        }
    });

    it("yields to the app: lower priority, and it pre-empts nothing", () => {
        const priority = inputsOf<{ readonly value: number; readonly preemptionPolicy: string }>(
            find(plan, types.priority, "local-shop-job-priority"),
        );
        assert.deepEqual([priority.value, priority.preemptionPolicy], [100_000, "Never"]);
        for (const part of ["job-migrate", "job-report"]) {
            assert.match(ownerOf(plan, part).template.spec.priorityClassName, /^local-shop-job-priority-[0-9a-f]{8}$/, part);
        }
    });

    it("is not made, nor its priority, where config has none", async () => {
        const none = await planApp(minimalApp);
        assert.deepEqual([...all(none, types.job), ...all(none, types.cronJob)], []);
        assert.deepEqual(all(none, types.priority).map(({ name }) => name), ["local-shop-priority"]);
    });

    it("may be many, each under its own name", async () => {
        const jobs = ["a", "b", "c"].map(name => ({ name, command: ["true"] }));
        const many = await planApp({ ...minimalApp, jobs });
        assert.deepEqual(all(many, types.job).map(({ name }) => name).sort(), ["a", "b", "c"].map(name => `local-shop-job-${name}`));
    });
});
