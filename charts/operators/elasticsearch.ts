import { textOf } from "../../policy/values";
import { type KubernetesObject, listAt, mappingAt, numberAt } from "../objects";
import { type Pods, claimedGib } from "../workloads";

/** What a container has that says nothing else. Elasticsearch gets 2 GiB; of a sidecar the operator says only how it is confined. */
const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, runAsNonRoot: true, readOnlyRootFilesystem: true };
const defaults = { name: "elasticsearch", resources: { requests: { memory: "2Gi" }, limits: { memory: "2Gi" } }, securityContext };

/**
 * Pods of an Elasticsearch: a StatefulSet for each set of nodes, and one disruption budget for all.
 * https://github.com/elastic/cloud-on-k8s/tree/v3.5.0/pkg/controller/elasticsearch: nodespec/defaults.go, nodespec/podspec.go,
 * securitycontext/securitycontext.go, pdb/reconcile_default.go.
 */
export function elasticsearchPods({ kind, name, namespace, body }: KubernetesObject): readonly Pods[] {
    return listAt(body, "spec", "nodeSets").map(set => {
        const template = mappingAt(set, "podTemplate");
        const given = listAt(template, "spec", "containers");
        const main = given.find(container => container["name"] === "elasticsearch") ?? {};
        const sidecars = given.filter(container => container !== main).map(container => ({ securityContext, ...container }));
        return {
            kind,
            name: `${name} ${textOf(set["name"])}`,
            namespace,
            pods: numberAt(set, "count") ?? 0,
            metadata: {
                labels: { ...mappingAt(template, "metadata", "labels"), "elasticsearch.k8s.elastic.co/cluster-name": name, "common.k8s.elastic.co/type": "elasticsearch" },
            },
            spec: { securityContext: { seccompProfile: { type: "RuntimeDefault" } }, ...mappingAt(template, "spec"), containers: [{ ...defaults, ...main }, ...sidecars] },
            volumesGib: listAt(set, "volumeClaimTemplates").map(claimedGib),
            budget: Object.keys(mappingAt(body, "spec", "podDisruptionBudget")).length > 0 || mappingAt(body, "spec")["podDisruptionBudget"] === undefined,
        };
    });
}
