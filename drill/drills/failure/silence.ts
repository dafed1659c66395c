import { type KubeObject, kindOf, kinds } from "../../api";
import { users } from "../../controlPlane/pki";
import type { Stage } from "../../stage";

const name = "drill-silent-node";

const policyKind = kindOf("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy");
const bindingKind = kindOf("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding");

/**
 * One node falls silent, and the others of its zone do not: nothing that is said of it or of its pods reaches the API server. A
 * policy refuses what kwok says of them, as it plays a whole zone's nodes in one program.
 *
 * @returns ends the silence.
 */
export async function silenceNode({ api }: Stage, node: string): Promise<() => Promise<void>> {
    for (const object of silence(node)) {
        await api.apply(object);
    }
    return async () => {
        await api.delete({ kind: bindingKind, name });
        await api.delete({ kind: policyKind, name });
    };
}

/** When a node last renewed its lease; undefined where it never did. */
export async function lastHeard({ api }: Stage, node: string): Promise<string | undefined> {
    return (await api.get({ kind: kinds.lease, name: node, namespace: "kube-node-lease" }))?.spec?.renewTime;
}

/** What a node's kubelet would write: its lease, its own status, and the status and end of its pods. */
function silence(node: string): readonly KubeObject[] {
    const rule = (apiGroups: readonly string[], resources: readonly string[], operations: readonly string[]): object => ({ apiGroups, apiVersions: ["*"], resources, operations });
    const ofPod = `(request.operation == "DELETE" ? oldObject : object).spec.?nodeName.orValue("") != "${node}"`;
    return [
        {
            apiVersion: policyKind.apiVersion,
            kind: policyKind.kind,
            metadata: { name },
            spec: {
                failurePolicy: "Ignore",
                matchConstraints: {
                    resourceRules: [
                        rule(["coordination.k8s.io"], ["leases"], ["CREATE", "UPDATE"]),
                        rule([""], ["nodes/status", "pods/status"], ["UPDATE"]),
                        rule([""], ["pods"], ["DELETE"]),
                    ],
                },
                matchConditions: [{ name: "kwok", expression: `request.userInfo.username == "${users.kwok.name}"` }],
                validations: [{ expression: `request.resource.resource == "pods" ? ${ofPod} : object.metadata.name != "${node}"`, message: "this node is silent" }],
            },
        },
        { apiVersion: bindingKind.apiVersion, kind: bindingKind.kind, metadata: { name }, spec: { policyName: name, validationActions: ["Deny"] } },
    ];
}
