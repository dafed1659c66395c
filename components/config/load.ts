import * as pulumi from "@pulumi/pulumi";

import { parseConfig } from "./parse";
import { ConfigError, type Problem, joinPath, namespace } from "./problems";
import { type HoldfastConfig, configSchema } from "./schema";

/**
 * Reads and checks the stack's config. The only reader of `pulumi.Config`; makes no resource.
 *
 * @throws ConfigError with every problem at once.
 */
export function loadConfig(): HoldfastConfig {
    const config = new pulumi.Config(namespace);
    const raw: Record<string, unknown> = {};
    const unreadable: Problem[] = [];
    for (const key of Object.keys(configSchema.shape)) {
        const text = config.get(key);
        if (text === undefined) {
            continue;
        }
        try {
            raw[key] = JSON.parse(text);
        } catch {
            unreadable.push({
                path: joinPath(namespace, key),
                received: text,
                allowed: "a structure, as YAML in the stack's file",
                fix: `write ${key}: with its keys indented below it in Pulumi.${pulumi.getStack()}.yaml`,
            });
        }
    }
    if (unreadable.length > 0) {
        throw new ConfigError(unreadable);
    }
    return parseConfig(raw);
}
