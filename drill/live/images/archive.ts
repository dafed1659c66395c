import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

import { type Execute, lastLines } from "../../../tools/execute";
import { thisPlatform } from "../../../tools/platform";
import { searchPath } from "./needs";
import { storedName } from "./reference";
import type { ImageSpec } from "./spec";

/** An archive of images that is to be written. */
export interface Archive {
    readonly specs: readonly ImageSpec[];
    /** Path of the stand-in program; it must be static. */
    readonly binary: string;
    /** File that gets the archive. What is needed meanwhile is beside it. */
    readonly file: string;
    readonly execute: Execute;
}

/** Place of the program in every image. */
const program = "/standin";

/** Folders that every container has something mounted in. */
const systemFolders = ["/dev", "/etc", "/proc", "/sys", "/tmp"];

/** Files of the archive are their owner's alone, whatever the umask: their modes are in its bytes. */
const ownFile = { mode: 0o600 };

/** A layer in the archive. */
interface Layer {
    /** Name of its file. */
    readonly file: string;
    /** SHA-256 of the tar before it was compressed. */
    readonly diffId: string;
}

/**
 * Writes images into one archive, for `ctr --namespace k8s.io images import`: a file manifest.json, and for each image a configuration and its layers
 * (https://github.com/moby/docker-image-spec/blob/main/v1.2.md). All share the layer that has the program. Layers are compressed
 * here, once: containerd takes those as they are, and would else compress them on each node
 * (`resolveLayers` in https://github.com/containerd/containerd/blob/release/1.6/images/archive/importer.go).
 * The same images give the same bytes.
 */
export async function writeImages({ specs, binary, file, execute }: Archive): Promise<void> {
    const work = mkdtempSync(join(dirname(file), "images-"));
    try {
        const content = join(work, "content");
        mkdirSync(content, { mode: 0o700 });
        const layer = (fill: (root: string) => void): Promise<Layer> => writeLayer(work, content, fill, execute);
        const base = await layer(root => {
            copyFileSync(binary, join(root, program));
            chmodSync(join(root, program), 0o755);
            systemFolders.forEach(folder => {
                makeFolder(root, folder);
            });
        });
        const manifest = [];
        for (const spec of specs) {
            const own = await layer(root => {
                fillOwn(root, spec);
            });
            const layers = [base, own];
            const config = JSON.stringify(configOf(spec, layers.map(({ diffId }) => diffId)));
            const name = `${sha256(config)}.json`;
            writeFileSync(join(content, name), config, ownFile);
            manifest.push({ Config: name, RepoTags: [storedName(spec.image)], Layers: layers.map(({ file: layerFile }) => layerFile) });
        }
        writeFileSync(join(content, "manifest.json"), JSON.stringify(manifest), ownFile);
        await pack(content, file, execute);
    } finally {
        rmSync(work, { recursive: true, force: true });
    }
}

/** What an image has beside the program: the places where manifests expect it, and its data's. Folders for other volumes are made by runc. */
function fillOwn(root: string, { commands, dataFolder }: ImageSpec): void {
    if (dataFolder !== undefined) {
        makeFolder(root, dataFolder);
        // Whichever user the manifest says may write there.
        chmodSync(join(root, dataFolder), 0o1777);
    }
    commands.forEach(command => {
        makeFolder(root, dirname(command));
        symlinkSync(program, join(root, command));
    });
}

/** Makes a folder of an image, with those above it, whatever this process' umask. */
function makeFolder(root: string, path: string): void {
    let at = "";
    for (const part of path.split("/").filter(name => name !== "")) {
        at = `${at}/${part}`;
        mkdirSync(join(root, at), { recursive: true });
        chmodSync(join(root, at), at === "/tmp" ? 0o1777 : 0o755);
    }
}

async function writeLayer(work: string, content: string, fill: (root: string) => void, execute: Execute): Promise<Layer> {
    const root = mkdtempSync(join(work, "root-"));
    // It becomes the root of the image, which every user must be able to enter.
    chmodSync(root, 0o755);
    fill(root);
    const file = join(work, "layer.tar");
    await pack(root, file, execute);
    const tar = readFileSync(file);
    const diffId = sha256(tar);
    const name = `${diffId}.tar.gz`;
    // The fastest level: the files are never sent anywhere.
    writeFileSync(join(content, name), gzipSync(tar, { level: 1 }), ownFile);
    return { file: name, diffId: `sha256:${diffId}` };
}

/** Packs a folder's content, so that the same content gives the same bytes (https://reproducible-builds.org/docs/archives/). */
async function pack(folder: string, file: string, execute: Execute): Promise<void> {
    const reproducible = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"];
    const outcome = await execute({ command: "tar", args: ["--create", "--file", file, ...reproducible, "--directory", folder, "."], cwd: folder, env: process.env });
    if (outcome.code !== 0) {
        throw new Error(`tar can't pack ${file}:\n${lastLines(outcome)}`);
    }
}

/** An image's configuration: what its containers run, and which layers they see. */
function configOf(spec: ImageSpec, diffIds: readonly string[]): object {
    return {
        created: new Date(0).toISOString(),
        architecture: thisPlatform().arch,
        os: "linux",
        config: {
            Env: Object.entries(environmentOf(spec)).map(([name, value]) => `${name}=${value}`),
            Entrypoint: [program],
            WorkingDir: "/",
            // Two images with the same content would be one to containerd, and pods would be said to run either.
            Labels: { "org.opencontainers.image.ref.name": storedName(spec.image) },
            ...(spec.habits === undefined ? {} : { StopSignal: spec.habits.stopSignal }),
        },
        rootfs: { type: "layers", diff_ids: diffIds },
        history: diffIds.map(() => ({ created: new Date(0).toISOString() })),
    };
}

/** What tells the program its part; tools/standin/main.go says what each variable means. */
export function environmentOf({ role, port, livePaths, readyPath, dataFolder, habits, startSeconds }: ImageSpec): Readonly<Record<string, string>> {
    return {
        PATH: searchPath,
        HOLDFAST_ROLE: role,
        ...(port === undefined ? {} : { HOLDFAST_PORT: String(port) }),
        ...(livePaths.length === 0 ? {} : { HOLDFAST_LIVE_PATH: livePaths.join(" ") }),
        ...(readyPath === undefined ? {} : { HOLDFAST_READY_PATH: readyPath }),
        ...(dataFolder === undefined ? {} : { HOLDFAST_DATA: dataFolder }),
        ...(startSeconds === 0 ? {} : { HOLDFAST_START_SECONDS: String(startSeconds) }),
        ...(habits?.abrupt === true ? { HOLDFAST_ABRUPT: "1" } : {}),
    };
}

function sha256(content: string | Uint8Array): string {
    return createHash("sha256").update(content).digest("hex");
}
