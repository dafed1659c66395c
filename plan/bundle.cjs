// Compiles TypeScript to one file. A loader would do the same at each import, and takes half a second
// more: as much again as Pulumi's SDK takes to load.
const { renameSync } = require("node:fs");
const { join } = require("node:path");

const { buildSync } = require("esbuild");

/** Compiles an entry point and all it imports of the project. Returns the path of the file, which is kept under `name`. */
exports.bundle = function bundle(entryPoint, name) {
    const outfile = join(__dirname, "..", "node_modules", ".cache", "holdfast", `${name}.cjs`);
    // Written beside and then moved there: whoever runs at the same time never reads half a file.
    const beside = `${outfile}.${process.pid}`;
    buildSync({
        entryPoints: [entryPoint],
        outfile: beside,
        bundle: true,
        packages: "external",
        platform: "node",
        format: "cjs",
        target: "node20",
        logLevel: "warning",
    });
    renameSync(beside, outfile);
    return outfile;
};
