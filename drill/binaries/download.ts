import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";

import type { Platform } from "../../tools/platform";
import type { Tool } from "./tools";

/** Where a ready-made binary is, and what vouches for it. */
export interface Download {
    readonly url: string;
    /** File of checksums: one alone, or a line "<hex>  <file>" for each. */
    readonly checksums?: string;
    /** Path of the binary where the file is a gzipped tar. */
    readonly member?: string;
}

/** A download that did not work out. The message says why, in few words. */
export class DownloadFailed extends Error {}

/** Time until a host must have answered, and longest silence after it, in milliseconds. */
const answerMs = 4000;
const silenceMs = 30_000;

/**
 * The official download of a tool, where its project publishes one for the platform: Kubernetes' and etcd's
 * servers are published for Linux alone. kwok's releases have no checksums: TLS is all that vouches for it.
 *
 * Sources: https://kubernetes.io/releases/download/, https://github.com/etcd-io/etcd/releases,
 * https://kwok.sigs.k8s.io/docs/user/installation/
 */
export function downloadOf({ name, folder }: Tool, version: string, { os, arch }: Platform): Download | undefined {
    if (os !== "linux" || (arch !== "amd64" && arch !== "arm64")) {
        return undefined;
    }
    switch (folder) {
        case "kubernetes": {
            const url = `https://dl.k8s.io/${version}/bin/${os}/${arch}/${name}`;
            return { url, checksums: `${url}.sha256` };
        }
        case "etcd": {
            const release = `https://github.com/etcd-io/etcd/releases/download/${version}`;
            const archive = `etcd-${version}-${os}-${arch}`;
            return { url: `${release}/${archive}.tar.gz`, checksums: `${release}/SHA256SUMS`, member: `${archive}/${name}` };
        }
        case "kwok":
            return { url: `https://github.com/kubernetes-sigs/kwok/releases/download/${version}/${name}-${os}-${arch}` };
    }
}

/** The checksum of a file in a text of checksums. */
export function checksumIn(text: string, file: string): string | undefined {
    const lines = text.split("\n").map(line => line.trim().split(/\s+\*?/));
    const alone = lines.find(([hash, name]) => hash !== undefined && hash !== "" && name === undefined)?.[0];
    return lines.find(([, name]) => name === file)?.[0] ?? alone;
}

/**
 * Gets a binary into a file, checked and executable. Gives up on a host that does not answer within four seconds.
 *
 * @throws DownloadFailed, and the signal's reason once that is aborted.
 */
export async function download({ url, checksums, member }: Download, file: string, signal: AbortSignal): Promise<void> {
    const target = member === undefined ? file : `${file}.tar.gz`;
    try {
        const name = url.slice(url.lastIndexOf("/") + 1);
        const expected = checksums === undefined ? undefined : checksumIn(await textOf(checksums, signal), name);
        if (checksums !== undefined && expected === undefined) {
            throw new DownloadFailed(`${checksums} has no checksum of ${name}`);
        }
        const hash = await save(url, target, signal);
        if (expected !== undefined && hash !== expected) {
            throw new DownloadFailed(`${url} has the SHA-256 ${hash}, but ${expected} is published for it`);
        }
        if (member !== undefined) {
            await extract(target, member, file);
        }
        chmodSync(file, 0o755);
    } catch (error) {
        signal.throwIfAborted();
        throw error instanceof DownloadFailed ? error : new DownloadFailed(reason(error));
    } finally {
        if (target !== file) {
            rmSync(target, { force: true });
        }
    }
}

/** fetch says "fetch failed", and why in its cause. */
function reason(error: unknown): string {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
}

async function textOf(url: string, signal: AbortSignal): Promise<string> {
    let text = "";
    const decoder = new TextDecoder();
    await receive(url, signal, chunk => {
        text += decoder.decode(chunk, { stream: true });
        return Promise.resolve();
    });
    return text;
}

/** Saves what is at a URL. Resolves to its SHA-256 in hexadecimal. */
async function save(url: string, path: string, signal: AbortSignal): Promise<string> {
    const hash = createHash("sha256");
    const file = await open(path, "w");
    try {
        await receive(url, signal, async chunk => {
            hash.update(chunk);
            await file.writeFile(chunk);
        });
    } finally {
        await file.close();
    }
    return hash.digest("hex");
}

async function receive(url: string, signal: AbortSignal, take: (chunk: Uint8Array) => Promise<void>): Promise<void> {
    const silence = new AbortController();
    const within = (ms: number): NodeJS.Timeout =>
        setTimeout(() => {
            silence.abort(new DownloadFailed(`${new URL(url).host} is silent for ${ms / 1000} s`));
        }, ms);
    let timer = within(answerMs);
    try {
        const response = await fetch(url, { signal: AbortSignal.any([signal, silence.signal]) });
        if (!response.ok || response.body === null) {
            throw new DownloadFailed(`${url} answers ${response.status}`);
        }
        for await (const chunk of response.body) {
            clearTimeout(timer);
            await take(chunk);
            timer = within(silenceMs);
        }
    } finally {
        clearTimeout(timer);
    }
}

async function extract(archive: string, member: string, file: string): Promise<void> {
    const depth = member.split("/").length - 1;
    const tar = spawn("tar", ["-xzf", archive, "-C", dirname(file), `--strip-components=${depth}`, member], { stdio: "ignore" });
    const [code] = (await once(tar, "close")) as [number | null];
    if (code !== 0) {
        throw new DownloadFailed(`tar can't unpack ${member}`);
    }
}
