// `npm test`: types and lint in one pass, then the unit tests on two cores. What each printed is shown whole,
// the tests last; the exit code is 0 only if both passed.
import { spawn } from "node:child_process";
import { once } from "node:events";

import { requireNode } from "../plan/node.mjs";

requireNode();

const steps = [
    { name: "types and lint", command: ["oxlint"] },
    { name: "unit tests", command: ["mocha", "--forbid-only"] },
];

/** Runs a step and collects what it prints. An interrupt from a terminal reaches it by itself; a signal to us is handed on. */
async function run({ name, command: [program, ...args] }) {
    const started = performance.now();
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
    process.once("SIGTERM", () => child.kill());
    const printed = [];
    child.stdout.on("data", chunk => printed.push(chunk));
    child.stderr.on("data", chunk => printed.push(chunk));
    const [code] = await once(child, "close");
    return { name, code, seconds: (performance.now() - started) / 1000, text: Buffer.concat(printed).toString() };
}

for (const step of steps) {
    const { name, code, seconds, text } = await run(step);
    process.stdout.write(`== ${name}: ${code === 0 ? "passed" : "FAILED"} in ${seconds.toFixed(0)} s\n${text}`);
    if (code !== 0) {
        process.exitCode = 1;
    }
}
