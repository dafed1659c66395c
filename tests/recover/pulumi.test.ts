// What this can't prove: that the CLI says these things: they were copied from v3.246.0, and tests/recover/recover.test.ts hears them from it.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";

import { Locked, PulumiError, type PulumiStack, byClient, exportState, holderOf, importState, livingHolders, runPulumi } from "../../recover/pulumi";
import { StateError, revealed, sealedLike } from "../../recover/state";
import type { Command, Outcome } from "../../tools/execute";

/** A stack whose CLI does what a test says. */
function stackWhere(answer: (command: Command) => Partial<Outcome>): PulumiStack {
    return {
        name: "prod",
        directory: "/project",
        command: "pulumi",
        env: { PULUMI_BACKEND_URL: "file:///state" },
        execute: command => Promise.resolve({ code: 0, stdout: "", stderr: "", ...answer(command) }),
    };
}

const locked =
    "error: could not import deployment: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n";

describe("Pulumi's CLI", () => {
    it("is run on the stack, in its folder, with its environment, and can ask nobody", async () => {
        const commands: Command[] = [];
        await runPulumi(stackWhere(command => (commands.push(command), {})), ["cancel", "--yes"]);
        assert.deepEqual(commands, [
            {
                command: "pulumi",
                args: ["cancel", "--yes", "--stack", "prod", "--non-interactive"],
                cwd: "/project",
                env: { PULUMI_BACKEND_URL: "file:///state", PULUMI_SKIP_UPDATE_CHECK: "true" },
            },
        ]);
    });

    it("fails with what it said", async () => {
        const failing = stackWhere(() => ({ code: 255, stderr: "error: no stack named 'prod' found\n" }));
        await assert.rejects(exportState(failing), error => error instanceof PulumiError && !(error instanceof Locked) && /pulumi stack export failed:\n {6}error: no stack named 'prod' found/.test(error.message));
    });

    it("tells a lock from other failures, wherever state is kept", async () => {
        for (const stderr of [locked, "error: [409] Conflict: Another update is currently in progress.\n"]) {
            await assert.rejects(runPulumi(stackWhere(() => ({ code: 255, stderr })), ["stack", "import"]), Locked);
        }
    });

    it("gives a state to import in a file that nobody else can read, and that is gone afterwards", async () => {
        const seen: { path: string; mode: number; folder: number; text: string }[] = [];
        const stack = stackWhere(({ args }) => {
            const path = args[args.indexOf("--file") + 1] ?? "";
            seen.push({ path, mode: statSync(path).mode & 0o777, folder: statSync(dirname(path)).mode & 0o777, text: readFileSync(path, "utf8") });
            return {};
        });
        await importState(stack, { version: 3, deployment: { resources: [] } });
        assert.deepEqual(seen.map(({ mode, folder, text }) => [mode, folder, text]), [[0o600, 0o700, '{"version":3,"deployment":{"resources":[]}}']]);
        assert.deepEqual(seen.map(({ path }) => existsSync(dirname(path))), [false]);
    });

    it("exports a state, or says what is wrong with it", async () => {
        assert.deepEqual(await exportState(stackWhere(() => ({ stdout: '{"version":3,"deployment":{"more":1}}' }))), { version: 3, deployment: { more: 1 } });
        for (const stdout of ["", "{}", '{"version":3,"deployment":{"resources":[{"urn":1}]}}']) {
            await assert.rejects(exportState(stackWhere(() => ({ stdout }))), StateError);
        }
    });
});

describe("Pulumi's own client", () => {
    it("fails with what was said, once", async () => {
        const message = "code: -2\n stdout: \n stderr: Command failed with exit code 1: pulumi version\nDownloading pulumi v3.265.0...\npulumi: fetch failed\n err?: Error: Command failed with exit code 1\n    at exec";
        await assert.rejects(
            byClient("running it", () => Promise.reject(new Error(message))),
            error =>
                error instanceof PulumiError &&
                error.message === "running it failed:\n      Command failed with exit code 1: pulumi version\n      Downloading pulumi v3.265.0...\n      pulumi: fetch failed",
        );
    });

    it("is else as if it were called", async () => {
        assert.equal(await byClient("running it", () => Promise.resolve(1)), 1);
    });
});

describe("whoever holds a lock", () => {
    const holder = (host: string, pid: number): Locked => new Locked(`${locked}  file:///state/.pulumi/locks/x.json: created by root@${host} (pid ${pid}) at 2026-11-21T20:32:56Z`);

    it("is alive where it is a process of this machine that is", () => {
        assert.deepEqual(livingHolders(holder(hostname(), process.pid)), [process.pid]);
    });

    it("is told as the CLI tells it", () => {
        assert.equal(holderOf(holder("elsewhere", 7)), "created by root@elsewhere (pid 7) at 2026-11-21T20:32:56Z");
        assert.equal(holderOf(new Locked("[409] Conflict\n")), "[409] Conflict");
    });

    it("is nobody who is dead, or whom this machine can't know", () => {
        // The highest there can be, on 64-bit Linux, is 2^22.
        assert.deepEqual(livingHolders(holder(hostname(), 2 ** 22 + 1)), []);
        assert.deepEqual(livingHolders(holder("elsewhere", process.pid)), []);
        assert.deepEqual(livingHolders(new Locked("[409] Conflict")), []);
    });
});

describe("secrets of a state", () => {
    const secret = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(value) });

    it("are shown at any depth", () => {
        assert.deepEqual(revealed({ a: secret("x"), b: [secret({ c: secret(1) })], d: { e: null } }), { a: "x", b: [{ c: 1 }], d: { e: null } });
        assert.deepEqual(revealed(undefined), {});
    });

    it("are marked in what was read, wherever they are in what was asked for", () => {
        const like = { token: secret("t"), data: { key: secret("k"), plain: "p" }, list: [secret(1)] };
        const read = { token: "t", data: { key: "k", plain: "p", more: 1 }, list: [1, 2], arn: "a", gone: null };
        assert.deepEqual(sealedLike(read, like), { token: secret("t"), data: { key: secret("k"), plain: "p", more: 1 }, list: [secret(1), 2], arn: "a", gone: null });
        assert.deepEqual(sealedLike({ token: secret("t") }, like), { token: secret("t") });
        assert.deepEqual(sealedLike({ data: "other" }, like), { data: "other" });
        assert.deepEqual(sealedLike({ a: 1 }, undefined), { a: 1 });
    });

    it("that hold secrets are one", () => {
        assert.deepEqual(sealedLike({ token: { inner: secret("t") } }, { token: secret({}) }), { token: secret({ inner: "t" }) });
    });
});
