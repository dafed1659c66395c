// `npm test`: types and lint in one pass, beside the unit tests, which leave a core idle now and then. What each
// printed is shown whole, the tests last; the exit code is 0 only if both passed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";

import { requireNode } from "../plan/node.mjs";

requireNode();

const steps = [
    { name: "types and lint", command: ["oxlint"] },
    { name: "unit tests", command: ["mocha", "--forbid-only"] },
];

/** The steps that run. */
const running = new Set();

/**
 * What stopped them: the first counts.
 * @type {NodeJS.Signals[]}
 */
const stops = [];

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
        stops.push(signal);
        running.forEach(child => endGroup(child, signal));
    });
}

/** Ends a step and all that it started: linter and test runner have children of their own. */
function endGroup(child, signal) {
    try {
        process.kill(-child.pid, signal);
    } catch {
        // Gone already.
    }
}

/** Runs a step, as the leader of a process group of its own, and collects what it prints. */
async function run({ name, command: [program, ...args] }) {
    const started = performance.now();
    const child = spawn(program, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
    running.add(child);
    const printed = [];
    child.stdout.on("data", chunk => printed.push(chunk));
    child.stderr.on("data", chunk => printed.push(chunk));
    const [code] = await once(child, "close");
    running.delete(child);
    return { name, code, seconds: (performance.now() - started) / 1000, text: Buffer.concat(printed).toString() };
}

for (const result of steps.map(run)) {
    const { name, code, seconds, text } = await result;
    const [stopped] = stops;
    const outcome = stopped === undefined ? (code === 0 ? "passed" : "FAILED") : `stopped by ${stopped}`;
    process.stdout.write(`== ${name}: ${outcome} in ${seconds.toFixed(0)} s\n${text}`);
    if (stopped !== undefined) {
        // As a shell would report it.
        process.exitCode = 128 + constants.signals[stopped];
    } else if (code !== 0) {
        process.exitCode = 1;
    }
}
