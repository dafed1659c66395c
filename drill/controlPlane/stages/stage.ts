/** A step of an object's life in kwok's words (https://kwok.sigs.k8s.io/docs/user/stages-configuration/). */
export interface Stage {
    readonly apiVersion: "kwok.x-k8s.io/v1alpha1";
    readonly kind: "Stage";
    readonly metadata: { readonly name: string };
    readonly spec: {
        readonly resourceRef: { readonly apiGroup: "v1"; readonly kind: "Node" | "Pod" };
        readonly selector: { readonly matchExpressions: readonly Expression[] };
        readonly delay?: { readonly durationMilliseconds: number; readonly jitterDurationMilliseconds?: number; readonly durationFrom?: { readonly jq: { readonly expression: string } } };
        readonly steps: readonly object[];
    };
}

/** What an object must be like, by a jq expression over it. */
export interface Expression {
    readonly jq: { readonly key: string; readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist"; readonly values?: readonly string[] };
}

/** A requirement of what a jq expression finds in an object. */
export const field = (key: string, operator: Expression["jq"]["operator"], ...values: string[]): Expression => ({
    jq: values.length === 0 ? { key, operator } : { key, operator, values },
});

/** Not deleted. */
export const living = field(".metadata.deletionTimestamp", "DoesNotExist");
export const phase = (...phases: string[]): Expression => field(".status.phase", "In", ...phases);
/** jq's: status of a condition. */
export const condition = (type: string): string => `.status.conditions[]? | select(.type == "${type}") | .status`;

/** A change of the status. A strategic merge leaves conditions alone that it does not name, such as PodScheduled. */
export const status = (template: string): object => ({ patch: { subresource: "status", root: "status", type: "strategic", template } });
export const event = (type: "Normal" | "Warning", reason: string, message: string): object => ({ event: { type, reason, message } });

export function stage(kind: "Node" | "Pod", name: string, expressions: readonly Expression[], steps: readonly object[], delay?: Stage["spec"]["delay"]): Stage {
    return {
        apiVersion: "kwok.x-k8s.io/v1alpha1",
        kind: "Stage",
        metadata: { name },
        spec: { resourceRef: { apiGroup: "v1", kind }, selector: { matchExpressions: expressions }, ...(delay === undefined ? {} : { delay }), steps },
    };
}
