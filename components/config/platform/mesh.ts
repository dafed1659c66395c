import { z } from "zod";

import { toggle } from "./toggle";

/** Settings of the add-on `mesh`. */
export const meshSettings = z.strictObject({});

/** The schema of `holdfast:platform.mesh`. */
export const mesh = toggle(meshSettings, {
    about: "Istio: mutual TLS between all pods of the app.",
    example: true,
});

/** The add-on, as config says. */
export type MeshConfig = z.output<typeof meshSettings>;
