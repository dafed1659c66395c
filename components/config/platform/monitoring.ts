import { z } from "zod";

import { toggle } from "./toggle";

/** Settings of the add-on `monitoring`. */
export const monitoringSettings = z.strictObject({});

/** The schema of `holdfast:platform.monitoring`. */
export const monitoring = toggle(monitoringSettings, {
    about: "Prometheus, Alertmanager and Grafana, with alerts on what the app promises.",
    example: true,
});

/** The add-on, as config says. */
export type MonitoringConfig = z.output<typeof monitoringSettings>;
