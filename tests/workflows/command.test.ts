// The command, with stand-ins for actionlint: what the real one finds is not here, but in `npm run workflows` itself.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Outcome } from "../../tools/execute";
import { programRecipe } from "../../tools/goProgram";
import { actionlint } from "../../workflows/actionlint";
import { run } from "../examples/packed";
import { projectDirectory } from "../support/plan";

describe("npm run workflows", () => {
    let scratch: string;
    before(() => {
        scratch = mkdtempSync(join(tmpdir(), "holdfast-actionlint-"));
    });
    after(() => {
        rmSync(scratch, { recursive: true, force: true });
    });

    const lint = (actionlintPath: string): Promise<Outcome> =>
        run(process.execPath, ["--require", "tsx/cjs", join("workflows", "main.ts")], { cwd: projectDirectory, env: { ...process.env, HOLDFAST_ACTIONLINT: actionlintPath } });
    const standIn = (does: string): string => {
        const path = join(scratch, "actionlint");
        writeFileSync(path, `#!/bin/sh\n${does}\n`);
        chmodSync(path, 0o755);
        return path;
    };

    it("hands every workflow to actionlint, and is content where that is", async () => {
        const { code, stdout } = await lint(standIn(`echo "$*" > "${join(scratch, "asked")}"; for each in deploy drift drill preview stack; do case "$*" in *".github/workflows/$each.yml"*) ;; *) exit 1 ;; esac; done`));
        assert.deepEqual([code, stdout], [0, "5 workflows are sound\n"]);
    });

    it("ends with 1 and what actionlint says where that finds something", async () => {
        const { code, stdout } = await lint(standIn('echo "drift.yml:1:1: no"; exit 1'));
        assert.deepEqual([code, stdout], [1, "drift.yml:1:1: no\n"]);
    });

    it("ends with 2 and a way out where there is none", async () => {
        const { code, stderr } = await lint(join(scratch, "nowhere"));
        assert.equal(code, 2);
        assert.match(stderr, /HOLDFAST_ACTIONLINT names .*nowhere, which is no program; name an actionlint of version 1\.7/);
    });

    it("has actionlint built in the version that tools/ pins", () => {
        const { name, version } = programRecipe(actionlint, () => Promise.reject(new Error("nothing is built here")));
        assert.match(`${name} ${version}`, /^actionlint v1\.7\.\d+-/);
    });
});
