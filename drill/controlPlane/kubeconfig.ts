import { KubeConfig } from "@kubernetes/client-node";

import { type Pki, type User, users } from "./pki";

/** How a user reaches an API server. */
export function kubeconfigOf(cluster: string, server: string, { authority, tokens }: Pick<Pki, "authority" | "tokens">, user: User): KubeConfig {
    const kubeconfig = new KubeConfig();
    const { name } = users[user];
    kubeconfig.loadFromOptions({
        clusters: [{ name: cluster, server, caData: Buffer.from(authority.certificate).toString("base64"), skipTLSVerify: false }],
        users: [{ name, token: tokens[user] }],
        contexts: [{ name: cluster, cluster, user: name }],
        currentContext: cluster,
    });
    return kubeconfig;
}
