// A drill in a process of its own, for tests to interrupt or kill. It says its child's process id, then works on.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withRun } from "../../drill/process/run";

const [parent = "", keepLogs = ""] = process.argv.slice(2);

withRun({ parent, keepLogs, say: line => process.stderr.write(`${line}\n`) }, async ({ folder, children, signal }) => {
    // The folder is in the command, as it is in those of all components: by it a later run knows what was left.
    const args = ["-c", `: ${folder}; while :; do sleep 1; done`];
    const child = await children.start({ name: "loop", command: "sh", args, cwd: folder, env: process.env, logFile: join(folder, "loop.log") });
    process.stdout.write(`${child.pid} ${folder}\n`);
    await sleep(60_000, undefined, { signal });
}).catch((error: unknown) => {
    process.stdout.write(error instanceof Error ? error.message : String(error));
    process.exitCode = 3;
});
