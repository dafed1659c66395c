import { z } from "zod";

import { type FieldDoc, field } from "../fields";

/** The schema of an add-on: off, on as it comes, or on with settings. Off by default. */
export function toggle<S extends z.ZodObject>(settings: S, doc: Omit<FieldDoc, "allowed">): z.ZodDefault<z.ZodUnion<readonly [z.ZodBoolean, S]>> {
    return field(z.union([z.boolean(), settings]).default(false), { ...doc, allowed: "true, false, or a mapping with its settings" });
}

/** The settings of an add-on that is on; undefined where it is off. */
export function settingsOf<S extends z.ZodObject>(settings: S, value: boolean | z.output<S>): z.output<S> | undefined {
    if (typeof value === "boolean") {
        return value ? settings.parse({}) : undefined;
    }
    return value;
}
