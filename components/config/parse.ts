import type { z } from "zod";

import { checkConfig } from "./checks";
import { type SchemaFault, faultsOf, repair } from "./issues";
import { ConfigError, type Problem, pathOf } from "./problems";
import { type HoldfastConfig, configSchema } from "./schema";

/** Repairs may uncover faults behind faults (a missing object, then its keys); this many rounds find them. */
const repairRounds = 4;

/**
 * Checks a raw config, as YAML or JSON gave it, and fills in the defaults.
 *
 * @throws ConfigError with every problem at once: values of the wrong form, unknown keys, and keys
 *   that contradict each other. The last kind is looked for even where the first is found, on all
 *   that is not itself faulty.
 */
export function parseConfig(raw: unknown): HoldfastConfig {
    const parsed = configSchema.safeParse(raw);
    const faults = parsed.success ? [] : faultsOf(configSchema, raw, parsed.error.issues);
    const sound = parsed.success ? parsed.data : repairedConfig(raw, faults);
    const contradictions = sound === undefined ? [] : checkConfig(sound).filter(problem => !restsOn(problem, faults));
    const problems = [...faults.map(fault => fault.problem), ...contradictions];
    if (problems.length > 0 || sound === undefined) {
        throw new ConfigError(problems);
    }
    return deepFreeze(sound);
}

function repairedConfig(raw: unknown, first: readonly SchemaFault[]): HoldfastConfig | undefined {
    let current = raw;
    let faults = first;
    for (let round = 0; round < repairRounds; round++) {
        current = repair(configSchema, current, faults);
        const parsed: z.ZodSafeParseResult<HoldfastConfig> = configSchema.safeParse(current);
        if (parsed.success) {
            return parsed.data;
        }
        faults = faultsOf(configSchema, current, parsed.error.issues);
    }
    return undefined;
}

/** Whether a finding rests on a value that is faulty itself, and so says nothing. */
function restsOn(problem: Problem, faults: readonly SchemaFault[]): boolean {
    const paths = [problem.path, ...(problem.reads ?? [])];
    return faults.some(fault => {
        const faulty = pathOf(fault.keys);
        return paths.some(path => path === faulty || startsBelow(path, faulty) || startsBelow(faulty, path));
    });
}

function startsBelow(path: string, parent: string): boolean {
    return path.startsWith(parent) && /^[.:[]/.test(path.slice(parent.length));
}

function deepFreeze<T>(value: T): T {
    if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
        Object.values(value).forEach(deepFreeze);
        Object.freeze(value);
    }
    return value;
}
