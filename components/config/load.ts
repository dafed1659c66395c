import * as pulumi from "@pulumi/pulumi";

import { isRecord } from "./fields";
import { parseConfig } from "./parse";
import { ConfigError, type Problem, Said, joinPath, namespace } from "./problems";
import { type HoldfastConfig, configSchema } from "./schema";

/**
 * Reads and checks the stack's config. The only reader of `pulumi.Config`; makes no resource.
 *
 * @throws ConfigError with every problem at once.
 */
export function loadConfig(): HoldfastConfig {
    return parseConfig(programConfig(pulumi.runtime.allConfig()));
}

/**
 * Holdfast's part of a stack's config, as it is written in YAML. The engine hands structures over as
 * JSON text. A section that is an empty mapping, as Pulumi.yaml has it by default, is left out.
 *
 * @throws ConfigError for a key whose text is no structure.
 */
export function programConfig(config: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
    const raw: (readonly [string, unknown])[] = [];
    const unreadable: Problem[] = [];
    for (const [fullKey, text] of Object.entries(config)) {
        if (!fullKey.startsWith(`${namespace}:`)) {
            continue;
        }
        const key = fullKey.slice(namespace.length + 1);
        const value = structureOf(text);
        const known = Object.hasOwn(configSchema.shape, key);
        if (value === undefined && known) {
            unreadable.push({
                path: joinPath(namespace, key),
                received: new Said("text that is no structure"),
                allowed: "a structure, as YAML in the stack's file",
                fix: `write ${key}: in the stack's file, with its keys indented below it`,
            });
        }
        if (!(known && isRecord(value) && Object.keys(value).length === 0)) {
            raw.push([key, value ?? text]);
        }
    }
    if (unreadable.length > 0) {
        throw new ConfigError(unreadable);
    }
    // Made of entries, so that a key such as __proto__ is one like any other.
    return Object.fromEntries(raw);
}

function structureOf(text: string): unknown {
    try {
        const value: unknown = JSON.parse(text);
        return typeof value === "object" && value !== null ? value : undefined;
    } catch {
        return undefined;
    }
}
