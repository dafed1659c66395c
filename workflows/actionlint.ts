import type { GoProgram } from "../tools/goProgram";

/** Reads workflows as GitHub does. */
export const actionlint: GoProgram = {
    name: "actionlint",
    named: "an actionlint",
    versions: "version 1.7",
    folder: "actionlint",
    module: "github.com/rhysd/actionlint",
    expect: "about 15 seconds on two cores",
    variable: "HOLDFAST_ACTIONLINT",
};
