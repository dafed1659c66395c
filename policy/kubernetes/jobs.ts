import type { Typed } from "../graph";
import type { InputsByType } from "../inputs";
import { type Rule, type RuleText, shown } from "../rule";
import { at, differs, isSaid, isSet, isUnknown } from "../values";
import { classNamed } from "./placement";
import { podSpecOf, servingTypes } from "./pods";
import { numberOf } from "./quantities";
import { type Namespace, called, namespaceRule, objectRule } from "./workloads";

const job = "kubernetes:batch/v1:Job";
const cronJob = "kubernetes:batch/v1:CronJob";
type JobSpec = NonNullable<InputsByType[typeof job]["spec"]>;

/** More than this, a job that always fails goes on for hours: Kubernetes waits twice as long each time, up to six minutes. */
const mostRetries = 20;

/** The controller looks every 10 s, and misses what has a shorter deadline (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline). */
const leastStartSeconds = 10;

/** Work that ends. */
export const jobs: readonly Rule[] = [
    jobRule(
        {
            name: "job-restart-policy",
            level: "mandatory",
            why: "Kubernetes refuses a job whose containers are always restarted.",
            ids: ["kube-score cronjob-restartpolicy"],
            fix: "set restartPolicy to Never or OnFailure",
        },
        ({ template }) => {
            const policy = template?.spec?.restartPolicy;
            return differs(policy, "Never") && policy !== "OnFailure" && `restartPolicy is ${shown(policy)}`;
        },
    ),
    jobRule(
        {
            name: "job-deadline",
            level: "advisory",
            why: "A job that hangs holds its share of the quota, and an update that waits for it, for ever.",
            ids: [],
            fix: "set activeDeadlineSeconds to the longest time that a run may take",
        },
        ({ activeDeadlineSeconds }) => !isSet(activeDeadlineSeconds) && "activeDeadlineSeconds is nothing",
    ),
    jobRule(
        {
            name: "job-retries",
            level: "advisory",
            why: "A job that says nothing of retries gets six, whether it can be run twice or not.",
            ids: [],
            fix: `set backoffLimit to the number of retries that the job bears, at most ${mostRetries}`,
        },
        ({ backoffLimit }) => (!isSet(backoffLimit) || numberOf(backoffLimit, NaN) > mostRetries) && `backoffLimit is ${shown(backoffLimit)}`,
    ),
    objectRule(
        {
            name: "job-not-swept",
            level: "advisory",
            why: "A job that deletes itself is missing at Pulumi's next refresh, and the update after that runs it again.",
            ids: [],
            fix: "remove ttlSecondsAfterFinished from a Job that Pulumi makes; a CronJob cleans up by its history limits",
        },
        job,
        ({ spec }) => isSet(spec?.ttlSecondsAfterFinished) && `ttlSecondsAfterFinished is ${shown(spec.ttlSecondsAfterFinished)}`,
    ),
    objectRule(
        {
            name: "schedule-one-at-a-time",
            level: "advisory",
            why: "By Kubernetes' default, runs that take longer than their interval pile up, and write at the same time.",
            ids: [],
            fix: "set concurrencyPolicy to Forbid, or to Replace",
        },
        cronJob,
        ({ spec }) => (!isSaid(spec?.concurrencyPolicy) || spec.concurrencyPolicy === "Allow") && `concurrencyPolicy is ${shown(spec?.concurrencyPolicy)}`,
    ),
    objectRule(
        {
            name: "schedule-runs",
            level: "advisory",
            why: "A suspended schedule starts nothing, and says so nowhere.",
            ids: [],
            fix: "remove suspend, or the CronJob",
        },
        cronJob,
        ({ spec }) => spec?.suspend === true && "suspend is true",
    ),
    objectRule(
        {
            name: "schedule-start-deadline",
            level: "advisory",
            why: "Without a deadline, a run that an outage held up starts whenever it is over; with one under 10 s, runs are missed.",
            ids: ["kube-score cronjob-has-deadline"],
            fix: "set startingDeadlineSeconds to how late a run may start, 10 or more",
        },
        cronJob,
        ({ spec }) => numberOf(spec?.startingDeadlineSeconds, 0) < leastStartSeconds && `startingDeadlineSeconds is ${shown(spec?.startingDeadlineSeconds)}`,
    ),
    namespaceRule(
        {
            name: "job-yields",
            level: "mandatory",
            why: "Where room is short, as after the loss of a zone, a job of the app's priority takes the room of its replicas.",
            ids: [],
            fix: "give jobs a PriorityClass with a lower value than the app's",
        },
        namespace => {
            const app = Math.min(...servingTypes.flatMap(type => namespace.objects(type)).flatMap(workload => priorityOf(namespace, workload) ?? []));
            return [...namespace.objects(job), ...namespace.objects(cronJob)].flatMap(each => {
                const own = priorityOf(namespace, each) ?? 0;
                return own > 0 && own >= app ? [{ resource: each, found: `${called(each)} has priority ${own}, the app ${app}` }] : [];
            });
        },
    ),
];

/** A rule for what a Job is to do, once or on a schedule. */
function jobRule(text: RuleText, fault: (spec: JobSpec) => string | false): Rule {
    return objectRule(text, [job, cronJob], (inputs, { type }) => {
        const spec = type === cronJob ? at((inputs as InputsByType[typeof cronJob]).spec?.jobTemplate ?? {}, "spec") : (inputs as InputsByType[typeof job]).spec;
        return !isUnknown(spec) && fault(spec ?? {});
    });
}

/** The priority of what a resource's pods name; undefined where they name none, or none of this stack. */
function priorityOf(namespace: Namespace, pods: Typed<(typeof servingTypes)[number] | typeof job | typeof cronJob>): number | undefined {
    const name = podSpecOf(pods).priorityClassName;
    const value = isSaid(name) ? classNamed(namespace, name)?.inputs.value : undefined;
    return isSet(value) ? numberOf(value, NaN) : undefined;
}
