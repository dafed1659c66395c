// What this can't prove: that Go builds Helm, and that the repositories have the charts; no test here has the network.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { helm as program, helmAt } from "../../charts/helm";
import { NotRendered, render } from "../../charts/render";
import type { ChartRequest } from "../../charts/requests";
import { obtainChart, titleOf } from "../../charts/sources";
import { Unobtainable } from "../../tools/cache";
import { type Command, CommandMissing, type Execute, type Outcome } from "../../tools/execute";
import { obtainProgram, programRecipe } from "../../tools/goProgram";
import { projectDirectory } from "../support/plan";

function quiet(): void {
    // Says nothing.
}

const never: Execute = ({ command }) => Promise.reject(new Error(`${command} was run`));
const fine: Outcome = { code: 0, stdout: "", stderr: "" };

/** A program that notes how it was run, and leaves what it should. */
function noted(commands: Command[], leave: (command: Command) => void = quiet, outcome: Outcome = fine): Execute {
    return command => {
        commands.push(command);
        leave(command);
        return Promise.resolve(outcome);
    };
}

/** The value of an option. */
function option({ args }: Command, name: string): string {
    return args[args.indexOf(name) + 1] ?? "";
}

describe("Helm and charts", () => {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-sources-"));
    });
    afterEach(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    it("pin Helm in tools/helm, by version and checksum", () => {
        const { version } = programRecipe(program, never);
        assert.match(version, /^v4\.\d+\.\d+-\w+-\w+$/);
        assert.ok(readFileSync(join(projectDirectory, "tools", "helm", "go.sum"), "utf8").includes(`helm.sh/helm/v4 ${version.split("-")[0]} h1:`));
    });

    it("take the Helm that is given, and refuse what is no program", async () => {
        const path = join(folder, "helm");
        await assert.rejects(obtainProgram(program, { HOLDFAST_HELM: path }, folder, never, quiet), (error: unknown) => error instanceof Unobtainable && error.message.includes("no program"));
        writeFileSync(path, "");
        chmodSync(path, 0o755);
        assert.equal(await obtainProgram(program, { HOLDFAST_HELM: path }, folder, never, quiet), path);
    });

    it("build Helm once, without a C compiler and without a workspace above", async () => {
        const commands: Command[] = [];
        const build = noted(commands, command => {
            writeFileSync(option(command, "-o"), "");
        });
        const path = await obtainProgram(program, { HOLDFAST_HELM: "" }, folder, build, quiet);
        assert.ok(existsSync(path));
        assert.equal(await obtainProgram(program, {}, folder, never, quiet), path);
        const [{ command, args, cwd, env }] = commands as [Command];
        assert.deepEqual([command, args[0], args.at(-1), env["CGO_ENABLED"], env["GOWORK"]], ["go", "build", "helm.sh/helm/v4/cmd/helm", "0", "off"]);
        assert.ok(env["GOTMPDIR"]?.startsWith(folder), "what Go needs meanwhile goes with a build that is cut short");
        assert.ok(args.includes("-mod=readonly") && cwd.endsWith(join("tools", "helm")));
    });

    it("say what is missing where Helm can't be built", async () => {
        const said = (execute: Execute): Promise<void> =>
            assert.rejects(obtainProgram(program, {}, folder, execute, quiet), (error: unknown) => error instanceof Unobtainable && error.message.includes("https://go.dev/dl, or let HOLDFAST_HELM"));
        await said(() => Promise.reject(new CommandMissing("go is not installed")));
        await said(noted([], quiet, { ...fine, code: 1 }));
    });

    it("keep the user's own Helm settings out", async () => {
        const commands: Command[] = [];
        await helmAt("/helm", folder, noted(commands))(["version"]);
        const [{ env }] = commands as [Command];
        assert.ok(["HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS", "KUBECONFIG"].every(name => env[name]?.startsWith(folder)));
    });

    const chart = { chart: "shop", version: "1.2.3", repo: "https://charts.example.com" };
    const sources = (execute: Execute, env: NodeJS.ProcessEnv = {}): Parameters<typeof obtainChart>[1] => ({ env, cache: join(folder, "cache"), helm: helmAt("/helm", folder, execute), say: quiet });
    const writeChart = (at: string, version: string): void => {
        mkdirSync(at, { recursive: true });
        writeFileSync(join(at, "Chart.yaml"), `name: shop\nversion: "${version}"\n`);
    };

    it("are looked for in the folder that is given first", async () => {
        writeChart(join(folder, "shop-1.2.3"), "1.2.3");
        assert.equal(await obtainChart(chart, sources(never, { HOLDFAST_CHARTS: folder })), join(folder, "shop-1.2.3"));
        writeChart(join(folder, "shop-1.2.4"), "1.2.3");
        await assert.rejects(obtainChart({ ...chart, version: "1.2.4" }, sources(never, { HOLDFAST_CHARTS: folder })), /has version 1\.2\.3, not 1\.2\.4/);
    });

    it("are pulled once, from a repository or by a whole reference", async () => {
        const commands: Command[] = [];
        const pull = noted(commands, command => {
            writeChart(join(option(command, "--untardir"), "shop"), option(command, "--version"));
        });
        const path = await obtainChart(chart, sources(pull));
        assert.equal(await obtainChart(chart, sources(never)), path);
        await obtainChart({ chart: "oci://example.com/charts/shop", version: "v2.0.0", repo: undefined }, sources(pull));
        assert.deepEqual(commands.map(command => [command.args[1], option(command, "--version"), command.args.includes("--repo") ? option(command, "--repo") : ""]), [
            ["shop", "1.2.3", chart.repo],
            ["oci://example.com/charts/shop", "v2.0.0", ""],
        ]);
        assert.equal(titleOf({ chart: "oci://example.com/charts/shop", version: "v2.0.0" }), "shop-v2.0.0");
    });

    it("say what to do where a chart can't be pulled", async () => {
        const failing = noted([], quiet, { code: 1, stdout: "", stderr: "no such host" });
        await assert.rejects(obtainChart(chart, sources(failing)), (error: unknown) => error instanceof Unobtainable && /folder shop-1\.2\.3 in what HOLDFAST_CHARTS names[^]*no such host/.test(error.message));
    });

    const request: ChartRequest = {
        ...chart, addOn: undefined, role: "shop", by: "Chart", release: "east-shop", namespace: "shop", values: { a: 1 }, kubeVersion: "1.35.0", digest: "",
    };

    it("are rendered with the plan's values, name, namespace and version of Kubernetes", async () => {
        const commands: Command[] = [];
        const helm = helmAt("/helm", folder, noted(commands, quiet, { ...fine, stdout: "kind: Shop" }));
        assert.equal(await render(helm, "/charts/shop", request, folder, { apiVersions: ["example.com/v1/Shop"] }), "kind: Shop");
        const [command] = commands as [Command];
        assert.deepEqual(command.args.slice(0, 3), ["template", "east-shop", "/charts/shop"]);
        assert.deepEqual([option(command, "--namespace"), option(command, "--kube-version"), option(command, "--api-versions")], ["shop", "1.35.0", "example.com/v1/Shop"]);
        assert.ok(command.args.includes("--include-crds") && command.args.includes("--skip-tests"));
        assert.deepEqual(JSON.parse(readFileSync(option(command, "--values"), "utf8")), { a: 1 });
    });

    it("say what Helm said where a chart can't be rendered", async () => {
        const helm = helmAt("/helm", folder, noted([], quiet, { code: 1, stdout: "", stderr: "values don't meet the specifications" }));
        await assert.rejects(render(helm, "/charts/shop", request, folder), (error: unknown) => error instanceof NotRendered && /shop-1\.2\.3 as east-shop[^]*don't meet/.test(error.message));
    });
});
