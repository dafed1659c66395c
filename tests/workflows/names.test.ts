// What the workflows name must be there: scripts, options, stacks, versions, files, variables. actionlint (`npm run workflows`) reads the rest.
// Options of Pulumi's CLI are not among them: it is not here.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { readStackFile, stacksIn } from "../../plan/stackFile";
import { isRecord } from "../../components/config/fields";
import { run } from "../examples/packed";
import { projectDirectory } from "../support/plan";
import { type Workflow, callsKeyed, jobsOf, keyed, readWorkflows, stepsOf } from "./read";

const workflows = readWorkflows();
const manifest = JSON.parse(readFileSync(join(projectDirectory, "package.json"), "utf8")) as {
    readonly scripts: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
};

function named(file: string): Workflow {
    const workflow = workflows.find(each => each.file === file);
    assert.ok(workflow !== undefined, file);
    return workflow;
}

/** Each use of npm, as words. */
const npm = stepsOf(workflows).flatMap(({ step }) => (step.run ?? "").split("\n").map(line => line.trim()).filter(line => line.startsWith("npm ")).map(line => line.split(" ").slice(1)));

/** Options of a command, by its own help. */
async function optionsOf(args: readonly string[]): Promise<readonly string[]> {
    const { code, stdout } = await run(process.execPath, [...args, "--help"], { cwd: projectDirectory });
    assert.equal(code, 0);
    return [...stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option = ""]) => option);
}

/** Stacks that a stack's failover reads the outputs of, by their own names. */
function membersOf(stack: string): readonly string[] {
    const failover = readStackFile(projectDirectory, stack).config["holdfast:failover"];
    const members = isRecord(failover) && Array.isArray(failover["members"]) ? (failover["members"] as readonly { readonly stack: string }[]) : [];
    return members.map(member => member.stack.split("/").at(-1) ?? "");
}

describe("what the workflows name", () => {
    it("are scripts of package.json", () => {
        const scripts = npm.map(([first = "", second = ""]) => (first === "run" ? second : first)).filter(word => word !== "ci");
        assert.deepEqual([...new Set(scripts)].sort(), ["drill", "start", "test", "workflows"]);
        assert.deepEqual(scripts.filter(script => !Object.hasOwn(manifest.scripts, script)), []);
    });

    it("are options that plan and drill have", async function () {
        // Both commands load all of Pulumi's SDKs before they say a word.
        this.timeout(120_000);
        const given = (script: string): readonly string[] => npm.filter(words => words.includes(script)).flatMap(words => words.filter(word => /^--\w/.test(word)));
        const plan = await optionsOf([join("plan", "start.mjs")]);
        const drill = await optionsOf(["--require", "tsx/cjs", join("drill", "main.ts")]);
        // This one comes by an expression: see scripts.test.ts.
        const asked = [...given("start"), "--fail-on-danger"];
        assert.deepEqual(asked, ["--stack", "--stack", "--base", "--summary", "--fail-on-danger"]);
        assert.deepEqual(given("drill"), ["--full"]);
        assert.deepEqual(asked.filter(option => !plan.includes(option)), []);
        assert.deepEqual(given("drill").filter(option => !drill.includes(option)), []);
    });

    it("are the project's stacks: all of them are planned, and each can be deployed by itself, but for the sample", () => {
        const stacks = stacksIn(projectDirectory);
        assert.deepEqual([named("preview.yml").jobs["plan"]?.strategy?.matrix.stack ?? []].flat().sort(), stacks);
        const choices = named("deploy.yml").on["workflow_dispatch"]?.inputs?.["stack"]?.options ?? [];
        assert.deepEqual([...choices].sort(), ["all", ...stacks.filter(stack => stack !== "hello")].sort());
    });

    it("deploy the DNS after the clusters that it reads of", () => {
        const { clusters, dns } = named("deploy.yml").jobs;
        const last = dns?.with?.["stack"] ?? "";
        assert.deepEqual(dns?.needs, ["test", "clusters"]);
        assert.ok(dns.if?.includes("needs.clusters.result == 'success'"));
        assert.deepEqual(clusters?.strategy?.matrix.exclude, [{ stack: last }]);
        assert.deepEqual(membersOf(last), ["prod-east", "prod-central"]);
        assert.deepEqual(stacksIn(projectDirectory).filter(stack => membersOf(stack).length > 0), [last]);
    });

    it("deploy nothing of a main that was not tested", () => {
        const { test, clusters, dns } = named("deploy.yml").jobs;
        assert.deepEqual((test?.steps ?? []).flatMap(({ run: text }) => text?.split("\n")[0] ?? []), ["npm ci", "npm test", "for stack in $STACKS; do"]);
        // Without a function of its own a condition means success() too; one that has one must ask for it.
        assert.equal(clusters?.needs, "test");
        assert.doesNotMatch(clusters.if ?? "", /cancelled\(|always\(|failure\(/);
        assert.match(dns?.if ?? "", /^!cancelled\(\) && needs\.test\.result == 'success' && /);
    });

    it("deploy the DNS where it is all there is, without a matrix of nothing", () => {
        const { clusters, dns } = named("deploy.yml").jobs;
        assert.ok(clusters?.if?.endsWith("&& ((inputs.stack || 'all') != 'all' || join(fromJSON(vars.HOLDFAST_STACKS), ' ') != 'prod-global')"), clusters?.if);
        assert.ok(dns?.if?.includes("(needs.clusters.result == 'success' || join(fromJSON(vars.HOLDFAST_STACKS), ' ') == 'prod-global')"), dns?.if);
    });

    it("are the versions of Pulumi and Node that the project has", () => {
        const versions = (input: string): readonly unknown[] => stepsOf(workflows).flatMap(({ step }) => step.with?.[input] ?? []);
        assert.deepEqual(versions("pulumi-version"), [manifest.devDependencies["pulumi"]]);
        assert.deepEqual([...new Set(versions("node-version"))], [22]);
    });

    it("are files and folders that are there", () => {
        const packs = stepsOf(workflows).flatMap(({ step }) => step.with?.["policyPacks"] ?? []);
        assert.deepEqual(packs, ["policy"]);
        assert.ok(existsSync(join(projectDirectory, "policy", "PulumiPolicy.yaml")));
        const hashed = [...named("drill.yml").text.matchAll(/hashFiles\((.*?)\)/g)].flatMap(([, list = ""]) => list.split(", ").map(item => item.replaceAll("'", "")));
        assert.deepEqual(hashed, ["tools/*/go.sum", "drill/binaries/*"]);
        const sums = readdirSync(join(projectDirectory, "tools")).filter(folder => existsSync(join(projectDirectory, "tools", folder, "go.sum")));
        assert.ok(sums.length > 3 && readdirSync(join(projectDirectory, "drill", "binaries")).length > 3);
    });

    it("keep the control plane where the drills look for it", () => {
        const job = named("drill.yml").jobs["drill"];
        assert.match(job?.env?.["HOLDFAST_CACHE"] ?? "", /^\//);
        const caches = (job?.steps ?? []).filter(({ uses }) => uses?.startsWith("actions/cache/") === true);
        assert.deepEqual(caches.map(step => step.with?.["path"]), ["${{ env.HOLDFAST_CACHE }}", "${{ env.HOLDFAST_CACHE }}"]);
    });

    it("are commands that the workflow with keys knows, each used", () => {
        const asked = jobsOf(workflows).flatMap(({ job }) => (callsKeyed(job) ? [job.with?.["command"]] : []));
        const known = stepsOf([named(keyed)]).flatMap(({ step }) => /^inputs\.command == '(\w+)'$/.exec(step.if ?? "")?.[1] ?? []);
        assert.deepEqual([...new Set(asked)].sort(), [...new Set(known)].sort());
    });

    it("are variables and secrets that the README explains, and no others are in its table", () => {
        const used = workflows.flatMap(({ text }) => [...text.matchAll(/\b(?:vars|secrets)\.([A-Z_]+)/g)].map(([, name = ""]) => name));
        const section = readFileSync(join(projectDirectory, "README.md"), "utf8").split(/^## /m).find(part => part.startsWith("On pull requests")) ?? "";
        const explained = [...section.matchAll(/^\|(.+?)\|/gm)].flatMap(([, cell = ""]) => [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name = ""]) => name));
        assert.deepEqual([...explained].sort(), [...new Set(used)].sort());
    });
});
