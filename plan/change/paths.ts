import { isRecord } from "../../components/config/fields";

/** A place in a resource's inputs: names of properties, and indices of lists. */
export type Path = readonly (string | number)[];

/** Inputs of a resource. */
export type Inputs = Readonly<Record<string, unknown>>;

/** In a path that options such as ignoreChanges give: any property, or any index. */
const any = "*";

/** A path as Pulumi writes it: `a.b[0]`, and `a["b.c"]` for a name that is none by itself. */
export function formatPath(path: Path): string {
    return path
        .map(part => {
            if (typeof part === "number") {
                return `[${part}]`;
            }
            return /[.[\]"]/.test(part) || part === "" ? `["${part.replace(/["\\]/g, "\\$&")}"]` : `.${part}`;
        })
        .join("")
        .replace(/^\./, "");
}

/** One step of a path: `["b.c"]`, `[0]`, `[*]` or `b`. */
const step = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\[(\*)?\]|([^.[\]]+)/g;

/** Reads a path as Pulumi's options have it; `[]` stands for any index, like `[*]`. */
export function parsePath(text: string): Path {
    return [...text.matchAll(step)].map(([, quoted, index, , name]) => {
        if (quoted !== undefined) {
            return quoted.replace(/\\(.)/g, "$1");
        }
        return index === undefined ? (name ?? any) : Number(index);
    });
}

/** Whether a path is at another, or below it. In `above`, `*` stands for any step. */
export function covers(above: Path, path: Path): boolean {
    return above.length <= path.length && above.every((part, index) => part === any || part === path[index]);
}

/** A path without its indices: the facts flatten blocks of which there is one, where SDKs may have a list. */
export function namesOf(path: Path): Path {
    return path.filter(part => typeof part === "string" && part !== any);
}

/** What is at a path; undefined where there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
    return path.reduce<unknown>((inner, part) => {
        if (Array.isArray(inner)) {
            return typeof part === "number" ? (inner as readonly unknown[])[part] : undefined;
        }
        return isRecord(inner) ? inner[String(part)] : undefined;
    }, value);
}

/** A copy of `inputs` in which everything at some paths is as it is in `origin`, or absent as there. */
export function resetAt(inputs: unknown, origin: unknown, paths: readonly Path[]): unknown {
    return paths.reduce((copy, path) => resetOne(copy, origin, path), inputs);
}

function resetOne(value: unknown, origin: unknown, [first, ...rest]: Path): unknown {
    if (first === undefined) {
        return origin;
    }
    if (Array.isArray(value) || Array.isArray(origin)) {
        return resetItem(listOf(value), listOf(origin), first, rest);
    }
    if (!isRecord(value) && !isRecord(origin)) {
        return value;
    }
    const [mine, theirs] = [isRecord(value) ? value : {}, isRecord(origin) ? origin : {}];
    const copy = new Map(Object.entries(mine));
    for (const key of first === any ? new Set([...Object.keys(mine), ...Object.keys(theirs)]) : [String(first)]) {
        const reset = resetOne(mine[key], theirs[key], rest);
        if (reset === undefined) {
            copy.delete(key);
        } else {
            copy.set(key, reset);
        }
    }
    return copy.size === 0 && value === undefined ? undefined : Object.fromEntries(copy);
}

/** Items that only one of the lists has stay as they are: an option can't put back what has no place. */
function resetItem(value: readonly unknown[], origin: readonly unknown[], first: string | number, rest: Path): unknown {
    return value.map((item, index) => ((first === any || first === index) && index < origin.length ? resetOne(item, origin[index], rest) : item));
}

function listOf(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? value : [];
}
