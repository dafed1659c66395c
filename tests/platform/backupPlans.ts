/** What the tests of backups share. */
import type { PlannedStack } from "../../plan/run";
import { nameOf } from "../support/clusters";
import { fullApp } from "../support/kubernetes";
import { all, clusterConfigs, find, inputsOf, minimalApp, planConfig, type RawConfig } from "../support/plan";
import { type ChartInputs, chartType } from "./support";

/** An app that keeps data. */
export const app = { ...minimalApp, state: fullApp.state };

/** A bucket that others made. */
export const bucket = { name: "acme-backups", region: "eu-1", url: "https://minio.example.com:9000", keyId: "backups", key: "canary-key" };

/** A second cluster of AWS, in another region. */
export const west = { ...clusterConfigs.eks, name: "west", region: "us-west-2", zones: ["us-west-2a", "us-west-2b", "us-west-2c"], cidr: "10.48.0.0/16" };

/** Types of what keeps backups. */
export const types = { location: "kubernetes:velero.io/v1:BackupStorageLocation", s3: "aws:s3/bucket:Bucket", gcs: "gcp:storage/bucket:Bucket" } as const;

/** Plans clusters with an app that keeps data, and backups. */
export function planBackups(clusters: readonly RawConfig[], backup: unknown = true): Promise<PlannedStack> {
    return planConfig({ clusters, app, platform: { backup } });
}

interface Location {
    readonly metadata: { readonly name: string };
    readonly spec: Readonly<Record<string, unknown>>;
}

/** The locations on a cluster, by name. */
export function locationsOn(planned: PlannedStack, cluster: string): Readonly<Record<string, Location["spec"]>> {
    const found = all(planned, types.location).filter(({ provider }) => nameOf(provider) === `${cluster}-kubernetes`);
    return Object.fromEntries(found.map(resource => inputsOf<Location>(resource)).map(({ metadata, spec }) => [metadata.name, spec]));
}

/** Values of Velero's chart that say how it gets to its stores. */
export interface AccessValues {
    readonly configuration: { readonly extraEnvVars: readonly { readonly name: string; readonly value: string }[] };
    readonly extraVolumes: readonly unknown[];
    readonly extraVolumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly: boolean }[];
    readonly initContainers: readonly { readonly name: string }[];
    readonly nodeAgent: { readonly extraVolumes: readonly unknown[]; readonly extraVolumeMounts: readonly unknown[] };
    readonly serviceAccount: { readonly server: unknown };
    readonly credentials: unknown;
}

/** The values of Velero's chart on a cluster. */
export function valuesOn(planned: PlannedStack, cluster: string): AccessValues {
    return inputsOf<ChartInputs>(find(planned, chartType, `${cluster}-backup`)).values as unknown as AccessValues;
}

/** A statement of an IAM policy. */
export interface Statement {
    readonly Effect: string;
    readonly Action: readonly string[];
    readonly Resource: unknown;
    readonly Condition?: unknown;
}

/** The statements of a policy as JSON. */
export function statementsIn(policy: unknown): readonly Statement[] {
    return (JSON.parse(String(policy)) as { Statement: readonly Statement[] }).Statement;
}
