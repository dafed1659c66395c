import type { GoProgram } from "../../../tools/goProgram";

/** Pulumi's CLI, which holds the engine. */
export const pulumi: GoProgram = {
    name: "pulumi",
    named: "a Pulumi CLI",
    versions: "version 3",
    folder: "pulumi",
    module: "github.com/pulumi/pulumi/pkg/v3",
    stamp: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
    expect: "about 5 minutes on two cores",
    variable: "HOLDFAST_PULUMI",
};
