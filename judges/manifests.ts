import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { parseAllDocuments } from "yaml";
import { z } from "zod";

import { type Execute, inTurns, lastLines } from "../tools/execute";
import type { Manifest } from "./verdict";

/** There is nothing to judge: the message says why. */
export class ManifestError extends Error {}

const project = resolve(__dirname, "..");

/**
 * Plans stacks into `scratch` as `npm start` does, and reads the manifests that it writes. A plan that
 * breaks a mandatory rule of the policy pack fails, but says that it wrote them: they are judged like any others.
 */
export async function planManifests(stacks: readonly string[], scratch: string, execute: Execute, width: number): Promise<Manifest[]> {
    const plans = stacks.map(stack => async () => {
        const args = [join(project, "plan", "start.mjs"), "--stack", stack, "--out", scratch];
        const outcome = await execute({ command: process.execPath, args, cwd: project, env: process.env });
        if (outcome.code !== 0 && !/^Wrote .*manifests/m.test(outcome.stdout)) {
            throw new ManifestError(`stack ${stack} can't be planned:\n${lastLines(outcome, Infinity)}`);
        }
    });
    await inTurns(plans, width);
    return stacks.flatMap(stack => {
        const folder = join(scratch, stack, "manifests");
        return readdirSync(folder)
            .sort()
            .map(file => readManifest(join(folder, file), `${stack}/${file.replace(/\.yaml$/, "")}`));
    });
}

/** The manifest in a file. Throws a ManifestError where that can't be read. */
export function readManifest(path: string, where: string): Manifest {
    try {
        return { where, path: resolve(path), objects: parseManifest(readFileSync(path, "utf8")) };
    } catch (error) {
        throw new ManifestError(`${where} can't be read: ${error instanceof Error ? error.message : String(error)}`);
    }
}

const objectSchema = z.object({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
});

/**
 * The objects of a manifest's documents; empty ones are passed over. Keys that are there twice are
 * left for kubeconform to find.
 *
 * @throws ManifestError where a document is no YAML, or no object with a kind and a name.
 */
export function parseManifest(text: string): Manifest["objects"] {
    return parseAllDocuments(text, { uniqueKeys: false }).flatMap((document, index) => {
        const [error] = document.errors;
        if (error !== undefined) {
            throw new ManifestError(error.message);
        }
        const body: unknown = document.toJS();
        if (body === null || body === undefined) {
            return [];
        }
        const parsed = objectSchema.safeParse(body);
        if (!parsed.success) {
            const at = parsed.error.issues.map(({ path }) => path.join(".")).join(", ");
            throw new ManifestError(`document ${index + 1} is no Kubernetes object${at === "" ? "" : `: look at ${at}`}`);
        }
        const { apiVersion, kind, metadata } = parsed.data;
        return [{ apiVersion, kind, namespace: metadata.namespace, name: metadata.name, body }];
    });
}
