import { z } from "zod";

import { toggle } from "./toggle";

/** Settings of the add-on `certificates`. */
export const certificatesSettings = z.strictObject({});

/** The schema of `holdfast:platform.certificates`. */
export const certificates = toggle(certificatesSettings, {
    about: "cert-manager with an ACME issuer that proves names in the hosted zone.",
    example: true,
});

/** The add-on, as config says. */
export type CertificatesConfig = z.output<typeof certificatesSettings>;
