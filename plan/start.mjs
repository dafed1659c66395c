// Compiles the plan to one file and runs that. A TypeScript loader would do the same at each import, and
// takes half a second more: as much again as Pulumi's SDK takes to load.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";

const outfile = fileURLToPath(new URL("../node_modules/.cache/holdfast/plan.cjs", import.meta.url));
buildSync({
    entryPoints: [fileURLToPath(new URL("main.ts", import.meta.url))],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "warning",
});
createRequire(import.meta.url)(outfile);
