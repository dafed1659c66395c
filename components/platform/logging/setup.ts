import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { LoggingConfig } from "../../config/platform/logging";
import { agentNamespace, pods, ports, storeHost, storeName, storeNamespace, storeVersion, streamOf } from "./places";
import { requests } from "./room";
import { setupFiles, setupPaths, setupVariables } from "./setupScript";

/** What the setup is made from. */
export interface SetupArgs {
    readonly settings: LoggingConfig;
    /** Name of the cluster. */
    readonly cluster: string;
    /** Secret of the agents. */
    readonly access: pulumi.Input<string>;
    readonly priorityClassName: pulumi.Input<string>;
    /** The Elasticsearch resource. */
    readonly store: k8s.apiextensions.CustomResource;
}

/** Time for three nodes to be found a place, to start and to find each other, in seconds. */
const deadlineSeconds = 1200;

/** Where Kubernetes puts a service account's token. */
const accountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

const labels = { ...pods.setup, "app.kubernetes.io/managed-by": "holdfast" };

/** A Job that runs when it is made, and again when retention, template or Elasticsearch itself is new. */
export function createSetup(name: string, args: SetupArgs, opts: pulumi.CustomResourceOptions): k8s.batch.v1.Job {
    const { account, rights } = createAccount(name, args.access, opts);
    // Pulumi names it: new files are a new object, and so a new Job.
    const files = new k8s.core.v1.ConfigMap(
        `${name}-setup`,
        { metadata: { namespace: storeNamespace, labels }, immutable: true, data: setupFiles(args.cluster, args.settings.retentionDays) },
        opts,
    );
    const wait = `${deadlineSeconds + 60}s`;
    return new k8s.batch.v1.Job(
        `${name}-setup`,
        {
            metadata: { namespace: storeNamespace, labels },
            spec: { backoffLimit: 5, activeDeadlineSeconds: deadlineSeconds, template: { metadata: podMetadata(args.store), spec: podSpec(args, account, files) } },
        },
        { ...opts, dependsOn: [args.store, ...rights], customTimeouts: { create: wait, update: wait } },
    );
}

/** An Elasticsearch that is made anew knows nobody, and has another authority. */
function podMetadata(store: k8s.apiextensions.CustomResource): k8s.types.input.meta.v1.ObjectMeta {
    return { labels, annotations: { "holdfast/elasticsearch": store.metadata.uid } };
}

interface Account {
    readonly account: k8s.core.v1.ServiceAccount;
    readonly rights: readonly pulumi.Resource[];
}

/** The setup's account. It may read and fill the agents' Secret, and nothing else. */
function createAccount(name: string, access: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): Account {
    const account = new k8s.core.v1.ServiceAccount(
        `${name}-setup`,
        { metadata: { name: "logging-setup", namespace: storeNamespace, labels }, automountServiceAccountToken: false },
        opts,
    );
    const role = new k8s.rbac.v1.Role(
        `${name}-setup`,
        {
            metadata: { name: "logging-setup", namespace: agentNamespace, labels },
            rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: [access], verbs: ["get", "patch"] }],
        },
        opts,
    );
    const binding = new k8s.rbac.v1.RoleBinding(
        `${name}-setup`,
        {
            metadata: { name: "logging-setup", namespace: agentNamespace, labels },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
            subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: storeNamespace }],
        },
        opts,
    );
    return { account, rights: [binding] };
}

function podSpec({ access, cluster, priorityClassName }: SetupArgs, account: k8s.core.v1.ServiceAccount, files: k8s.core.v1.ConfigMap): k8s.types.input.core.v1.PodSpec {
    const secret = `https://kubernetes.default.svc/api/v1/namespaces/${agentNamespace}/secrets/`;
    const user = { runAsNonRoot: true, runAsUser: 10_001, runAsGroup: 10_001, seccompProfile: { type: "RuntimeDefault" } };
    return {
        restartPolicy: "Never",
        serviceAccountName: account.metadata.name,
        automountServiceAccountToken: true,
        enableServiceLinks: false,
        priorityClassName,
        securityContext: user,
        containers: [
            {
                name: "setup",
                // Elasticsearch's own, which a node there has already; it has curl.
                image: `docker.elastic.co/elasticsearch/elasticsearch:${storeVersion}`,
                imagePullPolicy: "IfNotPresent",
                command: ["bash", `${setupPaths.files}/setup.sh`],
                env: [
                    { name: setupVariables.store, value: `https://${storeHost}:${ports.api}` },
                    { name: setupVariables.stream, value: streamOf(cluster) },
                    { name: setupVariables.handover, value: pulumi.interpolate`${secret}${access}` },
                    { name: setupVariables.account, value: accountPath },
                ],
                resources: {
                    requests: { ...requests.setup, "ephemeral-storage": "32Mi" },
                    limits: { cpu: "500m", memory: requests.setup.memory, "ephemeral-storage": "32Mi" },
                },
                securityContext: { ...user, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
                volumeMounts: [
                    { name: "files", mountPath: setupPaths.files, readOnly: true },
                    { name: "admin", mountPath: setupPaths.admin, readOnly: true },
                    { name: "authority", mountPath: setupPaths.authority, readOnly: true },
                ],
            },
        ],
        volumes: [
            { name: "files", configMap: { name: files.metadata.name } },
            // ECK makes both; the pod waits for them.
            { name: "admin", secret: { secretName: `${storeName}-es-elastic-user` } },
            { name: "authority", secret: { secretName: `${storeName}-es-http-certs-public` } },
        ],
    };
}
