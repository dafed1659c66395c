import { homedir } from "node:os";
import { join } from "node:path";

import type { ExistingConfig } from "./config";

/**
 * The kubeconfig of an existing cluster, as the Kubernetes provider takes it: the text itself where
 * config holds it, else the path of a file, which the provider reads when it needs it.
 */
export function readKubeconfig({ kubeconfig }: Pick<ExistingConfig, "kubeconfig">): string {
    const given = kubeconfig ?? process.env["KUBECONFIG"] ?? "~/.kube/config";
    return given.replace(/^~(?=\/)/, homedir()).replace(/^~$/, join(homedir(), ".kube", "config"));
}
