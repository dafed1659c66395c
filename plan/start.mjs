// Compiles the plan to one file and runs that. A TypeScript loader would do the same at each import, and
// takes half a second more: as much again as Pulumi's SDK takes to load.
import { renameSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";

import { requireNode } from "./node.mjs";

requireNode();

const outfile = fileURLToPath(new URL("../node_modules/.cache/holdfast/plan.cjs", import.meta.url));
// Written beside and then moved there: a plan that runs at the same time never reads half a file.
const beside = `${outfile}.${process.pid}`;
buildSync({
    entryPoints: [fileURLToPath(new URL("main.ts", import.meta.url))],
    outfile: beside,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "warning",
});
renameSync(beside, outfile);
createRequire(import.meta.url)(outfile);
