import type { Pki } from "./pki";
import { frontProxyName } from "./pki";

/**
 * etcd listens on sockets in its working directory, so on no port at all: nothing to collide with another run, and
 * nobody but the folder's owner can reach it. It takes only what looks like host and port for a name.
 */
export const etcdSockets = { client: "localhost:2379", peer: "localhost:2380" } as const;

/** Virtual addresses of Services. With fake nodes nothing answers on them. */
const serviceRange = "10.96.0.0/16";

/** Issuer of service accounts' tokens. */
const issuer = "https://kubernetes.default.svc.cluster.local";

/** etcd of one member. It does not wait for the disk: a drill's data need not outlive a power cut. */
export function etcdFlags(dataFolder: string): readonly string[] {
    const client = `unix://${etcdSockets.client}`;
    const peer = `unix://${etcdSockets.peer}`;
    return [
        "--name=drill",
        `--data-dir=${dataFolder}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=drill=${peer}`,
        "--unsafe-no-fsync",
        "--log-level=warn",
    ];
}

/** The API server. Authorization is as on a managed cluster; admission is Kubernetes' own default, Pod Security among it. */
export function apiServerFlags({ address, port }: { readonly address: string; readonly port: number }, etcdFolder: string, { files }: Pki): readonly string[] {
    return [
        `--bind-address=${address}`,
        // No pod has to reach it, so it is not announced as the Service kubernetes.
        `--advertise-address=${address}`,
        "--endpoint-reconciler-type=none",
        `--secure-port=${port}`,
        `--etcd-servers=unix://${etcdFolder}/${etcdSockets.client}`,
        `--service-cluster-ip-range=${serviceRange}`,
        "--authorization-mode=Node,RBAC",
        "--anonymous-auth=false",
        // As clusters with node agents have it: what keeps privileged pods out is Pod Security.
        "--allow-privileged",
        `--token-auth-file=${files.tokens}`,
        `--client-ca-file=${files.ca}`,
        `--tls-cert-file=${files.serverCertificate}`,
        `--tls-private-key-file=${files.serverKey}`,
        `--service-account-issuer=${issuer}`,
        `--service-account-key-file=${files.serviceAccountKey}`,
        `--service-account-signing-key-file=${files.serviceAccountKey}`,
        // Aggregated APIs, such as metrics.k8s.io: they trust the headers of whoever holds this certificate.
        `--proxy-client-cert-file=${files.frontProxyCertificate}`,
        `--proxy-client-key-file=${files.frontProxyKey}`,
        `--requestheader-client-ca-file=${files.frontProxyCa}`,
        `--requestheader-allowed-names=${frontProxyName}`,
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    ];
}

/**
 * The controllers, each with a service account of its own as on a managed cluster. All times are Kubernetes' defaults,
 * for recovery is timed: --node-monitor-grace-period 50s, --horizontal-pod-autoscaler-sync-period 15s, a leader's lease
 * 15s (https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/). It serves nothing.
 */
export function controllerManagerFlags(kubeconfig: string, pluginFolder: string, { files }: Pki): readonly string[] {
    return [
        // It makes this folder, by default below /usr.
        `--flex-volume-plugin-dir=${pluginFolder}`,
        `--kubeconfig=${kubeconfig}`,
        "--use-service-account-credentials",
        `--service-account-private-key-file=${files.serviceAccountKey}`,
        `--root-ca-file=${files.ca}`,
        "--allocate-node-cidrs=false",
        "--leader-elect",
        "--secure-port=0",
    ];
}

/** The scheduler with its default plug-ins. It serves nothing. */
export function schedulerFlags(kubeconfig: string): readonly string[] {
    return [`--kubeconfig=${kubeconfig}`, "--leader-elect", "--secure-port=0"];
}

/**
 * kwok for the nodes of one zone. With a lease of 40 seconds it renews every 10, as a kubelet does; without, its nodes
 * would be heard of once a minute and count as lost. It serves nothing, as it is given no address.
 */
export function kwokFlags(kubeconfig: string, stages: string, zone: string, podRange: string): readonly string[] {
    return [
        `--kubeconfig=${kubeconfig}`,
        `--config=${stages}`,
        "--manage-all-nodes=false",
        `--manage-nodes-with-label-selector=topology.kubernetes.io/zone=${zone}`,
        "--node-lease-duration-seconds=40",
        `--cidr=${podRange}`,
        "--node-port=0",
    ];
}
