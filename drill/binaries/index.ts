import { existsSync } from "node:fs";
import { join } from "node:path";

import { type Execute, executor } from "../../tools/execute";
import { type Recipe, type Say, Unobtainable, cacheRoot, installed } from "../../tools/cache";
import { build } from "./build";
import { type Download, DownloadFailed, download, downloadOf } from "./download";
import { assetsIn, givenPaths } from "./given";
import { type Platform, thisPlatform } from "../../tools/platform";
import { type SimulatedTool, type Tool, type ToolName, pinnedVersion, simulatedTools, tools, versionSaid } from "./tools";

export { type LiveTool, type SimulatedTool, type ToolName, liveTools, simulatedTools } from "./tools";

/** Paths of the programs of a control plane: by default those of one with fake nodes. */
export interface Binaries<Name extends ToolName = SimulatedTool> {
    readonly paths: Readonly<Record<Name, string>>;
    /** Version of the API server, such as v1.36.3. */
    readonly kubernetesVersion: string;
}

/** What decides where binaries come from; all of it has a default. */
export interface BinariesOptions {
    readonly env?: NodeJS.ProcessEnv;
    readonly platform?: Platform;
    /** Ends downloads and builds. */
    readonly signal?: AbortSignal;
    /** Folder of the go.mod files. */
    readonly toolsFolder?: string;
}

/** Oldest minor of Kubernetes 1 that the app's manifests are drilled on: what EKS and GKE still support. */
const oldestMinor = 34;

/**
 * Finds the programs of a control plane with fake nodes. Each is the first of these that there is: that in the folder that HOLDFAST_ASSETS or
 * KUBEBUILDER_ASSETS names; that in the cache; the project's own download, checked against its checksum; a build
 * from the Go modules that tools/ pins. The last two fill the cache, one program at a time.
 *
 * @throws Unobtainable that says what can't be had and what to do.
 */
export async function ensureBinaries(say: Say, options: BinariesOptions = {}): Promise<Binaries> {
    return ensureTools(simulatedTools, say, options);
}

/**
 * Finds programs of a control plane, as ensureBinaries does. Among those that are asked for must be kube-apiserver.
 *
 * @throws Unobtainable that says what can't be had and what to do.
 */
export async function ensureTools<Name extends ToolName>(names: readonly Name[], say: Say, options: BinariesOptions = {}): Promise<Binaries<Name>> {
    const asked = tools.filter(({ name }) => names.some(own => own === name));
    const { env = process.env, platform = thisPlatform(), signal = new AbortController().signal, toolsFolder = join(__dirname, "..", "..", "tools") } = options;
    const execute = executor(signal);
    const assets = assetsIn(env);
    const given = assets === undefined ? undefined : await usable(givenPaths(assets, names), { asked, toolsFolder, execute, say });
    const paths: Partial<Record<ToolName, string>> = { ...given?.paths };
    const cache = join(cacheRoot(env), "tools");
    const means = { platform, toolsFolder, execute, signal, say, silent: new Set<string>() };
    const recipes = new Map(asked.filter(({ name }) => paths[name] === undefined).map(tool => [tool.name, recipeOf(tool, means)]));
    const missing = asked.filter(({ name }) => recipes.has(name) && !isCached(cache, recipes.get(name)));
    if (missing.length > 0) {
        say(`${missing.length} of ${asked.length} control plane programs are not in ${cache} yet: they are downloaded, or built by Go (${expected(missing)})`);
    }
    for (const [name, recipe] of recipes) {
        const place = missing.findIndex(tool => tool.name === name) + 1;
        const expect = `${place} of ${missing.length}${recipe.expect === undefined ? "" : `; ${recipe.expect}`}`;
        paths[name] = join(await installed(cache, { ...recipe, expect }, say), name);
    }
    if (!isComplete(paths, names)) {
        throw new Error("a tool has no recipe");
    }
    return { paths, kubernetesVersion: given?.kubernetesVersion ?? pinnedKubernetes(toolsFolder) };
}

/** Version of Kubernetes that tools/ pins. */
function pinnedKubernetes(toolsFolder: string): string {
    const [api] = tools.filter(({ name }) => name === "kube-apiserver");
    if (api === undefined) {
        throw new Error("kube-apiserver is no tool");
    }
    return pinnedVersion(toolsFolder, api);
}

interface Usable {
    readonly paths: Partial<Record<ToolName, string>>;
    /** Version of the API server among them; undefined where there is none. */
    readonly kubernetesVersion: string | undefined;
}

/**
 * What can be used of a folder that lacks some. Kubernetes' own programs go together: controllers, a scheduler, a kubelet and a kube-proxy
 * must not be newer than their API server (https://kubernetes.io/releases/version-skew-policy/), so with pinned ones beside it, it must be of their minor.
 */
async function usable(
    paths: Partial<Record<ToolName, string>>,
    { asked, toolsFolder, execute, say }: Pick<Means, "toolsFolder" | "execute" | "say"> & { readonly asked: readonly Tool[] },
): Promise<Usable> {
    const ofKubernetes = asked.filter(({ folder }) => folder === "kubernetes").map(({ name }) => name);
    const apiServer = paths["kube-apiserver"];
    const pinned = pinnedKubernetes(toolsFolder);
    const version = apiServer === undefined ? undefined : await supported(apiServer, execute);
    if (ofKubernetes.every(name => paths[name] !== undefined) || (version !== undefined && minorOf(version) === minorOf(pinned))) {
        return { paths, kubernetesVersion: version };
    }
    if (apiServer !== undefined) {
        say(`${apiServer} is ${version ?? ""}, and the controllers to go with it are ${pinned}: the API server of ${pinned} is taken`);
    }
    return { paths: Object.fromEntries(Object.entries(paths).filter(([name]) => !ofKubernetes.some(own => own === name))), kubernetesVersion: undefined };
}

/** The minor of a version of Kubernetes 1; NaN of any other text. */
function minorOf(version: string | undefined): number {
    return Number(/^v1\.(\d+)\./.exec(version ?? "")?.[1]);
}

function isComplete<Name extends ToolName>(paths: Partial<Record<ToolName, string>>, names: readonly Name[]): paths is Record<Name, string> {
    return names.every(name => paths[name] !== undefined);
}

function isCached(cache: string, recipe: Recipe | undefined): boolean {
    return recipe !== undefined && existsSync(join(cache, `${recipe.name}-${recipe.version}`, recipe.proof));
}

interface Means {
    readonly platform: Platform;
    readonly toolsFolder: string;
    readonly execute: Execute;
    readonly signal: AbortSignal;
    readonly say: Say;
    /** Hosts that did not answer: they are not asked twice. */
    readonly silent: Set<string>;
}

/** How a tool gets into the cache. Its key has the version and the platform. */
export function recipeOf(tool: Tool, means: Means): Recipe {
    const { platform, toolsFolder, execute, signal } = means;
    const version = pinnedVersion(toolsFolder, tool);
    const source = downloadOf(tool, version, platform);
    return {
        name: tool.name,
        version: `${version}-${platform.os}-${platform.arch}`,
        from: source === undefined ? "Go modules" : `${new URL(source.url).host} or Go modules`,
        proof: tool.name,
        expect: `${minutes(tool.buildSeconds)} on two cores where Go builds it`,
        make: async folder => {
            const file = join(folder, tool.name);
            if (source === undefined || !(await downloaded(source, file, means))) {
                await build(tool, version, file, toolsFolder, execute);
            }
            const { stdout, code } = await execute({ command: file, args: ["--version"], cwd: folder, env: {} });
            signal.throwIfAborted();
            if (code !== 0 || versionSaid(stdout) !== version) {
                throw new Unobtainable(`${tool.name} was installed, but does not say that it is ${version}: ${stdout.trim()}`);
            }
        },
    };
}

async function downloaded(source: Download, file: string, { say, signal, silent }: Means): Promise<boolean> {
    const { host } = new URL(source.url);
    if (silent.has(host)) {
        return false;
    }
    try {
        await download(source, file, signal);
        return true;
    } catch (error) {
        if (!(error instanceof DownloadFailed)) {
            throw error;
        }
        silent.add(host);
        say(`no download from ${host} (${error.message}): building instead`);
        return false;
    }
}

function expected(missing: readonly Tool[]): string {
    return `${minutes(missing.reduce((sum, { buildSeconds }) => sum + buildSeconds, 0))} on two cores, once`;
}

function minutes(seconds: number): string {
    return seconds < 90 ? `about ${seconds} s` : `about ${Math.round(seconds / 60)} minutes`;
}

/** The version of an API server that was given. Throws Unobtainable where it is too old, or says none. */
async function supported(apiServer: string, execute: Execute): Promise<string> {
    const { stdout } = await execute({ command: apiServer, args: ["--version"], cwd: process.cwd(), env: {} });
    const version = versionSaid(stdout);
    if (version === undefined || !(minorOf(version) >= oldestMinor)) {
        throw new Unobtainable(`${apiServer} says it is ${version ?? (stdout.trim() || "nothing")}; Kubernetes 1.${oldestMinor} or later is needed`);
    }
    return version;
}
