import { type Job, type Workflow, callsKeyed, jobsOf, keyed, stepsOf } from "./read";

/** What is wrong with a set of workflows, a line each; nothing where they keep the rule. */
export type WorkflowRule = (workflows: readonly Workflow[]) => readonly string[];

const pinned = /^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/;
/** A use in a workflow's text, with its version beside it. */
const use = /uses: (?<action>[^@\s]+)@(?<commit>\S+)(?: # (?<version>v\d+\.\d+\.\d+))?$/gm;

/** Actions are pinned by commit, with their version in a comment, to one version each. */
const pins: WorkflowRule = workflows => {
    const loose = [...stepsOf(workflows), ...jobsOf(workflows).map(({ place, job }) => ({ place, step: job }))].flatMap(({ place, step: { uses } }) =>
        uses === undefined || uses.startsWith("./") || pinned.test(uses) ? [] : [`${place}: ${uses} is not pinned by commit`],
    );
    const uses = workflows.flatMap(({ file, text }) => [...text.matchAll(use)].map(({ groups }) => ({ file, ...groups })));
    const silent = uses.flatMap(({ file, action = "", version }: { file: string; action?: string; version?: string }) =>
        version === undefined ? [`${file}: ${action} has no version in a comment`] : [],
    );
    const first = new Map<string, string>();
    const mixed = uses.flatMap(({ file, action = "", commit = "" }: { file: string; action?: string; commit?: string }) => {
        // Parts of one repository have one commit.
        const repository = action.split("/").slice(0, 2).join("/");
        const known = first.get(repository) ?? commit;
        first.set(repository, known);
        return known === commit ? [] : [`${file}: ${action} is pinned to another commit elsewhere`];
    });
    return [...loose, ...silent, ...mixed];
};

/** What each job may do beyond reading the code. */
const granted: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "preview.yml preview": { contents: "read", "id-token": "write", "pull-requests": "write" },
    "deploy.yml clusters": { contents: "read", "id-token": "write" },
    "deploy.yml dns": { contents: "read", "id-token": "write" },
    "drift.yml look": { contents: "read", "id-token": "write" },
    "drift.yml report": { issues: "write" },
};

/** Jobs read the code and no more, but for those that must. */
const permissions: WorkflowRule = workflows => [
    // What is only called has what its caller gives.
    ...workflows.flatMap(({ file, on, permissions: own }) => (("workflow_call" in on ? own === undefined : same(own, { contents: "read" })) ? [] : [`${file}: permissions are not contents: read`])),
    ...jobsOf(workflows).flatMap(({ place, job }) => (same(job.permissions, granted[place]) ? [] : [`${place}: permissions are not those that it needs`])),
];

/** Keys are in one workflow, which pull requests from forks never reach. */
const keys: WorkflowRule = workflows => [
    ...workflows.flatMap(({ file, on }) => ("pull_request_target" in on || "workflow_run" in on ? [`${file}: runs with the repository's rights on what others wrote`] : [])),
    ...jobsOf(workflows).flatMap(({ place, workflow, job }) => {
        if (workflow.file === keyed || callsKeyed(job)) {
            return [];
        }
        return /secrets\.|id-token|configure-aws-credentials|google-github-actions|pulumi\/actions/.test(JSON.stringify(job)) ? [`${place}: has keys, but is not ${keyed}`] : [];
    }),
    ...jobsOf(workflows).flatMap(({ place, workflow, job }) =>
        callsKeyed(job) && judgesPullRequests(workflow) && !fromHere(job) ? [`${place}: is not kept from forks`] : [],
    ),
    ...jobsOf(workflows).flatMap(({ place, job }) => (callsKeyed(job) && job.if?.includes("vars.HOLDFAST_STACKS") !== true ? [`${place}: runs where nobody has set it up`] : [])),
];

function judgesPullRequests({ on }: Workflow): boolean {
    return Object.keys(on).some(event => event.startsWith("pull_request"));
}

function fromHere(job: Job): boolean {
    const conditions = job.if?.split(" && ") ?? [];
    return ["github.event.pull_request.head.repo.full_name == github.repository", "github.event.pull_request.user.login != 'dependabot[bot]'"].every(each => conditions.includes(each));
}

/** The token stays out of the folder that others' code runs in. */
const credentials: WorkflowRule = workflows =>
    stepsOf(workflows).flatMap(({ place, step }) =>
        step.uses?.startsWith("actions/checkout@") === true && step.with?.["persist-credentials"] !== false ? [`${place}: the checkout keeps its token`] : [],
    );

/** Nothing that others wrote becomes part of a script. */
const injection: WorkflowRule = workflows => stepsOf(workflows).flatMap(({ place, step }) => (step.run?.includes("${{") === true ? [`${place}: an expression in a script`] : []));

/** Every job ends. */
const timeouts: WorkflowRule = workflows =>
    jobsOf(workflows).flatMap(({ place, job }) => (job.uses === undefined && job["timeout-minutes"] === undefined ? [`${place}: has no timeout`] : []));

/** The group of a run with keys. */
const oneAtATime = "${{ inputs.command == 'preview' && format('preview-{0}', github.run_id) || 'state' }}-${{ inputs.stack }}";

/** No run with keys is cut short by another, and two updates of a stack never run at a time. */
const concurrency: WorkflowRule = workflows => [
    ...workflows.flatMap(({ file, concurrency: whole }) => (whole === undefined ? [] : [`${file}: one group for all its jobs`])),
    ...jobsOf(workflows).flatMap(({ place, workflow, job }) => {
        if (job.uses !== undefined) {
            return job.concurrency === undefined ? [] : [`${place}: two groups for one run`];
        }
        if (job.concurrency === undefined) {
            return [`${place}: is in no group`];
        }
        const cuts = job.concurrency["cancel-in-progress"];
        return cuts && !judgesPullRequests(workflow) ? [`${place}: would be cut short`] : [];
    }),
    ...jobsOf(workflows).flatMap(({ place, workflow, job }) => {
        if (workflow.file !== keyed || job.concurrency === undefined) {
            return [];
        }
        const { group, queue } = job.concurrency;
        return [
            // Updates and looks for drift in one group a stack; previews, which write nothing, each in its own.
            ...(group === oneAtATime ? [] : [`${place}: stacks are not kept apart, or what touches one is not kept together`]),
            ...(queue === "max" ? [] : [`${place}: what waits is thrown out by what comes later`]),
        ];
    }),
    // "max" and nothing: docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency.
    ...jobsOf(workflows).flatMap(({ place, job: { concurrency: group } }) =>
        group?.queue !== undefined && (group.queue !== "max" || group["cancel-in-progress"]) ? [`${place}: no such queue`] : [],
    ),
];

/** What an update has, and what anything else with keys has: "${{ inputs.command == 'up' && 350 || 60 }}". */
const forUpdates = /^\$\{\{ inputs\.command == 'up' && (\d+) \|\| (\d+) \}\}$/;

/**
 * AWS's keys last as long as the job that has them, and the job ends before GitHub ends it. GitHub's runners give a job 360 minutes
 * (docs.github.com/actions/reference/limits); a role gives up to 12 hours, but an hour unless it says more
 * (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
 */
const lifetimes: WorkflowRule = workflows =>
    jobsOf(workflows).flatMap(({ place, job }) => {
        const keysOfJob = (job.steps ?? []).filter(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@") === true);
        const minutes = forUpdates.exec(String(job["timeout-minutes"]))?.slice(1).map(Number) ?? [];
        return keysOfJob.flatMap(step => {
            const seconds = forUpdates.exec(String(step.with?.["role-duration-seconds"]))?.slice(1).map(Number) ?? [];
            const [update = 0, other = 0] = minutes;
            const [updateKeys = 0, otherKeys = 0] = seconds;
            return [
                ...(update > 0 && update < 360 && other > 0 && other < 360 ? [] : [`${place}: GitHub ends it before its own timeout`]),
                ...(updateKeys >= update * 60 && otherKeys >= other * 60 ? [] : [`${place}: its keys end before it`]),
                ...(updateKeys <= 43_200 && otherKeys <= 3_600 ? [] : [`${place}: asks a role for more than it gives`]),
            ];
        });
    });

/** Updates preview first: without, what is protected is found out once the rest is gone. `-f` is short for it (`pulumi up --help`). */
const previews: WorkflowRule = workflows =>
    stepsOf(workflows).flatMap(({ place, step }) => [
        ...(JSON.stringify(step).includes("--skip-preview") || /\bpulumi (up|update) .*-[a-z]*f\b/.test((step.run ?? "").replaceAll(/ --[\w-]+/g, "")) ? [`${place}: skips the preview`] : []),
        // Through Pulumi's automation API, of which `up` always does (node_modules/@pulumi/pulumi/automation/stack.js). Nor an expression, which may become one.
        ...(step.uses?.startsWith("pulumi/actions@") === true && step.with?.["command"] !== "preview" ? [`${place}: updates without a preview`] : []),
    ]);

/** Keys are given out by an environment, whose rules and variables hold. */
const environments: WorkflowRule = workflows =>
    jobsOf(workflows).flatMap(({ place, workflow, job }) => [
        ...(workflow.file === keyed && job.environment !== "${{ inputs.environment }}" ? [`${place}: has no environment`] : []),
        ...(callsKeyed(job) && job.with?.["command"] === "up" && job.with["environment"] !== job.with["stack"] ? [`${place}: is not in its stack's environment`] : []),
    ]);

function same(a: Readonly<Record<string, string>> | undefined, b: Readonly<Record<string, string>> | undefined): boolean {
    const sorted = (value: Readonly<Record<string, string>> | undefined): string => JSON.stringify(Object.entries(value ?? {}).sort());
    return (a === undefined) === (b === undefined) && sorted(a) === sorted(b);
}

/** Every rule, by what it asks. */
export const workflowRules: Readonly<Record<string, WorkflowRule>> = {
    "pin every action": pins,
    "may do no more than they must": permissions,
    "keep keys from forks": keys,
    "leave no token in the checkout": credentials,
    "put no expression into a script": injection,
    "end in time": timeouts,
    "cut nothing short that changes something": concurrency,
    "give keys by an environment": environments,
    "give keys that last as long as the job": lifetimes,
    "preview every update": previews,
};
