import type { AppConfig } from "./app";

/** How a replica ends, in seconds, with the defaults worked out. */
export interface Shutdown {
    /** Goes on serving this long, while load balancers stop sending. */
    readonly preStopSeconds: number;
    /** Then gets this long to finish what is open. */
    readonly drainSeconds: number;
    /** Killed this long after the announcement. */
    readonly graceSeconds: number;
}

/** Slack between the steps of an ending, in seconds. */
const slackSeconds = 5;

/** The ending of the app's replicas behind a load balancer with the given deregistration time. */
export function shutdownOf(app: AppConfig, deregistrationSeconds: number): Shutdown {
    const { drainSeconds } = app.shutdown;
    const preStopSeconds = app.shutdown.preStopSeconds ?? deregistrationSeconds + slackSeconds;
    return {
        preStopSeconds,
        drainSeconds,
        graceSeconds: app.shutdown.graceSeconds ?? preStopSeconds + drainSeconds + slackSeconds,
    };
}
