import { join, relative } from "node:path";
import { parseArgs } from "node:util";

import { ConfigError } from "../components/config";
import { Interrupted } from "../tools/execute";
import type { Asked } from "./change/base";
import { BaseError } from "./change/baseError";
import type { PlanDiff } from "./change/diff";
import { type PlanDocument, planDocument } from "./document";
import { isMandatory, violationsInWords } from "./policy";
import { type PlannedStack, planStack } from "./run";
import { StackFileError, readStackFile } from "./stackFile";
import { summarise } from "./summarise";
import { renderText } from "./text";
import { WriteError, appendText, clearPlan, planJson, writeDiff, writePlan } from "./write";

const help = `Plans a stack without an account, a CLI, a plug-in or the network.

  npm start                        plan stack prod
  npm start -- --stack dev         plan the stack of Pulumi.dev.yaml
  npm start -- --base main         plan it, and say what would change against branch main
  npm start -- --json              print plan.json and nothing else

Options
  --stack NAME       stack to plan (default: prod)
  --base BASE        compare with BASE: a plan.json, or a commit, branch or tag of git, planned by its own program
  --fail-on-danger   with --base: end with 1 where a cluster, a network or data would be replaced or deleted
  --out DIR          where to write (default: out): DIR/NAME/plan.json, plan.html, manifests/<cluster>.yaml, diff.json
  --summary FILE     add plan and comparison to FILE as Markdown, such as $GITHUB_STEP_SUMMARY
  --json             print plan.json alone; still writes the files
  --help             this text

Exit code 0; 1 with the problems listed, where BASE can't be had or planned, where the stack breaks a mandatory rule of policy/, or where
--fail-on-danger sees a danger.
`;

/** Text is wrapped here where it goes to no terminal; and never narrower than this. */
const defaultWidth = 120;
const narrowest = 80;

/** The command's options. */
const options = {
    stack: { type: "string", default: "prod" },
    base: { type: "string" },
    "fail-on-danger": { type: "boolean", default: false },
    out: { type: "string", default: "out" },
    summary: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
} as const;

/** Options that don't go together: the message says which. */
class OptionError extends Error {}

/** Runs the command. Resolves to its exit code. */
async function run(args: readonly string[]): Promise<number> {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) {
        process.stdout.write(help);
        return 0;
    }
    if (values["fail-on-danger"] && values.base === undefined) {
        throw new OptionError("--fail-on-danger needs --base: danger is in what changes");
    }
    // npm keeps `--stack` of `npm start --stack dev` to itself and hands on the name alone.
    const stack = positionals[0] ?? values.stack;
    const directory = join(values.out, stack);
    const file = readStackFile(process.cwd(), stack);
    // Before the last plan is cleared, which may be what is compared with.
    const comparison = values.base === undefined ? undefined : await comparisonWith(values.base, { directory: process.cwd(), project: file.project, stack });
    // A plan that fails must not leave the last one there to be taken for its own.
    clearPlan(directory);
    const planned = await planStack(process.cwd(), file);
    const summary = summarise(planned);
    const document = planDocument(planned, summary);
    writePlan(directory, planned, document);
    const diff = comparison?.diff(document, planned);
    if (diff !== undefined) {
        writeDiff(directory, diff);
    }
    if (values.summary !== undefined) {
        const { renderMarkdown } = await import("./change/markdown.js");
        appendText(values.summary, renderMarkdown(summary, diff));
    }
    if (values.json) {
        process.stdout.write(planJson(document));
    } else {
        const { isTTY, columns } = process.stdout;
        const view = { color: isTTY && process.env["NO_COLOR"] === undefined, width: isTTY ? Math.max(narrowest, columns) : defaultWidth };
        const compared = comparison === undefined || diff === undefined ? "" : `\n${comparison.render(diff, view)}`;
        const written = ["plan.json", ...(diff === undefined ? [] : ["diff.json"])].join(", ");
        process.stdout.write(`${renderText(summary, view)}${compared}\nWrote ${join(relative(process.cwd(), directory), "plan.html")}, ${written} and manifests/.\n`);
    }
    const mandatory = summary.policy.violations.some(isMandatory) ? [`${violationsInWords(summary.policy)}: see summary.policy.violations`] : [];
    const losses = values["fail-on-danger"] && diff !== undefined ? (comparison?.losses(diff) ?? []) : [];
    return complain(stack, [...(values.json ? mandatory : []), ...losses], mandatory.length + losses.length);
}

/** Says on the error output why the command fails, where the text does not. Returns the exit code. */
function complain(stack: string, reasons: readonly string[], failures: number): number {
    for (const reason of reasons) {
        process.stderr.write(`stack ${stack} has ${reason}\n`);
    }
    return failures > 0 ? 1 : 0;
}

/** Gets what to compare with, and how. Loaded only where it is asked for: most plans are not compared. */
async function comparisonWith(name: string, asked: Asked) {
    const [{ diffAgainst, readBase }, { losses }, { renderDiff }] = await Promise.all([import("./change/base.js"), import("./change/diff.js"), import("./change/text.js")]);
    const base = await readBase(name, asked);
    return {
        diff: (document: PlanDocument, { recording }: PlannedStack) => diffAgainst(base, document, new Map(recording.resources.map(({ urn, aliases }) => [urn, aliases]))),
        render: renderDiff,
        losses: (diff: PlanDiff) => losses(diff).map(({ name: resource, action, danger }) => `a danger: ${resource} would be ${action}d, and with it ${danger?.what ?? ""}`),
    };
}

/** What the user did wrong is said in one message; anything else is a fault of ours, and keeps its trace. */
function isUserError(error: unknown): error is Error {
    return [BaseError, ConfigError, Interrupted, OptionError, StackFileError, WriteError].some(kind => error instanceof kind) || isArgumentError(error);
}

/** node:util's parseArgs says what is wrong with an option. */
function isArgumentError(error: unknown): boolean {
    return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

// Whoever reads may stop reading, as `| head` does: the files are written by then.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
        throw error;
    }
});

run(process.argv.slice(2)).then(
    code => {
        process.exitCode = code;
    },
    (error: unknown) => {
        process.stderr.write(isUserError(error) ? `${error.message}\n` : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
        // What the SDK still has in the air fails too, and would add a trace each to what was said.
        process.on("unhandledRejection", () => undefined);
    },
);
