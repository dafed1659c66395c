import { mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { type Execute, CommandMissing } from "../../tools/execute";
import { Unobtainable } from "../../tools/cache";
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
 * Builds a tool from the Go modules that tools/ pins. Go checks each against go.sum. What it needs meanwhile is beside the file, so that
 * it goes with the file's folder where the build is cut short.
 *
 * @throws Unobtainable that says what Go said, or how to get Go.
 */
export async function build(tool: Tool, version: string, file: string, toolsFolder: string, execute: Execute): Promise<void> {
    const { command, args } = withParent("go", buildArguments(tool, version, file));
    const temporary = mkdtempSync(join(dirname(file), "tmp-"));
    // No C compiler is needed, and no workspace above the project has a say.
    const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off", GOTMPDIR: temporary, TMPDIR: temporary };
    const { code, stderr } = await execute({ command, args, cwd: join(toolsFolder, tool.folder), env })
        .catch((error: unknown) => {
            throw error instanceof CommandMissing ? noGo(tool) : error;
        })
        .finally(() => {
            rmSync(temporary, { recursive: true, force: true });
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
