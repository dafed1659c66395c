/** What the tests of workload identity share. */
import * as aws from "@pulumi/aws";
import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

import type { Cluster } from "../../components/cluster";
import type { AwsAccess, GcpAccess, WorkloadIdentity } from "../../components/identity";
import type { RecordedResource, Recording } from "../../plan/recorder";
import { withCluster } from "../support/clusters";
import { type RawConfig, inputsOf } from "../support/plan";

/** An existing cluster whose issuer the clouds reach. */
export const rack = { name: "rack", kind: "existing", issuer: "https://oidc.example.com/rack" };

/** The pods that act in the tests. */
export const workload = { namespace: "velero", serviceAccount: "server" };

export const statements = [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::copies/*" }] as const;

/** What was made for accesses, and what they are. */
export interface Made<Access> {
    readonly recording: Recording;
    readonly accesses: readonly Access[];
    /** How often a provider was asked for. */
    readonly asked: number;
}

/** Makes a cluster, and accesses to AWS of the given names. */
export async function accessAws(cluster: RawConfig, names: readonly string[] = ["copies"]): Promise<Made<AwsAccess>> {
    let asked = 0;
    const accesses: AwsAccess[] = [];
    const recording = await withCluster(cluster, made => {
        const dns = new aws.Provider("dns", { region: "us-east-1" });
        const provider = (): aws.Provider => {
            asked++;
            return dns;
        };
        accesses.push(...names.map(name => identityOf(made).awsAccess(name, { ...workload, statements, provider }, {})));
        return Promise.resolve();
    });
    return { recording, accesses, asked };
}

/** Makes a cluster, and accesses to Google Cloud of the given names. */
export async function accessGcp(cluster: RawConfig, names: readonly string[] = ["copies"]): Promise<Made<GcpAccess>> {
    const accesses: GcpAccess[] = [];
    const recording = await withCluster(cluster, made => {
        const provider = new gcp.Provider("elsewhere", { project: "acme-copies" });
        const roles = ["roles/compute.viewer", "projects/acme-copies/roles/snapshots"];
        accesses.push(...names.map(name => identityOf(made).gcpAccess(name, { ...workload, project: "acme-copies", roles, provider }, {})));
        return Promise.resolve();
    });
    return { recording, accesses, asked: 0 };
}

function identityOf({ name, identity }: Cluster): WorkloadIdentity {
    if (identity === undefined) {
        throw new Error(`${name} has no identity`);
    }
    return identity;
}

/** All resources of a type, in the order of their registration. */
export function ofType({ resources }: Recording, type: string): readonly RecordedResource[] {
    return resources.filter(resource => resource.type === type);
}

/** The one resource of a type. Throws where there is not exactly one. */
export function only(recording: Recording, type: string): RecordedResource {
    const found = ofType(recording, type);
    const [first] = found;
    if (first === undefined || found.length !== 1) {
        throw new Error(`${found.length} resources of type ${type}`);
    }
    return first;
}

/** An input that is JSON, as what it says. */
export function jsonOf(resource: RecordedResource, key: string): unknown {
    return JSON.parse(String(inputsOf(resource)[key]));
}

/** The value of an output. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
    return new Promise(resolve => output.apply(resolve));
}
