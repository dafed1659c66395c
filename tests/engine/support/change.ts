import { type StackConfig, configOf } from "./workspace";

/** Changes of a config: values by dotted path below `holdfast:`, such as `app.image`; undefined leaves a key out. */
export type Edits = Readonly<Record<string, unknown>>;

/** The config of one of the project's stacks, with changes. */
export function configWith(stack: string, edits: Edits): StackConfig {
    return edited(configOf(stack), edits);
}

/** A config with changes. Throws where a path leads through what is not there. */
export function edited(config: StackConfig, edits: Edits): StackConfig {
    const copy = structuredClone(config) as Record<string, unknown>;
    for (const [path, value] of Object.entries(edits)) {
        const [section = "", ...keys] = path.split(".");
        set(copy, [`holdfast:${section}`, ...keys], value, path);
    }
    return copy;
}

function set(container: Record<string, unknown>, [key = "", ...rest]: readonly string[], value: unknown, path: string): void {
    if (rest.length > 0) {
        const inner = container[key];
        if (typeof inner !== "object" || inner === null) {
            throw new Error(`${path}: there is no ${key}`);
        }
        set(inner as Record<string, unknown>, rest, value, path);
    } else if (value === undefined) {
        Reflect.deleteProperty(container, key);
    } else {
        container[key] = value;
    }
}
