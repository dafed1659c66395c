import { join } from "node:path";

import { type Execute, CommandMissing } from "../../tools/execute";
import { Unobtainable } from "../../tools/cache";
import { besideFile } from "../../tools/goProgram";
import { withParent } from "../process/withParent";
import type { Tool } from "./tools";

/** Lines of a failed build that are shown. */
const shownLines = 6;

/** How the user gets Go, and what does without. */
const fix = "get Go 1.21 or later from https://go.dev/dl, or let HOLDFAST_ASSETS name a folder with the binaries";

/** Arguments of `go` that build a tool into a file. */
export function buildArguments({ folder, package: path }: Tool, version: string, file: string): readonly string[] {
    const [, major = "", minor = ""] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
    // Without the stamp an API server says it is v0.0.0, and takes itself for older than its own features.
    const stamp = "k8s.io/component-base/version";
    const stamps = folder === "kubernetes" ? ` -X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor}` : "";
    return ["build", "-mod=readonly", "-trimpath", "-ldflags", `-s -w${stamps}`, "-o", file, path];
}

/**
 * Builds a tool from the Go modules that tools/ pins. Go checks each against go.sum.
 *
 * @throws Unobtainable that says what Go said, or how to get Go.
 */
export async function build(tool: Tool, version: string, file: string, toolsFolder: string, execute: Execute): Promise<void> {
    const { command, args } = withParent("go", buildArguments(tool, version, file));
    const cwd = join(toolsFolder, tool.folder);
    const { code, stderr } = await besideFile(file, env => execute({ command, args, cwd, env })).catch((error: unknown) => {
        throw error instanceof CommandMissing ? noGo(tool) : error;
    });
    // setpriv reports a missing program by this exit code, as a shell does.
    if (code === 127) {
        throw noGo(tool);
    }
    if (code !== 0) {
        const said = stderr.trim().split("\n").slice(-shownLines);
        throw new Unobtainable(`${tool.name} ${version} can't be built: ${["go said", ...said].join("\n  ")}\n${fix}`);
    }
}

function noGo({ name }: Tool): Unobtainable {
    return new Unobtainable(`${name} can't be downloaded here, and there is no go on the PATH to build it: ${fix}`);
}
