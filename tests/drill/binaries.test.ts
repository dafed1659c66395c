// What this can't prove: that the projects still publish where `downloadOf` looks, and that Go builds what
// tools/ pins; no test here has the network.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ensureBinaries, ensureTools, liveTools, recipeOf, simulatedTools } from "../../drill/binaries";
import { build, buildArguments } from "../../drill/binaries/build";
import { DownloadFailed, checksumIn, download, downloadOf } from "../../drill/binaries/download";
import { thisPlatform } from "../../tools/platform";
import { type Tool, pinnedVersion, toolNames, tools, versionSaid } from "../../drill/binaries/tools";
import { versionIn } from "../../tools/goProgram";
import { CommandMissing, type Command, type Execute } from "../../tools/execute";
import { Unobtainable } from "../../tools/cache";
import { projectDirectory } from "../support/plan";

const toolsFolder = join(projectDirectory, "tools");
const linux = { os: "linux", arch: "amd64" };
const never = new AbortController().signal;

/** Version that everything here is about. */
const kubernetes = "v1.36.3";

function toolNamed(name: string): Tool {
    const tool = tools.find(candidate => candidate.name === name);
    assert.ok(tool !== undefined);
    return tool;
}

describe("the control plane's programs", () => {
    it("are pinned in tools/", () => {
        assert.deepEqual(tools.map(({ name }) => name).sort(), [...toolNames].sort());
        for (const tool of tools) {
            assert.match(pinnedVersion(toolsFolder, tool), /^v\d+\.\d+\.\d+$/, tool.name);
        }
        assert.equal(pinnedVersion(toolsFolder, toolNamed("kube-apiserver")), kubernetes);
    });

    it("have go.mod files that take every staging module of Kubernetes in the same version, and pin each by checksum", () => {
        const goMod = readFileSync(join(toolsFolder, "kubernetes", "go.mod"), "utf8");
        const replaced = [...goMod.matchAll(/^\t(k8s\.io\/\S+) => \1 (\S+)$/gm)].map(([, , version]) => version);
        assert.ok(replaced.length > 20);
        assert.deepEqual([...new Set(replaced)], [kubernetes.replace("v1", "v0")]);
        for (const tool of tools) {
            const goSum = readFileSync(join(toolsFolder, tool.folder, "go.sum"), "utf8");
            assert.ok(goSum.includes(`${tool.module} ${pinnedVersion(toolsFolder, tool)} h1:`), tool.name);
        }
    });

    it("have their version read from go.mod, alone or in a block, and from what they say", () => {
        assert.equal(versionIn("module m\n\nrequire a.b/c v1.2.3\n", "a.b/c"), "v1.2.3");
        assert.equal(versionIn("require (\n\ta.b/c/v2 v2.0.0 // indirect\n\ta.b/c v1.2.3\n)\n", "a.b/c"), "v1.2.3");
        assert.throws(() => versionIn("replace a.b/c => a.b/d v1.2.3", "a.b/c"), /requires no version of a\.b\/c/);
        assert.equal(versionSaid("Kubernetes v1.36.3\n"), "v1.36.3");
        assert.equal(versionSaid("etcd Version: 3.6.5\nGit SHA: none\nGo Version: go1.26.8\n"), "v3.6.5");
        assert.equal(versionSaid("kwok version v0.8.0 go1.26.8 (linux/amd64)"), "v0.8.0");
        assert.equal(versionSaid("usage"), undefined);
    });

    it("are looked for in Go's words for the platform", () => {
        assert.deepEqual(thisPlatform("linux", "x64"), linux);
        assert.deepEqual(thisPlatform("darwin", "arm64"), { os: "darwin", arch: "arm64" });
    });

    it("are downloaded from their projects, where these publish them for the platform", () => {
        const urls = tools.map(tool => downloadOf(tool, pinnedVersion(toolsFolder, tool), linux)?.url);
        assert.deepEqual(urls, [
            "https://github.com/etcd-io/etcd/releases/download/v3.6.5/etcd-v3.6.5-linux-amd64.tar.gz",
            "https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-amd64",
            "https://dl.k8s.io/v1.36.3/bin/linux/amd64/kube-apiserver",
            "https://dl.k8s.io/v1.36.3/bin/linux/amd64/kube-controller-manager",
            "https://dl.k8s.io/v1.36.3/bin/linux/amd64/kube-scheduler",
            "https://dl.k8s.io/v1.36.3/bin/linux/amd64/kubelet",
            "https://dl.k8s.io/v1.36.3/bin/linux/amd64/kube-proxy",
        ]);
        assert.deepEqual(tools.map(tool => downloadOf(tool, "v1.0.0", { os: "darwin", arch: "arm64" })), tools.map(() => undefined));
    });

    it("are built by Go alone, with the version that the API server goes by", () => {
        assert.deepEqual(buildArguments(toolNamed("kube-scheduler"), "v1.36.3", "/c/kube-scheduler"), [
            "build",
            "-mod=readonly",
            "-trimpath",
            "-ldflags",
            "-s -w -X k8s.io/component-base/version.gitVersion=v1.36.3 -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36",
            "-o",
            "/c/kube-scheduler",
            "k8s.io/kubernetes/cmd/kube-scheduler",
        ]);
        assert.equal(buildArguments(toolNamed("etcd"), "v3.6.5", "/c/etcd")[4], "-s -w");
    });

    it("say how to get Go where it is missing, and what it said where it fails", async () => {
        const tool = toolNamed("kwok");
        const noGo: Execute = () => Promise.reject(new CommandMissing("go is not installed"));
        const file = join(mkdtempSync(join(tmpdir(), "holdfast-build-")), "kwok");
        await assert.rejects(build(tool, "v0.8.0", file, toolsFolder, noGo), /no go on the PATH.*https:\/\/go\.dev\/dl.*HOLDFAST_ASSETS/);
        const notFound: Execute = () => Promise.resolve({ code: 127, stdout: "", stderr: "setpriv: failed to execute go" });
        await assert.rejects(build(tool, "v0.8.0", file, toolsFolder, notFound), /no go on the PATH/);
        const commands: Command[] = [];
        const fails: Execute = command => {
            commands.push(command);
            return Promise.resolve({ code: 1, stdout: "", stderr: "go: downloading\ndial tcp: no route to host\n" });
        };
        await assert.rejects(build(tool, "v0.8.0", file, toolsFolder, fails), /kwok v0\.8\.0 can't be built: go said\n {2}go: downloading\n {2}dial tcp: no route to host/);
        assert.deepEqual(commands.map(({ cwd, env }) => [cwd, env["CGO_ENABLED"]]), [[join(toolsFolder, "kwok"), "0"]]);
        // What Go makes on its way is beside the file, and gone with the build.
        const [temporary, other] = commands.flatMap(({ env }) => [env["GOTMPDIR"], env["TMPDIR"]]);
        assert.equal(temporary, other);
        assert.equal(dirname(temporary ?? ""), dirname(file));
        assert.deepEqual(readdirSync(dirname(file)), []);
        rmSync(dirname(file), { recursive: true });
    });
});

describe("where the control plane's programs come from", () => {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-binaries-"));
    });
    afterEach(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    const program = (path: string, prints: string): void => {
        mkdirSync(join(path, ".."), { recursive: true });
        writeFileSync(path, `#!/bin/sh\necho '${prints}'\n`);
        chmodSync(path, 0o755);
    };
    const assets = (name: string, prints = "Kubernetes v1.35.1"): string => {
        for (const tool of toolNames) {
            program(join(folder, name, tool), prints);
        }
        return join(folder, name);
    };
    const quiet = (): void => undefined;

    it("is the folder that was given, first of all; its API server says the version", async () => {
        const env = { HOLDFAST_ASSETS: assets("own"), KUBEBUILDER_ASSETS: assets("other"), HOLDFAST_CACHE: join(folder, "cache") };
        const given = await ensureBinaries(quiet, { env });
        assert.equal(given.paths.etcd, join(folder, "own", "etcd"));
        assert.equal(given.kubernetesVersion, "v1.35.1");
        const other = await ensureBinaries(quiet, { env: { ...env, HOLDFAST_ASSETS: "" } });
        assert.equal(other.paths.kwok, join(folder, "other", "kwok"));
        assert.ok(!existsSync(join(folder, "cache")));
    });

    it("is not a folder that lacks some, and the error names all of them", async () => {
        const own = assets("own");
        rmSync(join(own, "kwok"));
        chmodSync(join(own, "etcd"), 0o644);
        await assert.rejects(ensureBinaries(quiet, { env: { HOLDFAST_ASSETS: own } }), (error: unknown) => {
            assert.ok(error instanceof Unobtainable);
            assert.match(error.message, /HOLDFAST_ASSETS names .*own, which lacks etcd, kwok; put them there, or unset HOLDFAST_ASSETS/);
            return true;
        });
    });

    it("need have no more than is asked for: no kubelet for fake nodes, no kwok for real ones", async () => {
        const env = { HOLDFAST_ASSETS: assets("own") };
        rmSync(join(env.HOLDFAST_ASSETS, "kubelet"));
        assert.deepEqual(Object.keys((await ensureBinaries(quiet, { env })).paths).sort(), [...simulatedTools].sort());
        await assert.rejects(ensureTools(liveTools, quiet, { env }), /which lacks kubelet; put them there/);
        program(join(env.HOLDFAST_ASSETS, "kubelet"), "");
        rmSync(join(env.HOLDFAST_ASSETS, "kwok"));
        const { paths } = await ensureTools(liveTools, quiet, { env });
        assert.deepEqual(Object.keys(paths).sort(), ["etcd", "kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet"]);
        await assert.rejects(ensureBinaries(quiet, { env }), /which lacks kwok/);
    });

    it("is an envtest folder as far as it goes, and the cache for the rest; its API server only among controllers of its minor", async () => {
        const cache = join(folder, "cache", "tools");
        for (const tool of tools) {
            program(join(cache, `${tool.name}-${pinnedVersion(toolsFolder, tool)}-linux-amd64`, tool.name), "");
        }
        const found = async (version: string): Promise<readonly string[]> => {
            for (const name of ["etcd", "kube-apiserver", "kubectl"]) {
                program(join(folder, "envtest", name), `Kubernetes ${version}`);
            }
            const said: string[] = [];
            const { paths, kubernetesVersion } = await ensureBinaries(line => said.push(line), { env: { KUBEBUILDER_ASSETS: join(folder, "envtest"), HOLDFAST_CACHE: join(folder, "cache") }, platform: linux, toolsFolder });
            return [...simulatedTools.filter(name => paths[name].includes("envtest")), kubernetesVersion, ...said.map(line => line.slice(line.indexOf(" is v")))];
        };
        assert.deepEqual(await found("v1.36.1"), ["etcd", "kube-apiserver", "v1.36.1"]);
        assert.deepEqual(await found("v1.35.1"), ["etcd", kubernetes, ` is v1.35.1, and the controllers to go with it are ${kubernetes}: the API server of ${kubernetes} is taken`]);
    });

    it("is not a folder whose Kubernetes is too old, or says no version", async () => {
        await assert.rejects(ensureBinaries(quiet, { env: { KUBEBUILDER_ASSETS: assets("old", "Kubernetes v1.33.9") } }), /says it is v1\.33\.9; Kubernetes 1\.34 or later is needed/);
        await assert.rejects(ensureBinaries(quiet, { env: { KUBEBUILDER_ASSETS: assets("mute", "") } }), /says it is nothing/);
    });

    it("is the cache, by version and platform, without a word", async () => {
        const cache = join(folder, "cache", "tools");
        for (const tool of tools) {
            program(join(cache, `${tool.name}-${pinnedVersion(toolsFolder, tool)}-linux-arm64`, tool.name), "");
        }
        const said: string[] = [];
        const found = await ensureBinaries(line => said.push(line), { env: { HOLDFAST_CACHE: join(folder, "cache") }, platform: { os: "linux", arch: "arm64" }, toolsFolder });
        assert.equal(found.paths["kube-apiserver"], join(cache, "kube-apiserver-v1.36.3-linux-arm64", "kube-apiserver"));
        assert.equal(found.kubernetesVersion, "v1.36.3");
        assert.deepEqual(said, []);
    });

    it("is a build where there is no download; what says another version does not count", async () => {
        const builds = (prints: string): Execute => ({ command, args }) => {
            const file = args[args.indexOf("-o") + 1] ?? "";
            if (args.includes("build")) {
                program(file, "");
            }
            return Promise.resolve({ code: 0, stdout: command.endsWith("/kwok") ? prints : "", stderr: "" });
        };
        const means = { platform: { os: "darwin", arch: "arm64" }, toolsFolder, signal: never, say: quiet, silent: new Set<string>() };
        await recipeOf(toolNamed("kwok"), { ...means, execute: builds("kwok version v0.8.0") }).make(folder);
        assert.deepEqual(readdirSync(folder), ["kwok"]);
        await assert.rejects(recipeOf(toolNamed("kwok"), { ...means, execute: builds("kwok version v0.7.0") }).make(folder), /does not say that it is v0\.8\.0: kwok version v0\.7\.0/);
    });
});

describe("a download", () => {
    let folder = "";
    let server: Server;
    let origin = "";
    const files = new Map<string, string>();
    beforeEach(async () => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-download-"));
        files.clear();
        server = createServer((asked, answer) => {
            const text = files.get(asked.url ?? "");
            answer.statusCode = text === undefined ? 404 : 200;
            answer.end(text);
        });
        server.listen({ host: "127.0.0.1", port: 0 });
        await once(server, "listening");
        origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => {
        server.close();
        server.closeAllConnections();
        rmSync(folder, { recursive: true, force: true });
    });

    const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

    it("is kept where its checksum is right, and may be run", async () => {
        files.set("/tool", "#!/bin/sh\n").set("/sums", `${sha256("#!/bin/sh\n")}  tool\n`);
        const file = join(folder, "tool");
        await download({ url: `${origin}/tool`, checksums: `${origin}/sums` }, file, never);
        assert.equal(readFileSync(file, "utf8"), "#!/bin/sh\n");
    });

    it("fails where its checksum is wrong or missing, or where it is not there", async () => {
        files.set("/tool", "tampered").set("/sums", `${sha256("tool")}  tool\n`).set("/none", "");
        const get = (url: string, checksums: string): Promise<void> => download({ url: origin + url, checksums: origin + checksums }, join(folder, "tool"), never);
        await assert.rejects(get("/tool", "/sums"), new DownloadFailed(`${origin}/tool has the SHA-256 ${sha256("tampered")}, but ${sha256("tool")} is published for it`));
        await assert.rejects(get("/tool", "/none"), /has no checksum of tool/);
        await assert.rejects(get("/other", "/sums"), /has no checksum of other/);
        await assert.rejects(get("/tool", "/gone"), /answers 404/);
    });

    it("fails at once where nobody listens, and ends when it is told to", async () => {
        server.close();
        await once(server, "close");
        await assert.rejects(download({ url: `${origin}/tool` }, join(folder, "tool"), never), DownloadFailed);
        await assert.rejects(download({ url: `${origin}/tool` }, join(folder, "tool"), AbortSignal.abort(new Error("enough"))), /enough/);
    });

    it("finds its checksum by name, or alone in its file", () => {
        assert.equal(checksumIn("aa  etcd.zip\nbb  etcd.tar.gz\n", "etcd.tar.gz"), "bb");
        assert.equal(checksumIn("aa *etcd.zip\n", "etcd.zip"), "aa");
        assert.equal(checksumIn("cc\n", "kube-apiserver"), "cc");
        assert.equal(checksumIn("aa  etcd.zip\n", "other"), undefined);
    });
});
