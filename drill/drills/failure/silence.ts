import { ApiError, type KubeObject, NotYet, conditionOf, kindOf, kinds } from "../../api";
import { users } from "../../controlPlane/pki";
import type { Stage } from "../../stage";

const name = "drill-silent-node";

const policyKind = kindOf("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy");
const bindingKind = kindOf("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding");

/** What kwok is shown, so that it looks at an object again. */
const touchedAnnotation = "drill.holdfast.dev/touched";

/** Longest wait for a node that may speak again, in seconds. */
const heardSeconds = 60;

/**
 * One node falls silent, and the others of its zone do not: nothing that is said of it or of its pods reaches the API server. A
 * policy refuses what kwok says of them, as one kwok plays all nodes of a zone.
 *
 * @returns ends the silence, and resolves when the node is ready.
 */
export async function silenceNode(stage: Stage, node: string): Promise<() => Promise<void>> {
    const { api } = stage;
    for (const object of silence(node)) {
        await api.apply(object);
    }
    return async () => {
        await api.delete({ kind: bindingKind, name });
        await api.delete({ kind: policyKind, name });
        await api.until(
            `${node} is heard of`,
            async () => {
                const live = await api.get({ kind: kinds.node, name: node });
                if (live === undefined || conditionOf(live, "Ready") === "True") {
                    return true;
                }
                await touch(stage, node);
                return new NotYet("it is not ready");
            },
            { seconds: heardSeconds, everyMs: 1000 },
        );
        await touch(stage, node);
    };
}

/** Seconds since a node last renewed its lease. Infinity where it never did. */
export async function unheardSeconds({ api }: Stage, node: string): Promise<number> {
    const lease = await api.get({ kind: kinds.lease, name: node, namespace: "kube-node-lease" });
    const renewed = lease?.spec?.renewTime;
    return renewed === undefined ? Infinity : (Date.now() - Date.parse(renewed)) / 1000;
}

/** Changes a node and its pods a little: kwok does not say again by itself what was refused. */
async function touch({ api }: Stage, node: string): Promise<void> {
    const change = { metadata: { annotations: { [touchedAnnotation]: new Date().toISOString() } } };
    await api.patch({ kind: kinds.node, name: node }, change);
    for (const { metadata } of await api.list(kinds.pod, { fields: `spec.nodeName=${node}` })) {
        try {
            await api.patch({ kind: kinds.pod, name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" }, change);
        } catch (error) {
            if (!(error instanceof ApiError && error.status === 404)) {
                throw error;
            }
        }
    }
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
