import { join, relative } from "node:path";
import { parseArgs } from "node:util";

import { ConfigError } from "../components/config";
import { planDocument } from "./document";
import { isMandatory, violationsInWords } from "./policy";
import { planStack } from "./run";
import { StackFileError, readStackFile } from "./stackFile";
import { summarise } from "./summarise";
import { renderText } from "./text";
import { WriteError, clearPlan, planJson, writePlan } from "./write";

const help = `Plans a stack without an account, a CLI, a plug-in or the network.

  npm start                        plan stack prod
  npm start -- --stack dev         plan the stack of Pulumi.dev.yaml
  npm start -- --json              print plan.json and nothing else

Options
  --stack NAME   stack to plan (default: prod)
  --out DIR      where to write (default: out): DIR/NAME/plan.json, plan.html, manifests/<cluster>.yaml
  --json         print plan.json alone; still writes the files
  --help         this text

Exit code 0; 1 with the problems listed, or where the stack breaks a mandatory rule of policy/.
`;

/** Text is wrapped here where it goes to no terminal; and never narrower than this. */
const defaultWidth = 120;
const narrowest = 80;

/** The command's options. */
const options = {
    stack: { type: "string", default: "prod" },
    out: { type: "string", default: "out" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
} as const;

/** Runs the command. Resolves to its exit code. */
async function run(args: readonly string[]): Promise<number> {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) {
        process.stdout.write(help);
        return 0;
    }
    // npm keeps `--stack` of `npm start --stack dev` to itself and hands on the name alone.
    const stack = positionals[0] ?? values.stack;
    const directory = join(values.out, stack);
    const file = readStackFile(process.cwd(), stack);
    // A plan that fails must not leave the last one there to be taken for its own.
    clearPlan(directory);
    const planned = await planStack(process.cwd(), file);
    const summary = summarise(planned);
    const document = planDocument(planned, summary);
    writePlan(directory, planned, document);
    const exitCode = summary.policy.violations.some(isMandatory) ? 1 : 0;
    if (values.json) {
        process.stdout.write(planJson(document));
        if (exitCode !== 0) {
            process.stderr.write(`stack ${stack} has ${violationsInWords(summary.policy)}: see summary.policy.violations\n`);
        }
        return exitCode;
    }
    const { isTTY, columns } = process.stdout;
    process.stdout.write(
        renderText(summary, { color: isTTY && process.env["NO_COLOR"] === undefined, width: isTTY ? Math.max(narrowest, columns) : defaultWidth }),
    );
    const written = relative(process.cwd(), directory);
    process.stdout.write(`\nWrote ${join(written, "plan.html")}, plan.json and manifests/.\n`);
    return exitCode;
}

/** What the user did wrong is said in one message; anything else is a fault of ours, and keeps its trace. */
function isUserError(error: unknown): error is Error {
    return [ConfigError, StackFileError, WriteError].some(kind => error instanceof kind) || isArgumentError(error);
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
        process.exitCode = 1;
        // What the SDK still has in the air fails too, and would add a trace each to what was said.
        process.on("unhandledRejection", () => undefined);
    },
);
