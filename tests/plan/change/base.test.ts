// What this can't prove: that git of another version writes out trees alike. The repositories here are made for the tests, with
// a stand-in for the plan's program; base.cli.test.ts has the real one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Base, diffAgainst, readBase } from "../../../plan/change/base";
import { BaseError } from "../../../plan/change/baseError";
import { readPlan } from "../../../plan/change/readPlan";
import { planJson } from "../../../plan/write";
import { made, plan, types } from "./documents";

/** Plans by printing what the tree has, and says where it ran. */
const program = `
    import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
    import { join } from "node:path";
    const [, stack, json, , out] = process.argv.slice(2);
    if (existsSync("broken")) {
        process.stderr.write(readFileSync("broken"));
        process.exit(1);
    }
    mkdirSync(join(out, stack), { recursive: true });
    copyFileSync("what.json", join(out, stack, "plan.json"));
    writeFileSync(process.env.SEEN, JSON.stringify({ cwd: process.cwd(), json, package: readFileSync("node_modules/thing/name", "utf8"), cache: existsSync("node_modules/.cache") }));
    process.exitCode = existsSync("rules-broken") ? 1 : 0;
`;

describe("what a plan is compared with", () => {
    let directory = "";
    let project = "";
    let seen = "";
    /** Where temporary files go. */
    let scratch = "";
    const { SEEN, TMPDIR } = process.env;

    function git(...args: readonly string[]): string {
        const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"];
        const { status, stdout, stderr } = spawnSync("git", [...identity, ...args], { cwd: project, encoding: "utf8" });
        assert.equal(status, 0, stderr);
        return stdout.trim();
    }

    function setEnvironment(values: Readonly<Record<string, string | undefined>>): void {
        for (const [name, value] of Object.entries(values)) {
            if (value === undefined) {
                Reflect.deleteProperty(process.env, name);
            } else {
                process.env[name] = value;
            }
        }
    }

    function write(file: string, text: string): void {
        mkdirSync(join(project, file, ".."), { recursive: true });
        writeFileSync(join(project, file), text);
    }

    /** Commits what there is, under a tag. */
    function commit(tag: string): void {
        git("add", "--all", "--force", ".", ":!node_modules");
        git("commit", "--quiet", "--message", tag);
        git("tag", tag);
    }

    const ask = (base: string, stack = "prod"): Promise<Base> => readBase(base, { directory: project, project: "holdfast", stack });

    async function refusal(base: string, stack?: string): Promise<string> {
        const error: unknown = await ask(base, stack).then(
            () => undefined,
            (reason: unknown) => reason,
        );
        assert.ok(error instanceof BaseError, String(error));
        return error.message;
    }

    before(() => {
        directory = mkdtempSync(join(tmpdir(), "holdfast-base-test-"));
        project = join(directory, "repository", "a project");
        seen = join(directory, "seen.json");
        scratch = join(directory, "scratch");
        mkdirSync(project, { recursive: true });
        mkdirSync(scratch);
        setEnvironment({ SEEN: seen, TMPDIR: scratch });
        git("init", "--quiet", "..");
        write("node_modules/thing/name", "thing");
        write("node_modules/.cache/kept", "");
        write("package-lock.json", "{}");
        write("Pulumi.prod.yaml", "");
        commit("ancient");
        write("plan/start.mjs", program);
        write("what.json", planJson(plan(made(types.role, "first"))));
        commit("first");
        write("what.json", planJson(plan(made(types.role, "second"))));
        write("package-lock.json", "{ }");
        write("rules-broken", "");
        commit("second");
        write("broken", "the config has 1 problem:\n  it is broken\n");
        commit("third");
        rmSync(join(project, "broken"));
        write("what.json", "{}");
        write("untracked", "mine");
    });
    after(() => {
        setEnvironment({ SEEN, TMPDIR });
        rmSync(directory, { recursive: true, force: true });
    });
    afterEach(() => {
        assert.deepEqual(readdirSync(scratch), [], "temporary files were left");
    });

    it("is what the program of a ref plans, in a folder of its own, with this checkout's packages", async () => {
        const { label, plan: found, notes } = await ask("second");
        assert.equal(label, `second (${git("rev-parse", "--short", "second")})`);
        assert.deepEqual(found?.document.resources.map(({ name }) => name), ["second"]);
        assert.deepEqual(notes, []);
        const { cwd, json, package: name, cache } = JSON.parse(readFileSync(seen, "utf8")) as { cwd: string; json: string; package: string; cache: boolean };
        assert.ok(cwd.includes("holdfast-base-"), cwd);
        assert.deepEqual([json, name, cache, existsSync(cwd)], ["--json", "thing", false, false]);
    });

    it("says where the ref has other packages", async () => {
        const { notes } = await ask("first");
        assert.deepEqual(notes, ["first has another package-lock.json: it was planned with the packages of this checkout"]);
    });

    it("takes hashes, tags and what git says by way of another, and leaves files, index and links as they are", async () => {
        const status = git("status", "--porcelain");
        const hash = git("rev-parse", "first");
        assert.equal((await ask(hash)).label, hash);
        assert.match((await ask("HEAD~2")).label, /^HEAD~2 \([0-9a-f]+\)$/);
        assert.equal(git("status", "--porcelain"), status);
        assert.ok(status.includes("untracked"));
        assert.equal(lstatSync(join(project, "node_modules", "thing")).isDirectory(), true);
        assert.equal(readFileSync(join(project, "node_modules", "thing", "name"), "utf8"), "thing");
    });

    it("is nothing where the ref has no such stack", async () => {
        const base = await ask("first", "dev");
        assert.deepEqual([base.plan, base.notes], [undefined, ["first has no Pulumi.dev.yaml: everything is created"]]);
        const diff = diffAgainst(base, plan(made(types.role, "a")), new Map());
        assert.deepEqual([diff.counts.create, diff.notes], [1, base.notes]);
    });

    it("is refused in one message where it can't be had", async () => {
        assert.equal(await refusal("nothing"), "git knows no commit nothing, and there is no file of that name: fetch it, or compare with a plan.json");
        assert.match(await refusal("--all"), /^git knows no commit --all,/);
        assert.equal(await refusal("ancient"), "ancient has no plan/start.mjs: it is older than the plan, and can't be compared with");
        assert.equal(await refusal("third"), "the plan of third fails:\n  the config has 1 problem:\n    it is broken");
        assert.match(await refusal(join(directory, "none.json")), /none\.json can't be read: ENOENT/);
    });

    it("is refused where there is no git, and outside of a repository, with another way", async () => {
        const { PATH } = process.env;
        setEnvironment({ PATH: scratch });
        try {
            assert.equal(await refusal("first"), "git is not installed, or not on the PATH: install it, or compare with a plan.json");
        } finally {
            setEnvironment({ PATH });
        }
        const outside = mkdtempSync(join(tmpdir(), "outside-"));
        try {
            setEnvironment({ GIT_CEILING_DIRECTORIES: directory });
            await assert.rejects(readBase("first", { directory: outside, project: "holdfast", stack: "prod" }), {
                message: `${outside} is in no git repository, so it has no first: compare with a plan.json`,
            });
        } finally {
            setEnvironment({ GIT_CEILING_DIRECTORIES: undefined });
            rmSync(outside, { recursive: true });
        }
    });

    it("is a file's plan where there is such a file, though git has such a ref too", async () => {
        const file = join(directory, "first");
        writeFileSync(file, planJson(plan(made(types.role, "filed"))));
        const { label, plan: found } = await ask(file);
        assert.deepEqual([label, found?.document.resources[0]?.name, found?.isOlder], [file, "filed", false]);
    });

    describe("as a plan.json", () => {
        const expected = { project: "holdfast", stack: "prod" };
        const cases: readonly (readonly [string, string, RegExp])[] = [
            ["no JSON", "{", /^old\.json is no JSON: /],
            ["another document", '{"a":1}', /^old\.json has format undefined, and this version reads format 1: plan it anew$/],
            ["another format", '{"formatVersion":2}', /^old\.json has format 2, and this version reads format 1: plan it anew$/],
            ["no object", "[]", /^old\.json is no plan\.json: /],
            ["no resources", '{"formatVersion":1,"summary":{"project":"holdfast","stack":"prod"}}', /^old\.json is no plan\.json: resources: /],
            ["another stack's plan", planJson({ ...plan(), summary: { ...plan().summary, stack: "dev" } }), /^old\.json is the plan of stack dev of holdfast: compare prod of holdfast with a plan of its own$/],
        ];
        for (const [what, text, message] of cases) {
            it(`is refused for ${what}`, () => {
                assert.throws(() => readPlan(text, "old.json", expected), error => error instanceof BaseError && message.test(error.message));
            });
        }

        it("is read as it was written", () => {
            const document = plan(made(types.role, "role", { a: [1, { b: null }] }, { from: { a: ["urn"] }, deleteBeforeReplace: false, ignoreChanges: ["a"] }));
            assert.deepEqual(readPlan(planJson(document), "old.json", expected), { document: JSON.parse(planJson(document)) as unknown, isOlder: false });
        });

        it("of an older version counts what it lacks as not set, takes sources from the later plan, and says so", () => {
            // What is custom has a provider.
            const provider = made(types.aws, "aws").urn;
            const network = made(types.vpc, "network", { cidrBlock: "a" }, { provider });
            const entry = made(types.entry, "entry", { clusterName: "east" }, { provider, from: { clusterName: [made(types.cluster, "east").urn] } });
            const cluster = (roleArn: string) => made(types.cluster, "east", { name: "east", roleArn }, { provider });
            const lacking = ["custom", "ignoreChanges", "replaceOnChanges", "deleteBeforeReplace", "propertyDependencies"];
            const old = JSON.parse(planJson(plan(network, cluster("a"), entry, made(types.aws, "aws")))) as { resources: Record<string, unknown>[] };
            old.resources = old.resources.map(resource => Object.fromEntries(Object.entries(resource).filter(([key]) => !lacking.includes(key))));
            const earlier = readPlan(JSON.stringify(old), "old.json", expected);
            assert.equal(earlier.isOlder, true);
            assert.deepEqual(earlier.document.resources.map(({ custom, deleteBeforeReplace }) => [custom, deleteBeforeReplace])[3], [true, null]);
            const diff = diffAgainst({ label: "old.json", plan: earlier, notes: [] }, plan(network, cluster("b"), entry, made(types.aws, "aws")), new Map());
            assert.deepEqual([diff.counts.replace, diff.notes.length], [2, 1]);
            assert.match(diff.notes[0] ?? "", /^the base's plan was written by an older version/);
        });
    });
});
