import { join } from "node:path";
import { parseArgs } from "node:util";

import { exitCodes, obtainTool, runCommand } from "../tools/command";
import type { Execute } from "../tools/execute";
import { actionlint } from "./actionlint";
import { workflowFiles } from "./files";

const help = `Has actionlint read the workflows in .github/workflows: their syntax, their expressions, and what they hand to each other.

  npm run workflows

What they may do, and that what they run exists, is tested without it, in tests/workflows.

Options
  --help   this text

Environment
  HOLDFAST_ACTIONLINT  an actionlint, instead of one built from the Go module that tools/actionlint pins
  HOLDFAST_CACHE       where actionlint is kept, in tools/ (default: holdfast/ in XDG_CACHE_HOME, or else in ~/.cache)

Exit code 0 where it finds nothing; 1 where it does; 2 where it can't be had.
`;

/**
 * What actionlint 1.7 takes for a mistake and GitHub does not: a concurrency group that keeps all that wait (github.com/rhysd/actionlint/issues/657).
 * That its value is right is one of the rules in tests/workflows.
 */
const unknownToActionlint = 'unexpected key "queue" for "concurrency" section';

/** Runs the command. Resolves to its exit code. */
async function run(args: readonly string[], execute: Execute): Promise<number> {
    const { values } = parseArgs({ args: [...args], options: { help: { type: "boolean", default: false } } });
    if (values.help) {
        process.stdout.write(help);
        return exitCodes.fine;
    }
    const command = await obtainTool(actionlint, execute);
    const files = workflowFiles(join(__dirname, ".."));
    // The same wherever it runs: not with whatever linters of scripts are on the PATH.
    const words = ["-no-color", "-shellcheck=", "-pyflakes=", "-ignore", unknownToActionlint, ...files];
    const { code, stdout, stderr } = await execute({ command, args: words, cwd: join(__dirname, ".."), env: process.env });
    process.stdout.write(code === 0 ? `${files.length} workflows are sound\n` : `${stdout}${stderr}`);
    return code === 0 ? exitCodes.fine : exitCodes.wrong;
}

runCommand({ run });
