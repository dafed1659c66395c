/** Small plans for tests of comparisons. */
import type { Change, PlanDiff } from "../../../plan/change/diff";
import type { PlanDocument } from "../../../plan/document";
import type { PlannedResource } from "../../../plan/summary";
import { PROD, resource } from "../fixtures";

/** Types that the tests are about. */
export const types = {
    vpc: "aws:ec2/vpc:Vpc",
    subnet: "aws:ec2/subnet:Subnet",
    role: "aws:iam/role:Role",
    cluster: "aws:eks/cluster:Cluster",
    entry: "aws:eks/accessEntry:AccessEntry",
    addon: "aws:eks/addon:Addon",
    gke: "gcp:container/cluster:Cluster",
    configMap: "kubernetes:core/v1:ConfigMap",
    secret: "kubernetes:core/v1:Secret",
    deployment: "kubernetes:apps/v1:Deployment",
    claim: "kubernetes:core/v1:PersistentVolumeClaim",
    priority: "kubernetes:scheduling.k8s.io/v1:PriorityClass",
    chart: "kubernetes:helm.sh/v4:Chart",
    kubernetes: "pulumi:providers:kubernetes",
    aws: "pulumi:providers:aws",
    component: "holdfast:aws:EksCluster",
} as const;

/** The URN of a resource of a type and a name. */
export function urn(type: string, name: string, parentTypes = ""): string {
    return `urn:pulumi:prod::holdfast::${parentTypes === "" ? "" : `${parentTypes}$`}${type}::${name}`;
}

/** What a test says of a resource: sources of an input by the input's name. */
export type Said = Partial<Omit<PlannedResource, "propertyDependencies">> & { readonly from?: Readonly<Record<string, readonly string[]>> };

/** A resource with some inputs. */
export function made(type: string, name: string, inputs: unknown = {}, { from = {}, ...said }: Said = {}): PlannedResource {
    const dependencies = Object.values(from).flat();
    return resource(name, { urn: urn(type, name), type, name, inputs, dependencies, propertyDependencies: from, ...said });
}

/** A plan of resources. */
export function plan(...resources: readonly PlannedResource[]): PlanDocument {
    return { formatVersion: 1, summary: PROD, resources, outputs: {} };
}

/** The one change of a name; the types tell apart what shares a name. */
export function changeOf({ changes }: PlanDiff, name: string, type?: string): Change {
    const found = changes.filter(change => change.name === name && (type === undefined || change.type === type));
    const [only] = found;
    if (only === undefined || found.length !== 1) {
        throw new Error(`${found.length} changes of ${name}; there are: ${changes.map(change => change.name).join(", ")}`);
    }
    return only;
}

/** Each change in words: "replace east (roleArn)". */
export function inWords({ changes }: PlanDiff): readonly string[] {
    return changes.map(({ action, name, forcedBy, properties, deletedFirst }) => {
        const paths = action === "replace" ? forcedBy : properties;
        return `${action} ${name}${paths.length === 0 ? "" : ` (${paths.join(", ")})`}${deletedFirst ? " first" : ""}`;
    });
}
