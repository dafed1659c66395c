import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { exitCodes, obtainTool, runCommand } from "../tools/command";
import type { Execute } from "../tools/execute";
import { cases } from "./cases";
import { writeFiles } from "./files";
import { promtool } from "./promtool";

const help = `Has Prometheus' own promtool read the alerts and the dashboard's queries, and try the alerts on made-up measurements.

  npm run alerts

Each case of alerts/*Cases.ts is a course of measurements, such as the loss of a zone, and what must fire at which time, to the word.

Options
  --help   this text

Environment
  HOLDFAST_PROMTOOL  a promtool, instead of one built from the Go module that tools/prometheus pins
  HOLDFAST_CACHE     where promtool is kept, in tools/ (default: holdfast/ in XDG_CACHE_HOME, or else in ~/.cache)

Exit code 0 where all cases go as they should; 1 where one does not, or a rule can't be read; 2 where promtool can't be had.
`;

/** Runs the command. Resolves to its exit code. */
async function run(args: readonly string[], execute: Execute): Promise<number> {
    const { values } = parseArgs({ args: [...args], options: { help: { type: "boolean", default: false } } });
    if (values.help) {
        process.stdout.write(help);
        return exitCodes.fine;
    }
    const scratch = mkdtempSync(join(tmpdir(), "holdfast-alerts-"));
    try {
        const command = await obtainTool(promtool, execute);
        const files = writeFiles(scratch);
        const outcomes = [];
        for (const words of [["check", "rules", ...new Set(files.map(({ rules }) => rules))], ["test", "rules", ...files.map(({ tests }) => tests)]]) {
            outcomes.push(await execute({ command, args: words, cwd: scratch, env: process.env }));
        }
        const failed = outcomes.filter(({ code }) => code !== 0);
        process.stdout.write(failed.length === 0 ? `${cases.length} cases went as they should\n` : failed.map(({ stdout, stderr }) => `${stdout}${stderr}`).join(""));
        return failed.length === 0 ? exitCodes.fine : exitCodes.wrong;
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

runCommand({ run });
