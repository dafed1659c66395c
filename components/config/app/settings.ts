import { z } from "zod";

import { field } from "../fields";
import { mountPath } from "../values";

/** What the app is told: variables, secrets and files. */

const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

/** YAML reads much that is meant as text for something else. */
const text = field(z.string(), {
    about: "One value.",
    allowed: "text: a number, true, false or nothing goes in quotes",
    example: "EUR",
    fix: "write it as text, in quotes",
});

/** Plain variables. */
export const env = field(z.record(envName, text).default({}), {
    about: "Plain environment variables; a change rolls the pods.",
    allowed: "a mapping of variable name (letters, digits, underscores) to text, with no secrets in it",
    example: { CURRENCY: "EUR" },
});

/** Secret variables. */
export const secrets = field(z.record(envName, text).default({}), {
    about: "Secret environment variables; a change rolls the pods.",
    allowed: "a mapping of variable name (letters, digits, underscores) to text, set with `pulumi config set --secret --path`",
    example: { API_TOKEN: "…" },
    secret: true,
});

export const files = field(
    z
        .strictObject({
            mountPath: field(mountPath, { about: "Directory of the files.", allowed: "an absolute path, not / itself", example: "/etc/shop" }),
            data: field(z.record(z.string().regex(/^(?!\.\.)[-._A-Za-z0-9]{1,253}$/), text), {
                about: "File name to content.",
                allowed: "a mapping of file name (letters, digits, hyphens, dots and underscores) to text",
                example: { "shop.conf": "currency = EUR\n" },
            }),
        })
        .optional(),
    { about: "Plain files, mounted read-only from a ConfigMap.", allowed: "{ mountPath, data }", example: { mountPath: "/etc/shop", data: { "shop.conf": "currency = EUR\n" } } },
);
