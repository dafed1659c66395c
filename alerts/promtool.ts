import type { GoProgram } from "../tools/goProgram";

/** Prometheus' own judge of rules. */
export const promtool: GoProgram = {
    name: "promtool",
    named: "a promtool",
    versions: "version 3",
    folder: "prometheus",
    module: "github.com/prometheus/prometheus",
    // Service discovery of clouds is most of it, and no rule needs any.
    flags: ["-tags", "remove_all_sd"],
    expect: "about 4 minutes on two cores",
    variable: "HOLDFAST_PROMTOOL",
};
