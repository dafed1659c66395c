import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { manyClusters } from "./manyClusters";
import { type Run, measure, median } from "./measure";

/**
 * `npm run bench`: the plan against a bare import of the four SDK packages, side by side so that a
 * machine's mood meets both; then the plan of 1 to 50 clusters. Ratios carry over to other machines,
 * seconds do not.
 */

/** What is promised. */
const bars = { ratio: 2.5, megabytes: 350, millisecondsPerResource: 4, bend: 1.5 };

const project = join(__dirname, "..");
const start = join(project, "plan", "start.mjs");
const bareImport = ["pulumi", "aws", "gcp", "kubernetes"].map(name => `require("@pulumi/${name}")`).join(";");
const pairs = 7;
const sizes = [1, 5, 10, 20, 30, 40, 50];

function main(): void {
    const scratch = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
    try {
        const met = [againstImport(scratch), growth(scratch)].every(Boolean);
        process.exitCode = met ? 0 : 1;
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

function againstImport(scratch: string): boolean {
    const imported: Run[] = [];
    const planned: Run[] = [];
    for (let pair = 0; pair <= pairs; pair++) {
        const a = measure(["-e", bareImport], { cwd: project, scratch });
        const b = measure([start, "--out", join(scratch, "out")], { cwd: project, scratch });
        if (pair > 0) {
            // The first pair fills the file cache.
            imported.push(a);
            planned.push(b);
        }
        process.stderr.write(`\rplan against import: pair ${pair} of ${pairs}`);
    }
    process.stderr.write("\n");
    const ratio = median(planned.map(({ seconds }, index) => seconds / (imported[index]?.seconds ?? NaN)));
    const megabytes = Math.max(...planned.map(run => run.megabytes));
    console.log(`bare import of the SDK   median ${median(imported.map(run => run.seconds)).toFixed(2)} s`);
    console.log(`plan of prod             median ${median(planned.map(run => run.seconds)).toFixed(2)} s`);
    return [
        bar("ratio plan / import", ratio, bars.ratio, 2),
        bar("peak memory of the plan, MB", megabytes, bars.megabytes, 0),
    ].every(Boolean);
}

function growth(scratch: string): boolean {
    copyFileSync(join(project, "Pulumi.yaml"), join(scratch, "Pulumi.yaml"));
    const points = sizes.map(size => {
        const stack = `n${size}`;
        writeFileSync(join(scratch, `Pulumi.${stack}.yaml`), manyClusters(size));
        const runs = [0, 1, 2].map(() => measure([start, "--stack", stack], { cwd: scratch, scratch }));
        const resources = resourceCount(join(scratch, "out", stack, "plan.json"));
        const point = { resources, seconds: median(runs.map(run => run.seconds)), megabytes: median(runs.map(run => run.megabytes)) };
        console.log(
            `${String(size).padStart(2)} clusters  ${String(resources).padStart(5)} resources  ${point.seconds.toFixed(2)} s  ${point.megabytes.toFixed(0)} MB`,
        );
        return point;
    });
    const [first] = points;
    const middle = points[Math.floor(points.length / 2)];
    const last = points.at(-1);
    if (first === undefined || middle === undefined || last === undefined) {
        return false;
    }
    const slope = (a: typeof first, b: typeof first, of: "seconds" | "megabytes"): number => (b[of] - a[of]) / (b.resources - a.resources);
    return [
        bar("time for each resource more, ms", slope(first, last, "seconds") * 1000, bars.millisecondsPerResource, 2),
        // Linear, but for noise and a larger heap to clean: work in the square of the clusters would give 2.6.
        bar("bend of time (upper half / lower half)", slope(middle, last, "seconds") / slope(first, middle, "seconds"), bars.bend, 2),
        bar("bend of memory (upper half / lower half)", slope(middle, last, "megabytes") / slope(first, middle, "megabytes"), bars.bend, 2),
    ].every(Boolean);
}

function resourceCount(path: string): number {
    const { resources } = JSON.parse(readFileSync(path, "utf8")) as { resources: unknown[] };
    return resources.length;
}

function bar(name: string, value: number, limit: number, digits: number): boolean {
    const met = value <= limit;
    console.log(`${name}: ${value.toFixed(digits)} (at most ${limit}): ${met ? "met" : "MISSED"}`);
    return met;
}

main();
