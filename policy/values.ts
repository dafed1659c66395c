/** Values of inputs, as a plan or Pulumi's engine shows them. */

/** A mapping of text to anything. */
export type Mapping = Readonly<Record<string, unknown>>;

/** Whether a value is a mapping. */
export function isMapping(value: unknown): value is Mapping {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether there is a value: the engine shows null where a plan shows nothing. */
export function isSet<T>(value: T): value is NonNullable<T> {
    return value !== undefined && value !== null;
}

/** Whether something was said: the engine shows null, an empty text or an empty list where a program says nothing. */
export function isSaid<T>(value: T): value is NonNullable<T> {
    return isSet(value) && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/** Whether only an update knows a value. */
export function isUnknown(value: unknown): boolean {
    return typeof value === "string" && value.includes("${");
}

/** Whether only an update knows a value, or some of it. */
export function hasUnknown(value: unknown): boolean {
    return isUnknown(value) || (typeof value === "object" && value !== null && Object.values(value).some(hasUnknown));
}

/** A value as text; empty where it is none. */
export function textOf(value: unknown): string {
    return typeof value === "string" ? value : "";
}

/** Items of a list that are set; none where there is no list, or where only an update knows it. */
export function items<Item>(list: readonly Item[] | undefined): readonly Item[] {
    return Array.isArray(list) ? (list as readonly Item[]).filter(isSet) : [];
}

/** A value that may be one or a list of several, as a list; empty for none. */
export function listOf(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? value : isSet(value) ? [value] : [];
}

/** Keys and values of a mapping that are set; none where there is no mapping, or where only an update knows it. */
export function entries<Value>(mapping: Readonly<Record<string, Value>> | undefined): readonly (readonly [key: string, value: NonNullable<Value>])[] {
    return isMapping(mapping) ? Object.entries(mapping).flatMap(([key, value]) => (isSet(value) ? [[key, value] as const] : [])) : [];
}

/** What a text says as JSON; undefined where it is no JSON, or no text. */
export function parsed(text: unknown): unknown {
    try {
        return typeof text === "string" ? (JSON.parse(text) as unknown) : undefined;
    } catch {
        return undefined;
    }
}

/** What a block of inputs has under a key; where only an update knows the block, that holds for what is in it. */
export function at<Block extends object, Key extends keyof Block>(block: Block | undefined, key: Key): Block[Key] | undefined {
    return isUnknown(block) ? (block as unknown as Block[Key]) : block?.[key];
}

/** Whether a value is known to be another than the one that is wanted. */
export function differs(value: unknown, wanted: unknown): boolean {
    return !isUnknown(value) && value !== wanted;
}
