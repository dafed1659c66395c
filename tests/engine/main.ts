import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

import execa from "execa";

import { exitCodes, obtainTool, runCommand } from "../../tools/command";
import type { Execute } from "../../tools/execute";
import { pulumi } from "./support/pulumi";

const help = `Tests the program with Pulumi's real engine, on clouds that are emulated on this machine.

  npm run engine                     every suite
  npm run engine -- --grep "kill"    those whose names match

Up, refresh, change, interruption and destroy of the project's stacks: what the engine decides is real, what a cloud does is
emulated. The first run builds Pulumi's CLI with Go, about 5 minutes on two cores.

Options
  --grep TEXT   run the tests whose names match this regular expression
  --help        this text

Environment
  HOLDFAST_PULUMI  a Pulumi CLI of version 3, instead of one built from the Go module that tools/pulumi pins
  HOLDFAST_CACHE   where the CLI is kept, in tools/ (default: holdfast/ in XDG_CACHE_HOME, or else in ~/.cache)

Exit code 0; 1 where a test failed; 2 where the CLI can't be had.
`;

/** Runs the command. Resolves to its exit code. */
async function run(args: readonly string[], execute: Execute): Promise<number> {
    const { values } = parseArgs({ args: [...args], options: { grep: { type: "string" }, help: { type: "boolean", default: false } } });
    if (values.help) {
        process.stdout.write(help);
        return exitCodes.fine;
    }
    const cli = await obtainTool(pulumi, execute);
    const mocha = require.resolve("mocha/bin/mocha.js");
    const child = execa(process.execPath, [mocha, "--config", join(__dirname, "mocharc.yaml"), "--forbid-only", "--fail-zero", ...(values.grep === undefined ? [] : ["--grep", values.grep])], {
        cwd: join(__dirname, "..", ".."),
        stdio: "inherit",
        reject: false,
        // The engine's own client looks for it there.
        env: { PATH: `${dirname(cli)}:${process.env["PATH"] ?? ""}` },
    });
    const { exitCode } = await child;
    return exitCode === 0 ? exitCodes.fine : exitCodes.wrong;
}

runCommand({ run });
