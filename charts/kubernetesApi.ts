import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { type JsonSchema, readDefinitions, schemaOf, schemaPath, typeNames } from "../judges/schemas";
import { lastLines } from "../judges/tools";
import { packages, versions } from "../judges/versions";
import { type Recipe, type Say, Unobtainable, installed } from "../tools/cache";
import { CommandMissing, type Execute } from "../tools/execute";
import type { KubernetesObject } from "./objects";
import { misfitsOf } from "./structure";

/** Says what does not fit Kubernetes' own API: a misspelt field in what a chart hands on as it is. Undefined for types that are not its own. */
export type KubernetesApi = (object: KubernetesObject) => readonly string[] | undefined;

/** Kubernetes' own API, from the file that the judges have too, in the same place of the cache. */
export async function obtainApi(cache: string, scratch: string, execute: Execute, say: Say): Promise<KubernetesApi> {
    const recipe = apiRecipe(scratch, execute);
    return apiOf(readFileSync(join(await installed(join(cache, "judges"), recipe, say), recipe.proof), "utf8"));
}

function apiRecipe(scratch: string, execute: Execute): Recipe {
    const version = `v${versions.kubernetes}`;
    return {
        name: "kubernetes-api",
        version,
        from: "Go modules",
        proof: "swagger.json",
        make: async folder => {
            const args = ["mod", "download", "-json", `${packages.kubernetes}@${version}`];
            const outcome = await execute({ command: "go", args, cwd: scratch, env: process.env }).catch((error: unknown) => {
                throw error instanceof CommandMissing ? new Unobtainable(`${error.message}; get Go 1.21 or later from https://go.dev/dl`) : error;
            });
            if (outcome.code !== 0) {
                throw new Unobtainable(`go ${args.join(" ")} failed; it needs the network, or a Go module proxy in GOPROXY. It said:\n${lastLines(outcome)}`);
            }
            const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(outcome.stdout));
            copyFileSync(join(Dir, "api", "openapi-spec", "swagger.json"), join(folder, "swagger.json"));
        },
    };
}

/** The API that an OpenAPI 2 file describes. */
export function apiOf(swagger: string): KubernetesApi {
    const definitions = readDefinitions(swagger);
    const names = typeNames(definitions);
    const schemas = new Map<string, JsonSchema>();
    return ({ apiVersion, kind, body }) => {
        const path = schemaPath(apiVersion, kind);
        const name = names.get(path);
        if (name === undefined) {
            return undefined;
        }
        const schema = schemas.get(path) ?? schemaOf(definitions, name);
        schemas.set(path, schema);
        return misfitsOf(body, schema);
    };
}
