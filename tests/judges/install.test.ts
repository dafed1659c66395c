// What this cannot prove: that Go and pip install anything; no test here has the network.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CommandMissing, type Execute, Interrupted, executor, inTurns } from "../../tools/execute";
import { type Recipe, Unobtainable, installed } from "../../tools/cache";
import { obtainTools } from "../../judges/tools";
import { versions } from "../../judges/versions";

function quiet(): void {
    // Says nothing.
}

describe("the judges' cache", () => {
    let cache = "";
    let made = 0;
    const recipe: Recipe = {
        name: "tool",
        version: "v1",
        from: "a test",
        proof: "tool",
        make: folder => {
            made++;
            writeFileSync(join(folder, "tool"), "whole");
            return Promise.resolve();
        },
    };

    beforeEach(() => {
        cache = join(mkdtempSync(join(tmpdir(), "holdfast-cache-")), "judges");
        made = 0;
    });
    afterEach(() => {
        rmSync(join(cache, ".."), { recursive: true, force: true });
    });

    it("installs once, under name and version, and says so before and after", async () => {
        const said: string[] = [];
        const folder = await installed(cache, recipe, line => said.push(line));
        assert.equal(folder, join(cache, "tool-v1"));
        assert.equal(await installed(cache, recipe, line => said.push(line)), folder);
        assert.equal(made, 1);
        assert.equal(said.length, 2);
        assert.equal(said[0], "installing tool v1 from a test …");
        assert.match(said[1] ?? "", /^installing tool v1 from a test: done in \d+\.\d s$/);
    });

    it("keeps nothing of an install that fails halfway, and tries again", async () => {
        const halfway = { ...recipe, make: (folder: string) => recipe.make(folder).then(() => Promise.reject(new Error("cut"))) };
        await assert.rejects(installed(cache, halfway, quiet), /cut/);
        assert.deepEqual(readdirSync(cache), []);
        await installed(cache, recipe, quiet);
        assert.equal(made, 2);
    });

    it("does not take an install for whole that made something else", async () => {
        await assert.rejects(installed(cache, { ...recipe, proof: "bin/tool" }, quiet), Unobtainable);
        assert.deepEqual(readdirSync(cache), []);
    });

    it("replaces a folder that lacks what it is for", async () => {
        mkdirSync(join(cache, "tool-v1"), { recursive: true });
        writeFileSync(join(cache, "tool-v1", "rest"), "");
        const folder = await installed(cache, recipe, quiet);
        assert.deepEqual(readdirSync(folder), ["tool"]);
    });

    it("takes what another run put there first", async () => {
        const raced = {
            ...recipe,
            make: async (folder: string) => {
                await recipe.make(folder);
                await installed(cache, recipe, quiet);
            },
        };
        const folder = await installed(cache, raced, quiet);
        assert.equal(readFileSync(join(folder, "tool"), "utf8"), "whole");
        assert.deepEqual(readdirSync(cache), ["tool-v1"]);
    });

    it("clears away what was abandoned, and leaves what may be in the making", async () => {
        for (const [name, daysAgo] of [["tool-v1.part-old", 2], ["tool-v1.part-new", 0], ["other-v1.part-old", 2]] as const) {
            mkdirSync(join(cache, name), { recursive: true });
            const time = Date.now() / 1000 - daysAgo * 86_400;
            utimesSync(join(cache, name), time, time);
        }
        await installed(cache, recipe, quiet);
        assert.deepEqual(readdirSync(cache).sort(), ["other-v1.part-old", "tool-v1", "tool-v1.part-new"]);
    });

    it("says what to do where it can't be written to", async () => {
        mkdirSync(join(cache, ".."), { recursive: true });
        writeFileSync(cache, "a file");
        await assert.rejects(installed(cache, recipe, quiet), /can't be written to .*HOLDFAST_CACHE/);
    });

    it("says everything that is missing at once, each with its cure", async () => {
        const nothing: Execute = ({ command }) => Promise.reject(new CommandMissing(`${command} is not installed, or not on the PATH`));
        await assert.rejects(obtainTools(cache, tmpdir(), nothing, quiet), (error: unknown) => {
            assert.ok(error instanceof Unobtainable);
            assert.deepEqual(error.message.split("\n"), [
                "not all judges can be had, so nothing was judged:",
                `  kube-score ${versions.kubeScore}, kubeconform ${versions.kubeconform}, kubernetes-api v${versions.kubernetes}: ` +
                    "go is not installed, or not on the PATH; get Go 1.21 or later from https://go.dev/dl",
                `  checkov ${versions.checkov}: python3 is not installed, or not on the PATH; ` +
                    "get Python 3.9 or later from https://www.python.org/downloads",
            ]);
            return true;
        });
        assert.deepEqual(readdirSync(cache), []);
    });

    it("shows what an installer said where it fails", async () => {
        const offline: Execute = () => Promise.resolve({ code: 1, stdout: "", stderr: "go: downloading\n\ndial tcp: network is unreachable\n" });
        await assert.rejects(
            obtainTools(cache, tmpdir(), offline, quiet),
            /it needs the network[^\n]*It said:\n {6}go: downloading\n {6}dial tcp: network is unreachable\n/,
        );
    });

    it("installs the pinned versions, with Go's binaries in place before they count", async () => {
        const calls: string[] = [];
        const module = join(cache, "..", "module");
        mkdirSync(join(module, "api", "openapi-spec"), { recursive: true });
        writeFileSync(join(module, "api", "openapi-spec", "swagger.json"), "{}");
        const fake: Execute = ({ command, args, env }) => {
            calls.push([command.replace(/.*\/(?=bin)/, ""), ...args.map(arg => arg.replace(/.*\/(?=checkov-)/, ""))].join(" "));
            const bin = env["GOBIN"];
            if (bin !== undefined && args[0] === "install") {
                writeFileSync(join(bin, (args[1] ?? "").replace(/.*\/|@.*/g, "")), "");
            }
            if (command === "python3") {
                mkdirSync(join(args[2] ?? "", "bin"));
                writeFileSync(join(args[2] ?? "", "bin", "python"), "");
            }
            return Promise.resolve({ code: 0, stdout: JSON.stringify({ Dir: module }), stderr: "" });
        };
        const tools = await obtainTools(cache, tmpdir(), fake, quiet);
        for (const path of Object.values(tools) as string[]) {
            assert.ok(existsSync(path), path);
        }
        assert.deepEqual(calls.map(call => call.replace(/\.part-\w+/, ".part")).sort(), [
            `bin/python -m pip install --quiet --no-input --disable-pip-version-check checkov==${versions.checkov}`,
            `go install github.com/yannh/kubeconform/cmd/kubeconform@${versions.kubeconform}`,
            `go install github.com/zegl/kube-score/cmd/kube-score@${versions.kubeScore}`,
            `go mod download -json k8s.io/kubernetes@v${versions.kubernetes}`,
            `python3 -m venv checkov-${versions.checkov}.part`,
        ]);
    });
});

describe("a program that is run", () => {
    const shell = (script: string, cwd = tmpdir()): Parameters<Execute>[0] => ({ command: "sh", args: ["-c", script], cwd, env: process.env });

    it("hands back its code and what it said", async () => {
        const outcome = await executor(new AbortController().signal)(shell("echo 1; echo 2 >&2; exit 3"));
        assert.deepEqual(outcome, { code: 3, stdout: "1\n", stderr: "2\n" });
    });

    it("that is missing is told apart", async () => {
        const execute = executor(new AbortController().signal);
        await assert.rejects(execute({ command: "no-such-program", args: [], cwd: tmpdir(), env: {} }), CommandMissing);
    });

    it("ends with its children when the user wants an end, before that is reported", async () => {
        const folder = mkdtempSync(join(tmpdir(), "holdfast-group-"));
        try {
            const stop = new AbortController();
            // The shell heeds the signal only once its child is gone, so the child must have had it too.
            const running = executor(stop.signal)(shell("trap 'echo > ended' INT; sh -c 'echo > ready; exec sleep 60'", folder));
            while (!existsSync(join(folder, "ready"))) {
                await new Promise(done => setTimeout(done, 5));
            }
            const started = performance.now();
            stop.abort(new Interrupted("SIGTERM"));
            await assert.rejects(running, Interrupted);
            assert.ok(performance.now() - started < 2500, "it had to be killed");
            assert.ok(existsSync(join(folder, "ended")));
            await assert.rejects(executor(stop.signal)(shell("echo > again", folder)), Interrupted);
            assert.equal(existsSync(join(folder, "again")), false);
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    });
});

describe("tasks in turns", () => {
    it("are as many at a time as said, and keep their order", async () => {
        let running = 0;
        let most = 0;
        const task = (value: number) => async (): Promise<number> => {
            most = Math.max(most, ++running);
            await new Promise(done => setImmediate(done));
            running--;
            return value;
        };
        assert.deepEqual(await inTurns([1, 2, 3, 4, 5].map(task), 2), [1, 2, 3, 4, 5]);
        assert.equal(most, 2);
    });

    it("fail with the first failure, once nothing runs any more, and begin no other", async () => {
        let ended = 0;
        const slow = (): Promise<unknown> => new Promise(done => setTimeout(done, 20)).then(() => ended++);
        await assert.rejects(inTurns<unknown>([() => Promise.reject(new Error("first")), slow, slow, slow], 2), /first/);
        assert.equal(ended, 1);
    });
});
