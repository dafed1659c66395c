import { join } from "node:path";

import type { Command, Execute, Outcome } from "../tools/execute";
import type { GoProgram } from "../tools/goProgram";

/** Runs Helm to its end. */
export type Helm = (args: readonly string[]) => Promise<Outcome>;

/** What renders charts. */
export const helm: GoProgram = {
    name: "helm",
    named: "a Helm",
    versions: "version 3 or 4",
    folder: "helm",
    module: "helm.sh/helm/v4",
    expect: "about 5 minutes on two cores",
    variable: "HOLDFAST_HELM",
};

/** Helm at a path, with its settings in `scratch`: no repository, plug-in or cluster of the user's has a say. */
export function helmAt(path: string, scratch: string, execute: Execute): Helm {
    const home = (name: string): string => join(scratch, "helm", name);
    const env: Command["env"] = {
        ...process.env,
        HELM_CACHE_HOME: home("cache"),
        HELM_CONFIG_HOME: home("config"),
        HELM_DATA_HOME: home("data"),
        HELM_PLUGINS: home("plugins"),
        KUBECONFIG: home("kubeconfig"),
    };
    return args => execute({ command: path, args, cwd: scratch, env });
}
