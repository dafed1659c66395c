import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { type AppContext, metadata } from "./context";
import { objectLabels } from "./labels";

/** Who the app's pods are, and what they yield to. */
export interface Identity {
    readonly serviceAccountName: pulumi.Output<string>;
    /** Of the replicas, stateless and stateful. */
    readonly priorityClassName: pulumi.Output<string>;
    /** Of the jobs; undefined where there are none. */
    readonly jobPriorityClassName: pulumi.Output<string> | undefined;
}

/** Jobs wait where room is short: a tenth of the app's priority, and they pre-empt nothing. */
const jobPriorityShare = 10;

/** A service account that no token is mounted for, and the priorities of the app over its jobs. */
export function createIdentity(context: AppContext): Identity {
    const { app, opts } = context;
    const account = new k8s.core.v1.ServiceAccount(
        `${context.name}-account`,
        { metadata: metadata(context, app.name), automountServiceAccountToken: false },
        opts,
    );
    // A priority class can't change. Pulumi names it, so that the new one is there before the pods roll to it.
    const priorityOptions = { ...opts, replaceOnChanges: ["value", "preemptionPolicy"] };
    const priority = new k8s.scheduling.v1.PriorityClass(
        `${context.name}-priority`,
        {
            metadata: { labels: objectLabels(app.name) },
            description: `Replicas of ${app.name}: they pre-empt what matters less when room is short.`,
            value: app.scheduling.priority,
            globalDefault: false,
        },
        priorityOptions,
    );
    if (app.jobs.length === 0) {
        return {
            serviceAccountName: account.metadata.name,
            priorityClassName: priority.metadata.name,
            jobPriorityClassName: undefined,
        };
    }
    const jobPriority = new k8s.scheduling.v1.PriorityClass(
        `${context.name}-job-priority`,
        {
            metadata: { labels: objectLabels(app.name) },
            description: `Jobs of ${app.name}: they wait for room.`,
            value: Math.floor(app.scheduling.priority / jobPriorityShare),
            preemptionPolicy: "Never",
            globalDefault: false,
        },
        priorityOptions,
    );
    return {
        serviceAccountName: account.metadata.name,
        priorityClassName: priority.metadata.name,
        jobPriorityClassName: jobPriority.metadata.name,
    };
}
