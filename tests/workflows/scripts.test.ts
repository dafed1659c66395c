// The scripts of the workflows, run by bash as GitHub runs them, with stand-ins for `npx`, `npm` and `gh`. They can't prove what the real ones
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

    describe("before an update", () => {
        const guard = (exported: string, code = 0): Promise<Outcome & { readonly asked: readonly string[] }> => {
            const state = join(scratch, "state.json");
            // It writes the state where it is told to.
            const does = `for last; do :; done; printf '%s' '${exported}' > "$last"; exit ${code}`;
            return runScript(script("stack.yml run", "stack export"), { name: "npx", does }, { STACK: "acme/holdfast/prod-east", NAME: "prod-east", STATE: state });
        };

        it("comes a look for what an interrupted one left under way", () => {
            const scripts = stepsOf(readWorkflows()).flatMap(({ place, step }) => (place === "stack.yml run" && step.if === "inputs.command == 'up'" ? [step.run ?? ""] : []));
            assert.deepEqual(scripts.map(text => /^npx pulumi (stack export|up)/.exec(text)?.[1]), ["stack export", "up"]);
        });

        for (const exported of ['{"version":3,"deployment":{"resources":[],"pending_operations":[]}}', '{"version":3,"deployment":{"resources":[]}}', '{"version":3}']) {
            it(`goes on from ${exported}, and leaves no state behind`, async () => {
                const { code, asked, stderr } = await guard(exported);
                assert.equal(code, 0, stderr);
                assert.deepEqual(asked, [`pulumi stack export --non-interactive --stack acme/holdfast/prod-east --file ${join(scratch, "state.json")}`]);
                assert.equal(existsSync(join(scratch, "state.json")), false);
            });
        }

        it("ends where something is under way, and says what to do", async () => {
            const { code, stdout } = await guard('{"version":3,"deployment":{"pending_operations":[{"type":"creating"},{"type":"creating"}]}}');
            assert.deepEqual([code, stdout], [1, "::error::An update of prod-east was interrupted with 2 operations under way: npm run recover -- --stack prod-east, see README\n"]);
        });

        it("ends where the state can't be had, or read", async () => {
            const { code, stdout } = await guard("{", 0);
            assert.deepEqual([code, stdout], [1, ""]);
        });

        it("ends as Pulumi does", async () => {
            const { code, stdout } = await guard('{"version":3}', 6);
            assert.deepEqual([code, stdout], [6, ""]);
        });
    });

    describe("planning a pull request", () => {
        const plan = async (danger: string): Promise<string> => (await runScript(script("preview.yml plan", "--base"), { name: "npm", does: "" }, { STACK: "prod", DANGER: danger, GITHUB_STEP_SUMMARY: "summary" })).asked.join();
        const [chosen = ""] = stepsOf(readWorkflows()).flatMap(({ place, step }) => (place === "preview.yml plan" ? (step.env?.["DANGER"] ?? []) : []));

        it("fails on a danger, unless a label accepts it", async () => {
            // In an expression '' counts as false: what is chosen where the condition holds must be the option.
            const label = /^\$\{\{ !contains\(github\.event\.pull_request\.labels\.\*\.name, '([\w-]+)'\) && '(--[\w-]+)' \|\| '' \}\}$/.exec(chosen);
            assert.deepEqual(label?.slice(1), ["accepts-danger", "--fail-on-danger"]);
            assert.equal(await plan("--fail-on-danger"), "start -- --stack prod --base HEAD^1 --summary summary --fail-on-danger");
        });

        it("hands on no empty word where one does", async () => {
            assert.equal(await plan(""), "start -- --stack prod --base HEAD^1 --summary summary");
        });

        it("starts again where a label comes or goes: a run that is only repeated still has the labels of its event", () => {
            const types = readWorkflows().find(({ file }) => file === "preview.yml")?.on["pull_request"]?.types ?? [];
            assert.deepEqual(types, ["opened", "synchronize", "reopened", "labeled", "unlabeled"]);
        });
    });

    describe("trying main", () => {
        const tryMain = (does: string): Promise<Outcome & { readonly asked: readonly string[] }> => runScript(script("deploy.yml test", "for stack"), { name: "npm", does }, { STACKS: "prod-east prod-global" });

        it("plans each stack that would be deployed", async () => {
            const { code, asked } = await tryMain("");
            assert.deepEqual([code, asked], [0, ["start -- --stack prod-east", "start -- --stack prod-global"]]);
        });

        it("ends at one that can't be planned", async () => {
            const { code, asked } = await tryMain("exit 1");
            assert.deepEqual([code, asked.length], [1, 1]);
        });
    });

    describe("looking for drift", () => {
        const look = async (code: number): Promise<Outcome & { readonly asked: readonly string[]; readonly kept: (file: string) => string | undefined }> => {
            const env = { STACK: "acme/holdfast/prod-east", NAME: "prod-east" };
            const outcome = await runScript(script("stack.yml run", "refresh"), { name: "npx", does: `echo "~ a bucket"; exit ${code}` }, env);
            const kept = (file: string): string | undefined => (existsSync(join(scratch, file)) ? readFileSync(join(scratch, file), "utf8") : undefined);
            return { ...outcome, kept };
        };

        for (const [code, file, other] of [[0, "same-prod-east.txt", "drift-prod-east.txt"], [7, "drift-prod-east.txt", "same-prod-east.txt"]] as const) {
            it(`hands in ${file} where Pulumi ends with ${code}, and shows what Pulumi said`, async () => {
                const outcome = await look(code);
                assert.deepEqual([outcome.code, outcome.kept(file), outcome.kept(other), outcome.stdout], [0, "~ a bucket\n", undefined, "~ a bucket\n"]);
                assert.match(outcome.asked.join(), /^pulumi refresh --preview-only --expect-no-changes .*--stack acme\/holdfast\/prod-east$/);
            });
        }

        it("fails as Pulumi does for anything else, so that nothing is handed in", async () => {
            assert.equal((await look(3)).code, 3);
            const [upload] = stepsOf(readWorkflows()).flatMap(({ place, step }) => (place === "stack.yml run" && step.uses?.startsWith("actions/upload-artifact@") === true ? [step] : []));
            // Without a function of its own, a condition means success() too.
            assert.deepEqual([upload?.if, upload?.with?.["path"], upload?.with?.["if-no-files-found"]], ["inputs.command == 'drift'", "drift-${{ inputs.stack }}.txt\nsame-${{ inputs.stack }}.txt\n", "error"]);
        });
    });

    describe("reporting drift", () => {
        const urn = "urn:pulumi:prod-east::holdfast::aws:s3/bucket:Bucket::logs";
        const says = `  pulumi:pulumi:Stack: (same)\n    [urn=urn:pulumi:prod-east::holdfast::pulumi:pulumi:Stack::holdfast-prod-east]\n    ~ aws:s3/bucket:Bucket: (update)\n        [urn=${urn}]\n`;
        /** What each stack handed in, by stack; stacks that are not named handed in nothing. */
        type Handed = Readonly<Partial<Record<"prod-east" | "prod-central", "drift" | "same">>>;
        const report = (handed: Handed, issue = "", before = ""): Promise<Outcome & { readonly asked: readonly string[] }> => {
            rmSync(join(scratch, "found"), { recursive: true, force: true });
            rmSync(join(scratch, "bin"), { recursive: true, force: true });
            rmSync(join(scratch, "asked"), { force: true });
            mkdirSync(join(scratch, "found"));
            Object.entries(handed).forEach(([stack, kind]) => {
                writeFileSync(join(scratch, "found", `${kind}-${stack}.txt`), says);
            });
            writeFileSync(join(scratch, "before"), before);
            const does = `case "$2" in list) echo "${issue}" ;; view) cat "${join(scratch, "before")}" ;; esac`;
            return runScript(script("drift.yml report", "gh issue"), { name: "gh", does }, { RUN: "https://example.com/run", STACKS: "prod-east prod-central", TITLE: "Drift" });
        };
        const body = (): string => readFileSync(join(scratch, "body.md"), "utf8");
        const edit = "issue edit 12 --body-file body.md";

        it("opens an issue that names the stacks and what has drifted in them", async () => {
            const { code, asked, stderr } = await report({ "prod-east": "drift", "prod-central": "same" });
            assert.equal(code, 0, stderr);
            assert.deepEqual(asked.slice(1), ["issue create --title Drift --body-file body.md"]);
            assert.ok(body().includes(`\n- prod-east\n  - \`${urn}\`\n\n`), body());
            assert.match(body(), /\(https:\/\/example\.com\/run\)/);
            assert.doesNotMatch(body(), /prod-central|pulumi:pulumi:Stack|looked at/);
        });

        it("edits the issue that is open, and says nothing where it lists the same", async () => {
            await report({ "prod-east": "drift", "prod-central": "same" });
            const { code, asked } = await report({ "prod-east": "drift", "prod-central": "same" }, "12", body());
            assert.deepEqual([code, asked.slice(2)], [0, [edit]]);
        });

        it("says so where it lists something else", async () => {
            await report({ "prod-east": "drift", "prod-central": "same" });
            const { code, asked } = await report({ "prod-east": "drift", "prod-central": "drift" }, "12", body());
            assert.deepEqual([code, asked.slice(2)], [0, [edit, "issue comment 12 --body [It is no longer the same](https://example.com/run): see above."]]);
        });

        it("names the stacks that nobody could look at, and is red", async () => {
            const { code, asked } = await report({ "prod-east": "same" });
            assert.deepEqual([code, asked.slice(1)], [1, ["issue create --title Drift --body-file body.md"]]);
            assert.match(body(), /^Could not be looked at, [^]*\n- prod-central\n/);
            assert.doesNotMatch(body(), /prod-east|pulumi refresh/);
        });

        it("names both kinds, and is red", async () => {
            const { code } = await report({ "prod-east": "drift" });
            assert.equal(code, 1);
            assert.match(body(), /^Not as the state says[^]*\n- prod-east\n[^]*Could not be looked at[^]*\n- prod-central\n/);
        });

        it("closes it once every stack was looked at and none has drifted", async () => {
            const { code, asked } = await report({ "prod-east": "same", "prod-central": "same" }, "12");
            assert.deepEqual([code, asked.slice(1)], [0, ["issue close 12 --comment [All is as the state says](https://example.com/run)."]]);
        });

        it("does nothing where nothing has drifted and no issue is open", async () => {
            const { code, asked } = await report({ "prod-east": "same", "prod-central": "same" });
            assert.deepEqual([code, asked.length], [0, 1]);
        });
    });
});
