import { KubeConfig } from "@kubernetes/client-node";

import type { Pki, User } from "./pki";

/** How a user reaches an API server. */
export function kubeconfigOf(cluster: string, server: string, { authority, tokens }: Pick<Pki, "authority" | "tokens">, { name }: Pick<User, "name">): KubeConfig {
    const token = tokens.get(name);
    if (token === undefined) {
        throw new Error(`${cluster} knows no user ${name}`);
    }
    const kubeconfig = new KubeConfig();
    kubeconfig.loadFromOptions({
        clusters: [{ name: cluster, server, caData: Buffer.from(authority.certificate).toString("base64"), skipTLSVerify: false }],
        users: [{ name, token }],
        contexts: [{ name: cluster, cluster, user: name }],
        currentContext: cluster,
    });
    return kubeconfig;
}
