import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { BackupStore, StoreGrant, StoreUse } from "../../backups";
import type { GcpToken, WorkloadIdentity, Workload } from "../../identity";
import { awsTokenOf } from "../../identity/awsToken";

type EnvVar = k8s.types.input.core.v1.EnvVar;
type Volume = k8s.types.input.core.v1.Volume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** A store, and what a cluster does with it. */
export interface Admission {
    readonly store: BackupStore;
    readonly use: StoreUse;
}

/** What a {@link StoreAccess} is made from. */
export interface StoreAccessArgs extends Workload {
    readonly identity: WorkloadIdentity;
    readonly admissions: readonly Admission[];
    /** AWS provider for what has no region. */
    readonly dns: () => pulumi.ProviderResource;
    /** Namespace of the pods, once it is there. */
    readonly madeNamespace: pulumi.Input<string>;
}

/** What pods need to get into stores, without a stored key. */
export interface StoreAccess {
    readonly env: readonly EnvVar[];
    readonly volumes: readonly Volume[];
    readonly volumeMounts: readonly VolumeMount[];
    readonly serviceAccountAnnotations: Readonly<Record<string, pulumi.Input<string>>>;
    /** What the locations of a plugin's stores need beside the stores' own config, by the plugin's name. */
    readonly config: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
    /** What must exist before pods start. */
    readonly ready: readonly pulumi.Resource[];
}

/** No access: for a bucket that comes with a key. */
export const noAccess: StoreAccess = { env: [], volumes: [], volumeMounts: [], serviceAccountAnnotations: {}, config: {}, ready: [] };

/** Home of the pods: Velero keeps its repositories' settings there, and the root file system can't be written to. */
export const home = "/scratch";

type AwsGrant = Extract<StoreGrant, { readonly through: "aws" }>;
type GcpGrant = Extract<StoreGrant, { readonly through: "gcp" }>;

/** Lets the pods of a service account into stores: by one role for all in AWS, and by one account for all in Google Cloud. */
export function createAccess(name: string, args: StoreAccessArgs, opts: pulumi.ComponentResourceOptions): StoreAccess {
    const granted = args.admissions.map(({ store, use }) => ({ store, use, grant: store.grant(use) }));
    const aws = granted.flatMap(({ grant }) => (grant.through === "aws" ? [grant] : []));
    const gcp = granted.flatMap(({ store, use, grant }) => (grant.through === "gcp" ? [{ store, use, grant }] : []));
    const parts = [...awsAccess(name, aws, args, opts), ...gcpAccess(name, gcp, args, opts)];
    return parts.reduce(
        (all, part) => ({
            env: [...all.env, ...part.env],
            volumes: [...all.volumes, ...part.volumes],
            volumeMounts: [...all.volumeMounts, ...part.volumeMounts],
            serviceAccountAnnotations: { ...all.serviceAccountAnnotations, ...part.serviceAccountAnnotations },
            config: { ...all.config, ...part.config },
            ready: [...all.ready, ...part.ready],
        }),
        noAccess,
    );
}

function awsAccess(name: string, grants: readonly AwsGrant[], args: StoreAccessArgs, opts: pulumi.ComponentResourceOptions): StoreAccess[] {
    const [first] = grants;
    if (first === undefined) {
        return [];
    }
    const { identity, namespace, serviceAccount, dns } = args;
    const statements = grants.flatMap(grant => grant.statements);
    const access = identity.awsAccess(`${name}-s3`, { namespace, serviceAccount, statements, provider: dns }, opts);
    return [{ ...noAccess, ...awsTokenOf(access, name, first.region), ready: access.ready }];
}

/** A way into Google Cloud, of a store. */
interface GcpAdmission extends Admission {
    readonly grant: GcpGrant;
}

function gcpAccess(name: string, admissions: readonly GcpAdmission[], args: StoreAccessArgs, opts: pulumi.ComponentResourceOptions): StoreAccess[] {
    const [first] = admissions;
    if (first === undefined) {
        return [];
    }
    const { identity, namespace, serviceAccount, madeNamespace } = args;
    const { project, provider } = first.grant;
    const access = identity.gcpAccess(`${name}-gcs`, { namespace, serviceAccount, project, provider }, opts);
    const rights = admissions.flatMap(({ store, grant }) => grant.bind(`${name}-gcs-${store.prefix}`, access.member, opts));
    return [
        {
            ...noAccess,
            ...(access.token === undefined ? {} : mountToken(name, access.token, madeNamespace, opts)),
            serviceAccountAnnotations: access.serviceAccountAnnotations,
            config: { [first.store.plugin.provider]: { serviceAccount: access.email } },
            ready: [...access.ready, ...rights],
        },
    ];
}

/** Where Google's libraries look for credentials without being told (https://docs.cloud.google.com/docs/authentication/application-default-credentials). */
const credentials = { directory: `${home}/.config/gcloud`, file: "application_default_credentials.json" };

/**
 * The token, and the file that says how to trade it. The file lies where it is found by default: the one that GOOGLE_APPLICATION_CREDENTIALS
 * names is taken for a key by the repository of later versions (kopia 0.23, repo/blob/gcs/gcs_storage.go).
 */
function mountToken(name: string, token: GcpToken, namespace: pulumi.Input<string>, opts: pulumi.ComponentResourceOptions): Pick<StoreAccess, "volumes" | "volumeMounts"> {
    const { parent } = opts;
    const file = new k8s.core.v1.ConfigMap(
        `${name}-google`,
        { metadata: { namespace }, data: { [credentials.file]: token.credentials } },
        parent === undefined ? {} : { parent },
    );
    return {
        volumes: [
            { name: "google-token", projected: { sources: [{ serviceAccountToken: { audience: token.audience, path: token.fileName } }] } },
            { name: "google-credentials", configMap: { name: file.metadata.name } },
        ],
        volumeMounts: [
            { name: "google-token", mountPath: token.directory, readOnly: true },
            { name: "google-credentials", mountPath: credentials.directory, readOnly: true },
        ],
    };
}
