import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type JsonSchema, readDefinitions, schemaOf, schemaPath, typeNames } from "../judges/schemas";
import { apiRecipe } from "../judges/tools";
import { type Say, Unobtainable, installed } from "../tools/cache";
import { CommandMissing, type Execute } from "../tools/execute";
import type { KubernetesObject } from "./objects";
import { misfitsOf } from "./structure";

/** Says what does not fit Kubernetes' own API: a misspelt field in what a chart hands on as it is. Undefined for types that are not its own. */
export type KubernetesApi = (object: KubernetesObject) => readonly string[] | undefined;

/** Kubernetes' own API, from the file that the judges have too, in the same place of the cache. */
export async function obtainApi(cache: string, scratch: string, execute: Execute, say: Say): Promise<KubernetesApi> {
    const recipe = apiRecipe((command, args, env = {}) => execute({ command, args, cwd: scratch, env: { ...process.env, ...env } }));
    const folder = await installed(join(cache, "judges"), recipe, say).catch((error: unknown) => {
        throw error instanceof CommandMissing ? new Unobtainable(error.message) : error;
    });
    return apiOf(readFileSync(join(folder, recipe.proof), "utf8"));
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
