import { z } from "zod";

import { field } from "../fields";
import { urlPath } from "../values";

/** What the app is told: variables, secrets and files. */

const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

/** Plain variables. */
export const env = field(z.record(envName, z.string()).default({}), {
    about: "Plain environment variables; a change rolls the pods.",
    allowed: "a mapping of variable name to text",
    example: { CURRENCY: "EUR" },
});

/** Secret variables. */
export const secrets = field(z.record(envName, z.string()).default({}), {
    about: "Secret environment variables; a change rolls the pods.",
    allowed: "a mapping of variable name to text, set with `pulumi config set --secret --path`",
    example: { API_TOKEN: "…" },
    secret: true,
});

export const files = field(
    z
        .strictObject({
            mountPath: field(urlPath, { about: "Directory of the files.", allowed: "an absolute path", example: "/etc/shop" }),
            data: field(z.record(z.string().regex(/^[-._A-Za-z0-9]+$/), z.string()), {
                about: "File name to content.",
                allowed: "a mapping of file name to text",
                example: { "shop.conf": "currency = EUR\n" },
            }),
        })
        .optional(),
    { about: "Plain files, mounted read-only from a ConfigMap.", allowed: "{ mountPath, data }", example: { mountPath: "/etc/shop", data: { "shop.conf": "currency = EUR\n" } } },
);
