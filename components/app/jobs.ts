import * as k8s from "@pulumi/kubernetes";

import type { JobConfig } from "../config";
import type { Configuration } from "./configuration";
import { type AppContext, metadata, unnamedMetadata } from "./context";
import type { Identity } from "./identity";
import { podTemplate } from "./podTemplate";
import { configuredTolerations } from "./scheduling";

/** Finished runs of a schedule that are kept for people to look at. */
const keptRuns = 3;

/** How late a scheduled run may start before it is skipped, in seconds. */
const startingDeadlineSeconds = 300;

/** Time for a job's pod to be placed and to start, in seconds. */
const startSeconds = 120;

/** Time for a job to stop, in seconds. */
const graceSeconds = 30;

/** A Job for each piece of work, or a CronJob where it has a schedule. */
export function createJobs(context: AppContext, identity: Identity, configuration: Configuration): void {
    for (const job of context.app.jobs) {
        createJob(context, job, identity, configuration);
    }
}

function createJob(context: AppContext, job: JobConfig, identity: Identity, configuration: Configuration): void {
    const name = `${context.name}-job-${job.name}`;
    const spec = jobSpec(context, job, identity, configuration);
    // Pulumi waits for a job to end: as long as the job may take, and a little for its pod to start.
    const wait = `${job.deadlineSeconds + startSeconds}s`;
    if (job.schedule === undefined) {
        // Pulumi names it: a job can't change, so a change runs a new one.
        new k8s.batch.v1.Job(name, { metadata: unnamedMetadata(context), spec }, { ...context.opts, customTimeouts: { create: wait, update: wait } });
        return;
    }
    new k8s.batch.v1.CronJob(
        name,
        {
            metadata: metadata(context, `${context.app.name}-${job.name}`),
            spec: {
                schedule: job.schedule,
                timeZone: "Etc/UTC",
                concurrencyPolicy: job.concurrency,
                startingDeadlineSeconds,
                successfulJobsHistoryLimit: keptRuns,
                failedJobsHistoryLimit: keptRuns,
                jobTemplate: { spec },
            },
        },
        context.opts,
    );
}

function jobSpec(
    { app }: AppContext,
    job: JobConfig,
    identity: Identity,
    configuration: Configuration,
): k8s.types.input.batch.v1.JobSpec {
    return {
        backoffLimit: job.retries,
        activeDeadlineSeconds: job.deadlineSeconds,
        template: podTemplate({
            app: app.name,
            part: `job-${job.name}`,
            image: job.image ?? app.image,
            command: job.command,
            resources: job.resources,
            graceSeconds,
            priorityClassName: identity.jobPriorityClassName ?? identity.priorityClassName,
            serviceAccountName: identity.serviceAccountName,
            nodeSelector: app.scheduling.nodeSelector,
            tolerations: configuredTolerations(app),
            restartPolicy: "Never",
            ...configuration,
        }),
    };
}
