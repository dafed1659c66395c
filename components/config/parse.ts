import type { z } from "zod";

import { checkConfig } from "./checks";
import { type SchemaFault, faultsOf, repair } from "./issues";
import { plainCopy } from "./plainCopy";
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
    const given = plainCopy(raw);
    const parsed = configSchema.safeParse(given);
    const faults = parsed.success ? [] : faultsOf(configSchema, given, parsed.error.issues);
    const { config, places } = parsed.success ? { config: parsed.data, places: [] } : repairedConfig(given, faults);
    const faulty = [...faults.map(({ keys }) => keys), ...places].map(pathOf);
    const contradictions = config === undefined ? [] : checkConfig(config).filter(problem => !restsOn(problem, faulty));
    const problems = [...onePerValue(faults.map(fault => fault.problem)), ...contradictions];
    if (problems.length > 0 || config === undefined) {
        throw new ConfigError(problems);
    }
    return deepFreeze(config);
}

/** A value may break several rules of its form; its doc says all of them at once. */
function onePerValue(problems: readonly Problem[]): readonly Problem[] {
    return problems.filter(({ path, allowed }, index) => problems.findIndex(other => other.path === path && other.allowed === allowed) === index);
}

interface RepairedConfig {
    /** Undefined where the faults could not be mended. */
    readonly config: HoldfastConfig | undefined;
    readonly places: readonly (readonly PropertyKey[])[];
}

function repairedConfig(raw: unknown, first: readonly SchemaFault[]): RepairedConfig {
    let current = raw;
    let faults = first;
    const places: (readonly PropertyKey[])[] = [];
    for (let round = 0; round < repairRounds; round++) {
        const repaired = repair(configSchema, current, faults);
        current = repaired.config;
        places.push(...repaired.places);
        const parsed: z.ZodSafeParseResult<HoldfastConfig> = configSchema.safeParse(current);
        if (parsed.success) {
            return { config: parsed.data, places };
        }
        faults = faultsOf(configSchema, current, parsed.error.issues);
    }
    return { config: undefined, places };
}

/** Whether a finding rests on a value that is faulty itself, and so says nothing. */
function restsOn(problem: Problem, faulty: readonly string[]): boolean {
    const paths = [problem.path, ...(problem.reads ?? [])];
    return faulty.some(place => paths.some(path => path === place || startsBelow(path, place) || startsBelow(place, path)));
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
