import type { KubernetesObject } from "../objects";
import type { Pods } from "../workloads";
import { cephPods, driverPods } from "./ceph";
import { elasticsearchPods } from "./elasticsearch";
import { monitoringPods } from "./monitoring";

/**
 * Pods that an operator makes of a custom resource, as far as the resource decides about them; none for kinds that stand
 * for no pods. What operators add by themselves is from their sources, named at each.
 */
export function operatedPods(object: KubernetesObject, objects: readonly KubernetesObject[]): readonly Pods[] {
    switch (`${object.apiVersion.split("/")[0] ?? ""} ${object.kind}`) {
        case "monitoring.coreos.com Prometheus":
        case "monitoring.coreos.com Alertmanager":
            return monitoringPods(object, objects);
        case "elasticsearch.k8s.elastic.co Elasticsearch":
            return elasticsearchPods(object);
        case "ceph.rook.io CephCluster":
            return cephPods(object);
        case "csi.ceph.io Driver":
            return driverPods(object);
        default:
            return [];
    }
}
