// The scripts of the drift workflow, run by bash as GitHub runs them, with stand-ins for `npx` and `gh`. They can't prove what the real ones
// answer: that Pulumi ends with 7 for changes that were not expected is from its source (pkg/cmd/pulumi/cmd/exit_codes.go).
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import type { Outcome } from "../../tools/execute";
import { run } from "../examples/packed";
import { readWorkflows, stepsOf } from "./read";

/** The one script of a job that has a text in it. */
function script(place: string, text: string): string {
    const found = stepsOf(readWorkflows()).flatMap(({ place: job, step }) => (job === place && step.run?.includes(text) === true ? [step.run] : []));
    const [only] = found;
    assert.ok(only !== undefined && found.length === 1, `${place}: ${found.length} scripts with ${text}`);
    return only;
}

describe("the scripts of the workflows", () => {
    let scratch: string;
    beforeEach(() => {
        scratch = mkdtempSync(join(tmpdir(), "holdfast-workflows-"));
    });
    afterEach(() => {
        rmSync(scratch, { recursive: true, force: true });
    });

    /** Runs a script where a program is a stand-in that notes its words in the file "asked". */
    async function runScript(text: string, program: { readonly name: string; readonly does: string }, env: Readonly<Record<string, string>>): Promise<Outcome & { readonly asked: readonly string[] }> {
        const bin = join(scratch, "bin");
        mkdirSync(bin);
        const path = join(bin, program.name);
        writeFileSync(path, `#!/bin/sh\necho "$*" >> "${join(scratch, "asked")}"\n${program.does}\n`);
        chmodSync(path, 0o755);
        // What GitHub runs a script by where no shell is named: docs.github.com/actions/reference/workflow-syntax-for-github-actions, steps[*].shell.
        const outcome = await run("bash", ["-e", "-c", text], { cwd: scratch, env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`, ...env } });
        const asked = join(scratch, "asked");
        return { ...outcome, asked: existsSync(asked) ? readFileSync(asked, "utf8").trim().split("\n") : [] };
    }

    describe("looking for drift", () => {
        const look = async (code: number): Promise<Outcome & { readonly asked: readonly string[]; readonly says: string; readonly kept: string }> => {
            const output = join(scratch, "output");
            writeFileSync(output, "");
            const env = { STACK: "acme/holdfast/prod-east", FILE: "drift-prod-east.txt", GITHUB_OUTPUT: output };
            const outcome = await runScript(script("stack.yml run", "refresh"), { name: "npx", does: `echo "~ a bucket"; exit ${code}` }, env);
            return { ...outcome, says: readFileSync(output, "utf8").trim(), kept: readFileSync(join(scratch, "drift-prod-east.txt"), "utf8") };
        };

        for (const [code, says] of [[0, "found=false"], [7, "found=true"]] as const) {
            it(`says ${says} where Pulumi ends with ${code}, and shows what Pulumi said`, async () => {
                const outcome = await look(code);
                assert.deepEqual([outcome.code, outcome.says, outcome.kept, outcome.stdout], [0, says, "~ a bucket\n", "~ a bucket\n"]);
                assert.match(outcome.asked.join(), /^pulumi refresh --preview-only --expect-no-changes .*--stack acme\/holdfast\/prod-east$/);
            });
        }

        it("fails as Pulumi does for anything else, and takes it for no drift", async () => {
            const outcome = await look(3);
            assert.deepEqual([outcome.code, outcome.says], [3, ""]);
        });
    });

    describe("reporting drift", () => {
        const report = (found: readonly string[], issue: string, result = "success"): Promise<Outcome & { readonly asked: readonly string[] }> => {
            mkdirSync(join(scratch, "found"));
            found.forEach(stack => {
                writeFileSync(join(scratch, "found", `drift-${stack}.txt`), "~ a bucket");
            });
            return runScript(script("drift.yml report", "gh issue"), { name: "gh", does: `[ "$2" = list ] && echo "${issue}" || true` }, { RUN: "https://example.com/run", RESULT: result, TITLE: "Drift" });
        };
        const body = (): string => readFileSync(join(scratch, "body.md"), "utf8");

        it("opens an issue that names the stacks", async () => {
            const { code, asked, stderr } = await report(["prod-central", "prod-east"], "");
            assert.equal(code, 0, stderr);
            assert.deepEqual(asked.slice(1), ["issue create --title Drift --body-file body.md"]);
            assert.match(body(), /\(https:\/\/example\.com\/run\)[^]*\n- prod-central\n- prod-east\n/);
        });

        it("adds to the issue that is open", async () => {
            const { asked } = await report(["prod-east"], "12");
            assert.deepEqual(asked.slice(1), ["issue comment 12 --body-file body.md"]);
            assert.match(body(), /\n- prod-east\n/);
        });

        it("closes it once every stack was looked at and none has drifted", async () => {
            const { asked } = await report([], "12");
            assert.deepEqual(asked.slice(1), ["issue close 12 --comment [No drift any more](https://example.com/run)."]);
        });

        it("leaves it where a stack could not be looked at, and opens none", async () => {
            assert.deepEqual((await report([], "12", "failure")).asked.length, 1);
        });

        it("does nothing where nothing has drifted and no issue is open", async () => {
            const { code, asked } = await report([], "");
            assert.deepEqual([code, asked.length], [0, 1]);
        });
    });
});
