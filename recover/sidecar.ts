import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Say } from "../tools/cache";
import { PulumiError, type PulumiStack, tryPulumi } from "./pulumi";

/**
 * What the CLI says where the file beside a state was cut short. A state in a folder is written to another file and then moved, so that it
 * is always whole; but its sidecar, which holds no more than a content type, is written in place (fileblob/attrs.go of gocloud.dev: setAttrs),
 * and whoever is killed in the middle leaves it empty: then the state beside it can't be read.
 */
const cutShort = /failed to load checkpoint: (unexpected )?(EOF|end of JSON input)/;

const home = "file://~";

/** Files beside a state, in the folder of whatever project (`StackBasePath` in pkg/backend/diy/store.go of pulumi/pulumi). */
const sidecarEnds: readonly string[] = [".json.attrs", ".json.gz.attrs", ".json.zst.attrs"];

/** Whether a failure to read a state may be that of its sidecar. */
export function mayBeSidecar(error: unknown): boolean {
    return error instanceof PulumiError && cutShort.test(error.message);
}

/**
 * Takes away sidecars of a stack that were cut short, where state is kept in a folder: without one the state is read all the same.
 *
 * @returns whether there were any.
 */
export async function removeSidecars(stack: PulumiStack, say: Say): Promise<boolean> {
    const { code, stdout } = await tryPulumi({ ...stack, name: undefined }, ["whoami", "--verbose", "--json"]);
    const url = code === 0 ? (JSON.parse(stdout) as { readonly url?: string }).url : undefined;
    if (url?.startsWith("file://") !== true) {
        return false;
    }
    // As `pulumi login --local` writes it.
    const folder = join(url.startsWith(home) ? join(homedir(), url.slice(home.length)) : fileURLToPath(new URL(url)), ".pulumi", "stacks");
    // The name may have an organization and a project before it.
    const names = sidecarEnds.map(end => `${stack.name.split("/").at(-1) ?? ""}${end}`);
    const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
    const broken = files.filter(file => names.includes(basename(file)) && !isWhole(join(folder, file)));
    for (const file of broken) {
        say(`taking away ${file}, which was cut short: the state beside it is whole`);
        rmSync(join(folder, file));
    }
    return broken.length > 0;
}

function isWhole(file: string): boolean {
    try {
        JSON.parse(readFileSync(file, "utf8"));
        return true;
    } catch {
        return false;
    }
}
