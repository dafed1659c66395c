import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What one run of a process took. */
export interface Run {
    readonly seconds: number;
    readonly megabytes: number;
}

/** Runs Node with the given arguments and measures the whole process. Throws where it fails. */
export function measure(args: readonly string[], options: { readonly cwd: string; readonly scratch: string }): Run {
    const report = join(options.scratch, "rss");
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ["--require", join(__dirname, "peakMemory.cjs"), ...args], {
        cwd: options.cwd,
        env: { ...process.env, HOLDFAST_BENCH_RSS: report },
        stdio: ["ignore", "ignore", "pipe"],
    });
    const seconds = (performance.now() - started) / 1000;
    if (status !== 0) {
        throw new Error(`node ${args.join(" ")} ended with ${String(status)}: ${stderr.toString()}`);
    }
    return { seconds, megabytes: Number(readFileSync(report, "utf8")) / 1024 };
}

/** The middle value. */
export function median(values: readonly number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
