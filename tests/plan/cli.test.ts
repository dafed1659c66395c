/**
 * The offline plan as a command. What this cannot prove: that a shell, a terminal or `npm start` hands
 * it what is given here, nor that native add-ons leave the network alone: the guard is on Node's own modules.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { PlanDocument } from "../../plan/document";
import { stacksIn } from "../../plan/stackFile";
import { projectDirectory } from "../support/plan";

const project = resolve(projectDirectory);
const start = join(project, "plan", "start.mjs");
const guard = join(project, "tests", "support", "noNetwork.cjs");
const projectStacks = ["dev", "hello", "prod", "prod-central", "prod-east", "prod-global"];

/** What a run of the command left. */
interface Run {
    readonly code: number | null;
    readonly out: string;
    readonly err: string;
}

function node(args: readonly string[], directory = project): Run {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
    return { code: status, out: stdout, err: stderr };
}

/**
 * Runs the command again and again in one process, since most of its time goes into loading the SDK:
 * each run imports start.mjs anew and ends when nothing is left to do. Prints the runs as JSON.
 */
const repeat = `
    const [start, bundle, runs] = process.argv.slice(1);
    const write = process.stdout.write.bind(process.stdout);
    const results = [];
    let texts;
    process.stdout.write = text => { texts.out += text; return true; };
    process.stderr.write = text => { texts.err += text; return true; };
    const queue = JSON.parse(runs);
    const next = () => {
        if (texts !== undefined) {
            results.push({ ...texts, code: process.exitCode ?? null });
        }
        if (results.length === queue.length) {
            process.removeListener("beforeExit", next);
            process.exitCode = 0;
            write(JSON.stringify(results));
            return;
        }
        texts = { out: "", err: "" };
        process.stdout.removeAllListeners("error");
        process.exitCode = undefined;
        process.argv = [process.execPath, start, ...queue[results.length]];
        delete require.cache[bundle];
        import(start + "?" + results.length);
    };
    process.on("beforeExit", next);
`;

function runAll(runs: readonly (readonly string[])[]): Run[] {
    const bundle = join(project, "node_modules", ".cache", "holdfast", "plan.cjs");
    const { code, out, err } = node(["--require", guard, "-e", repeat, start, bundle, JSON.stringify(runs)]);
    assert.equal(code, 0, err);
    return JSON.parse(out) as Run[];
}

const stackTrace = /^\s+at /m;

describe("npm start", function () {
    this.timeout(20_000);
    let out = "";
    /** A file where a directory would have to be. */
    let file = "";
    const runs = new Map<string, Run>();

    /** The run with these options. */
    function run(name: string): Run {
        const found = runs.get(name);
        assert.ok(found !== undefined, `${name} did not run`);
        return found;
    }

    before(function () {
        this.timeout(60_000);
        out = mkdtempSync(join(tmpdir(), "holdfast-cli-"));
        file = join(out, "file");
        writeFileSync(file, "");
        const wanted: Readonly<Record<string, readonly string[]>> = {
            ...Object.fromEntries(projectStacks.map(stack => [stack, ["--stack", stack, "--out", out]])),
            json: ["--stack", "hello", "--json", "--out", join(out, "json")],
            unknownStack: ["--stack", "produktion", "--out", join(out, "none")],
            unknownOption: ["--stak", "dev", "--out", join(out, "none")],
            positional: ["dev", "--out", join(out, "positional")],
            help: ["--help", "--out", join(out, "none")],
            unwritable: ["--stack", "hello", "--out", file],
        };
        const results = runAll(Object.values(wanted));
        for (const [index, name] of Object.keys(wanted).entries()) {
            const result = results[index];
            assert.ok(result !== undefined);
            runs.set(name, result);
        }
    });
    after(() => {
        rmSync(out, { recursive: true, force: true });
    });

    it("has all of the project's stacks planned here", () => {
        assert.deepEqual(stacksIn(project), projectStacks);
    });

    for (const stack of projectStacks) {
        it(`plans ${stack}, without the network: says so, and writes the files that it names`, () => {
            const { code, out: text, err } = run(stack);
            assert.equal(err, "");
            assert.equal(code, 0);
            const document = JSON.parse(readFileSync(join(out, stack, "plan.json"), "utf8")) as PlanDocument;
            assert.match(text, new RegExp(`^holdfast ${stack}: ${document.summary.resourceCount} resources, all \\d+ policy rules kept\n`));
            assert.match(text, /\nWrote \S+plan\.html, plan\.json and manifests\/\.\n$/);
            assert.match(readFileSync(join(out, stack, "plan.html"), "utf8"), /^<!doctype html>/i);
            const clusters = document.summary.clouds.flatMap(cloud => cloud.clusters.map(({ name }) => `${name}.yaml`));
            assert.deepEqual(readdirSync(join(out, stack, "manifests")).sort(), clusters.sort());
        });
    }

    it("has a guard that bites: connections, name servers and programs are refused where they are tried", () => {
        const tries = ["require('net').connect(9)", "require('https').get('https://example.com')", "require('dns').lookup('example.com', () => {})", "require('child_process').execFileSync('git')"];
        const script = tries.map(code => `try { ${code}; console.log("through") } catch ({ message }) { console.log(message.split(" ").slice(0, 3).join(" ")) }`).join("\n");
        assert.deepEqual(node(["--require", guard, "-e", script]).out.trim().split("\n"), [
            "noNetwork: refused net.Socket.connect",
            "noNetwork: refused net.Socket.connect",
            "noNetwork: refused dns.lookup",
            "noNetwork: refused child_process.execFileSync",
        ]);
    });

    it("--json prints plan.json and nothing else, to the byte", () => {
        const { code, out: text, err } = run("json");
        assert.deepEqual([code, err], [0, ""]);
        assert.equal(text, readFileSync(join(out, "json", "hello", "plan.json"), "utf8"));
        assert.equal((JSON.parse(text) as PlanDocument).summary.stack, "hello");
    });

    it("names the stacks that there are when asked for another", () => {
        const { code, out: text, err } = run("unknownStack");
        assert.deepEqual([code, text], [1, ""]);
        assert.match(err, /^there is no \S+Pulumi\.produktion\.yaml: .*dev, hello, prod, prod-central, prod-east, prod-global\n$/);
    });

    it("says in one line which option it does not know", () => {
        const { code, out: text, err } = run("unknownOption");
        assert.deepEqual([code, text], [1, ""]);
        assert.match(err, /^[^\n]*'--stak'[^\n]*\n$/);
    });

    it("takes the stack without --stack too, as npm hands it on where the -- before it is forgotten", () => {
        const { code, err } = run("positional");
        assert.deepEqual([code, err], [0, ""]);
        assert.ok(existsSync(join(out, "positional", "dev", "plan.json")));
    });

    it("--help names every option and plans nothing", () => {
        const { code, out: text, err } = run("help");
        assert.deepEqual([code, err], [0, ""]);
        for (const option of ["--stack NAME", "--base BASE", "--fail-on-danger", "--out DIR", "--summary FILE", "--json", "--help"]) {
            assert.ok(text.includes(`  ${option} `), option);
        }
    });

    it("writes nothing where it plans nothing", () => {
        assert.equal(existsSync(join(out, "none")), false);
    });

    it("lists all problems of a broken config at once, without a trace, and writes nothing", () => {
        const directory = mkdtempSync(join(tmpdir(), "holdfast-broken-"));
        try {
            cpSync(join(project, "Pulumi.yaml"), join(directory, "Pulumi.yaml"));
            const clusters = "[{ name: Local, kind: existing }, { name: other, kind: existing, color: red }]";
            writeFileSync(
                join(directory, "Pulumi.bad.yaml"),
                `config:\n  holdfast:clusters: ${clusters}\n  holdfast:app: { name: shop, image: "x:1.0", port: 70000 }\n  holdfast:colour: { a: 1 }\n`,
            );
            const { code, out: text, err } = node([start, "--stack", "bad"], directory);
            assert.deepEqual([code, text], [1, ""]);
            const [head, ...problems] = err.trimEnd().split("\n");
            assert.equal(head, `the config has ${problems.length} problems:`);
            for (const path of ["holdfast:clusters[0].name", "holdfast:clusters[1].color", "holdfast:app.port", "holdfast:colour"]) {
                assert.equal(problems.filter(line => line.startsWith(`  ${path}: received `)).length, 1, `${path}\n${err}`);
            }
            assert.deepEqual(readdirSync(directory).sort(), ["Pulumi.bad.yaml", "Pulumi.yaml"]);
        } finally {
            rmSync(directory, { recursive: true, force: true });
        }
    });

    it("ends quietly where nobody reads on, as under `| head -1`, with the files written", async () => {
        const child = spawn(process.execPath, [start, "--json", "--out", join(out, "closed")], { cwd: project });
        child.stdout.destroy();
        let err = "";
        child.stderr.setEncoding("utf8").on("data", (text: string) => {
            err += text;
        });
        await new Promise(done => child.on("close", done));
        assert.doesNotMatch(err, stackTrace);
        assert.equal(err, "");
        assert.ok(existsSync(join(out, "closed", "prod", "manifests", "east.yaml")));
    });

    it("says in one line that it can't write where a file stands in the way", () => {
        const { code, err } = run("unwritable");
        assert.equal(code, 1);
        assert.ok(err.includes(file), err);
        assert.doesNotMatch(err, stackTrace);
    });
});
