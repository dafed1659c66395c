import { clusterOfProvider } from "../components/kubernetesProviders";
import type { RecordedResource } from "./recorder";

/** Kubernetes objects by the cluster that they are for. One pass over all resources, however many clusters there are. */
export function objectsByCluster(resources: readonly RecordedResource[]): ReadonlyMap<string, readonly RecordedResource[]> {
    const byCluster = new Map<string, RecordedResource[]>();
    for (const resource of resources) {
        const cluster = resource.type.startsWith("kubernetes:") ? clusterOfProvider(resource.provider) : undefined;
        if (cluster === undefined) {
            continue;
        }
        const objects = byCluster.get(cluster);
        if (objects === undefined) {
            byCluster.set(cluster, [resource]);
        } else {
            objects.push(resource);
        }
    }
    return byCluster;
}
