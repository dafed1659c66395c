/**
 * `npm start -- --base` as a command, on a repository that holds this project's program. What this can't prove: that a terminal's
 * Ctrl-C reaches it as the signal here does.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { PlanDiff } from "../../../plan/change/diff";
import { projectDirectory } from "../../support/plan";

const source = resolve(projectDirectory);

/** What the plan's program is made of. */
const parts = ["components", "plan", "policy", "tools", "index.ts", "package.json", "package-lock.json", "tsconfig.json", "Pulumi.yaml", "Pulumi.dev.yaml"];

/** A config of one cluster, with volumes that go with their claims. */
const stackFile = (image: string, onDelete: string): string => `config:
  holdfast:clusters: [{ name: local, kind: existing, context: minikube }]
  holdfast:app: { name: shop, image: "${image}", port: 9898, env: { CURRENCY: EUR }, state: { image: "docker.io/library/redis:8.2.1", port: 6379, onDelete: ${onDelete} } }
`;

interface Run {
    readonly code: number | null;
    readonly out: string;
    readonly err: string;
}

describe("npm start -- --base", function () {
    this.timeout(60_000);
    let directory = "";
    let project = "";
    let scratch = "";

    function git(...args: readonly string[]): void {
        const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"];
        const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: project, encoding: "utf8" });
        assert.equal(status, 0, stderr);
    }

    const environment = (): NodeJS.ProcessEnv => ({ ...process.env, NO_COLOR: "1", TMPDIR: scratch });

    function start(...args: readonly string[]): Run {
        const { status, stdout, stderr } = spawnSync(process.execPath, [join("plan", "start.mjs"), ...args], { cwd: project, encoding: "utf8", env: environment() });
        return { code: status, out: stdout, err: stderr };
    }

    function diffOf(stack: string): PlanDiff {
        return JSON.parse(readFileSync(join(project, "out", stack, "diff.json"), "utf8")) as PlanDiff;
    }

    before(() => {
        directory = mkdtempSync(join(tmpdir(), "holdfast-base-cli-"));
        project = join(directory, "project");
        scratch = join(directory, "scratch");
        mkdirSync(scratch);
        for (const part of parts) {
            cpSync(join(source, part), join(project, part), { recursive: true });
        }
        // Packages by links, so that the compiled plan is kept here.
        mkdirSync(join(project, "node_modules"));
        for (const name of readdirSync(join(source, "node_modules")).filter(entry => !entry.startsWith("."))) {
            symlinkSync(join(source, "node_modules", name), join(project, "node_modules", name), "junction");
        }
        writeFileSync(join(project, "Pulumi.dev.yaml"), stackFile("ghcr.io/stefanprodan/podinfo:6.9.2", "delete"));
        writeFileSync(join(project, ".gitignore"), "node_modules/\nout/\n");
        git("init", "--quiet", ".");
        git("add", "--all", ".");
        git("commit", "--quiet", "--message", "first");
        git("tag", "first");
    });
    after(() => {
        rmSync(directory, { recursive: true, force: true });
    });
    afterEach(() => {
        assert.deepEqual(readdirSync(scratch), [], "temporary files were left");
    });

    it("finds nothing between a commit and the same files, and writes that", () => {
        const { code, out, err } = start("--stack", "dev", "--base", "first");
        assert.deepEqual([code, err], [0, ""]);
        assert.match(out, /\n\nAgainst first \([0-9a-f]+\): \d+ unchanged\n[^]*\nWrote out\/dev\/plan\.html, plan\.json, diff\.json and manifests\/\.\n$/);
        assert.deepEqual([diffOf("dev").changes, diffOf("dev").counts.create], [[], 0]);
    });

    it("says what a changed config would change, on a terminal, in diff.json and in a job's summary", () => {
        writeFileSync(join(project, "Pulumi.dev.yaml"), stackFile("ghcr.io/stefanprodan/podinfo:6.9.3", "delete"));
        const summary = join(directory, "summary.md");
        writeFileSync(summary, "before\n");
        const { code, out, err } = start("--stack", "dev", "--base", "first", "--summary", summary, "--fail-on-danger");
        assert.deepEqual([code, err], [0, ""]);
        assert.match(out, /: 1 updated, \d+ unchanged\n {2}Updated\n {4}local-shop-deployment {2}Deployment {2}spec\.template\.spec\.containers\[0\]\.image\n/);
        assert.deepEqual(diffOf("dev").changes.map(({ name, action }) => [name, action]), [["local-shop-deployment", "update"]]);
        assert.match(readFileSync(summary, "utf8"), /^before\n## holdfast dev\n[^]*\n### Against first /);
    });

    it("ends with 1 where data would go, if it is asked to, and says what on the error output", () => {
        writeFileSync(join(project, "Pulumi.dev.yaml"), stackFile("ghcr.io/stefanprodan/podinfo:6.9.2", "delete").replace(/, state: \{.*\} \}/, " }"));
        const { code, out } = start("--stack", "dev", "--base", "first");
        assert.equal(code, 0);
        assert.match(out, /\n {2}Dangerous\n {4}local-shop-volume-0 +PersistentVolumeClaim {2}deleted; takes with it the volume/);
        const asked = start("--stack", "dev", "--base", "first", "--fail-on-danger", "--json");
        assert.equal(asked.code, 1);
        assert.equal(asked.out, readFileSync(join(project, "out", "dev", "plan.json"), "utf8"));
        const lines = asked.err.trimEnd().split("\n");
        assert.equal(lines.length, 3);
        assert.equal(lines[0], "stack dev has a danger: local-shop-volume-0 would be deleted, and with it the volume, unless its class keeps it");
    });

    it("compares with the last plan, which it writes over", () => {
        const { code, out } = start("--stack", "dev", "--base", join("out", "dev", "plan.json"));
        assert.equal(code, 0);
        assert.match(out, /\nAgainst out\/dev\/plan\.json: \d+ unchanged\n/);
    });

    it("clears the last comparison where there is none", () => {
        assert.ok(existsSync(join(project, "out", "dev", "diff.json")));
        assert.equal(start("--stack", "dev").code, 0);
        assert.equal(existsSync(join(project, "out", "dev", "diff.json")), false);
    });

    it("says in one line what it can't do, and leaves the last plan", () => {
        const cases: readonly (readonly [readonly string[], RegExp])[] = [
            [["--base", "nothing"], /^git knows no commit nothing, [^\n]*\n$/],
            [["--base", join("out", "none.json")], /^out\/none\.json can't be read: [^\n]*\n$/],
            [["--fail-on-danger"], /^--fail-on-danger needs --base: [^\n]*\n$/],
            [["--summary", directory], /^the plan can't be written to [^\n]*\n$/],
        ];
        for (const [args, message] of cases) {
            const { code, out, err } = start("--stack", "dev", ...args);
            assert.deepEqual([code, out], [1, ""], err);
            assert.match(err, message);
            assert.ok(existsSync(join(project, "out", "dev", "plan.json")));
        }
    });

    it("clears up after itself where it is interrupted, with the program of the base gone too", async () => {
        const marker = join(directory, "marker");
        mkdirSync(marker);
        const hanging = `import { writeFileSync } from "node:fs"; setInterval(() => undefined, 1000); writeFileSync(${JSON.stringify(join(marker, "pid"))}, String(process.pid));`;
        writeFileSync(join(project, "plan", "start.mjs"), hanging);
        git("commit", "--quiet", "--all", "--message", "hangs");
        git("checkout", "--quiet", "first", "--", "plan/start.mjs");
        const watcher = watch(marker);
        const child: ChildProcess = spawn(process.execPath, [join("plan", "start.mjs"), "--stack", "dev", "--base", "HEAD"], { cwd: project, env: environment(), stdio: ["ignore", "ignore", "pipe"] });
        let err = "";
        child.stderr?.setEncoding("utf8").on("data", (text: string) => (err += text));
        const closed = once(child, "close");
        // The marker is written last, so that the first event of a file with text in it is the base's program at work.
        while (!existsSync(join(marker, "pid")) || readFileSync(join(marker, "pid"), "utf8") === "") {
            await once(watcher, "change");
        }
        watcher.close();
        child.kill("SIGINT");
        assert.deepEqual(await closed, [130, null]);
        assert.equal(err, "stopped by SIGINT\n");
        const pid = Number(readFileSync(join(marker, "pid"), "utf8"));
        assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
    });
});
