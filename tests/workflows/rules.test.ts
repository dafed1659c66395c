// Files prove what the workflows ask for. They can't prove that GitHub runs them so, nor that a commit is of the version that its comment
// names: each was looked up in its repository's tags, and in workflows that others pin to it.
import assert from "node:assert/strict";

import { readWorkflows, workflowOf } from "./read";
import { workflowRules } from "./rules";

const workflows = readWorkflows();

/** Slips, each of which one rule must see: the file, the text and what it becomes. */
const slips: readonly { readonly rule: string; readonly file: string; readonly from: string | RegExp; readonly to: string; readonly says: RegExp }[] = [
    { rule: "pin every action", file: "drill.yml", from: /actions\/checkout@\w+ # v[\d.]+/, to: "actions/checkout@v7", says: /not pinned by commit/ },
    { rule: "pin every action", file: "drill.yml", from: /(actions\/checkout@\w+) # v[\d.]+/, to: "$1", says: /no version/ },
    { rule: "pin every action", file: "drill.yml", from: /(actions\/cache\/save@)\w{8}/, to: "$100000000", says: /another commit/ },
    { rule: "may do no more than they must", file: "drill.yml", from: "contents: read", to: "contents: write", says: /contents: read/ },
    { rule: "may do no more than they must", file: "preview.yml", from: "pull-requests: write", to: "issues: write", says: /needs/ },
    { rule: "may do no more than they must", file: "preview.yml", from: /\n {2}plan:\n/, to: "$&    permissions: write-all\n", says: /preview.yml plan/ },
    { rule: "keep keys from forks", file: "preview.yml", from: "pull_request:", to: "pull_request_target:", says: /others wrote/ },
    { rule: "keep keys from forks", file: "preview.yml", from: " && github.event.pull_request.head.repo.full_name == github.repository", to: "", says: /forks/ },
    { rule: "keep keys from forks", file: "preview.yml", from: "== github.repository && github", to: "== github.repository || github", says: /forks/ },
    { rule: "keep keys from forks", file: "preview.yml", from: "STACK: ${{ matrix.stack }}", to: "STACK: ${{ secrets.STACK }}", says: /has keys/ },
    { rule: "keep keys from forks", file: "drift.yml", from: "if: vars.HOLDFAST_STACKS != ''", to: "if: github.ref != ''", says: /set it up/ },
    { rule: "leave no token in the checkout", file: "stack.yml", from: "persist-credentials: false", to: "fetch-depth: 1", says: /token/ },
    { rule: "put no expression into a script", file: "preview.yml", from: '"$STACK"', to: "${{ github.head_ref }}", says: /expression/ },
    { rule: "end in time", file: "drill.yml", from: /\n.*timeout-minutes: 120/, to: "", says: /timeout/ },
    { rule: "cut nothing short that changes something", file: "stack.yml", from: "cancel-in-progress: false", to: "cancel-in-progress: true", says: /cut short/ },
    { rule: "cut nothing short that changes something", file: "stack.yml", from: "}}-${{ inputs.stack }}", to: "}}", says: /kept apart/ },
    { rule: "cut nothing short that changes something", file: "stack.yml", from: "|| 'state' }}", to: "|| inputs.command }}", says: /kept together/ },
    { rule: "cut nothing short that changes something", file: "stack.yml", from: /\n *queue: max/, to: "", says: /thrown out/ },
    { rule: "cut nothing short that changes something", file: "deploy.yml", from: "queue: max", to: "queue: most", says: /no such queue/ },
    { rule: "cut nothing short that changes something", file: "deploy.yml", from: "jobs:", to: "concurrency: deploy\njobs:", says: /all its jobs/ },
    { rule: "give keys by an environment", file: "stack.yml", from: /\n.*environment: \$.*/, to: "", says: /no environment/ },
    { rule: "give keys by an environment", file: "deploy.yml", from: "environment: prod-global", to: "environment: preview", says: /stack's environment/ },
    { rule: "give keys that last as long as the job", file: "stack.yml", from: "&& 21600", to: "&& 18000", says: /keys end before/ },
    { rule: "give keys that last as long as the job", file: "stack.yml", from: "|| 60 }}", to: "|| 90 }}", says: /keys end before/ },
    { rule: "give keys that last as long as the job", file: "stack.yml", from: /\n *role-duration-seconds: .*/, to: "", says: /keys end before/ },
    { rule: "give keys that last as long as the job", file: "stack.yml", from: "&& 350 ||", to: "&& 360 ||", says: /GitHub ends it/ },
    { rule: "give keys that last as long as the job", file: "stack.yml", from: "&& 21600", to: "&& 50000", says: /more than it gives/ },
    { rule: "preview every update", file: "stack.yml", from: "pulumi up --yes", to: "pulumi up --yes --skip-preview", says: /skips/ },
    { rule: "preview every update", file: "stack.yml", from: "pulumi up --yes", to: "pulumi up -yf", says: /skips/ },
    { rule: "preview every update", file: "stack.yml", from: "          command: preview", to: "          command: up", says: /without a preview/ },
    { rule: "preview every update", file: "stack.yml", from: "          command: preview", to: "          command: ${{ inputs.command }}", says: /without a preview/ },
];

describe("the workflows", () => {
    it("are these", () => {
        assert.deepEqual(workflows.map(({ file }) => file), ["deploy.yml", "drift.yml", "drill.yml", "preview.yml", "stack.yml"]);
    });

    for (const [asks, rule] of Object.entries(workflowRules)) {
        it(asks, () => {
            assert.deepEqual(rule(workflows), []);
        });
    }
});

describe("the rules on workflows", () => {
    for (const { rule, file, from, to, says } of slips) {
        it(`see ${String(from)} become ${JSON.stringify(to)} in ${file}`, () => {
            const slipped = workflows.map(workflow => (workflow.file === file ? workflowOf(file, workflow.text.replace(from, to)) : workflow));
            assert.notDeepEqual(slipped, workflows, "the slip is made");
            const found = Object.entries(workflowRules).flatMap(([asks, judge]) => judge(slipped).map(line => ({ asks, line })));
            assert.deepEqual([...new Set(found.map(({ asks }) => asks))], [rule], "the rule that is meant, and no other");
            assert.match(found[0]?.line ?? "", says);
        });
    }
});
