import { type Rule, resourceRule } from "../rule";
import { items } from "../values";

const roles = ["kubernetes:rbac.authorization.k8s.io/v1:Role", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"] as const;
const bindings = ["kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"] as const;

/** Roles and whom they are bound to (https://kubernetes.io/docs/concepts/security/rbac-good-practices/). */
export const accessRoles: readonly Rule[] = [
    resourceRule(
        {
            name: "role-wildcard",
            level: "mandatory",
            why: "A wildcard gives rights on everything there is and on every kind that is added later.",
            ids: ["CKV_K8S_49", "CIS EKS 4.1.3", "CIS GKE 4.1.3"],
            fix: "name the API groups, resources and verbs that are needed",
        },
        roles,
        ({ rules }) =>
            items(rules).flatMap(rule =>
                (["apiGroups", "resources", "verbs"] as const)
                    .filter(part => items(rule[part]).some(named => named.includes("*")))
                    .map(part => `a rule's ${part} are ${items(rule[part]).join(", ")}`),
            ),
    ),
    resourceRule(
        {
            name: "role-escalation",
            level: "mandatory",
            why: "Who holds this right can give themselves every other.",
            ids: [
                "CKV_K8S_155",
                "CKV_K8S_156",
                "CKV_K8S_157",
                "CKV_K8S_158",
                "CKV2_K8S_1",
                "CKV2_K8S_2",
                "CKV2_K8S_3",
                "CKV2_K8S_4",
                "CIS EKS 4.1.8",
                "CIS EKS 4.1.10",
                "CIS EKS 4.1.11",
                "CIS EKS 4.1.12",
                "CIS GKE 4.1.7",
            ],
            fix: "remove the right; people who need it use an account for emergencies",
        },
        roles,
        ({ rules }) =>
            items(rules).flatMap(rule =>
                waysUp.flatMap(({ verbs, resources }) => {
                    const verb = items(rule.verbs).find(each => verbs.includes(each));
                    const resource = items(rule.resources).find(each => resources.includes(each));
                    return verb === undefined || resource === undefined ? [] : [`a rule grants ${verb} on ${resource}`];
                }),
            ),
    ),
    resourceRule(
        {
            name: "role-reads-secrets",
            level: "advisory",
            why: "Who reads the Secrets of every namespace has the passwords and tokens of every app.",
            ids: ["CKV2_K8S_5", "CIS EKS 4.1.2", "CIS GKE 4.1.2"],
            fix: "use a Role in the namespace that is meant, or name the Secrets in resourceNames",
        },
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        ({ rules }) =>
            items(rules)
                .filter(rule => items(rule.resources).includes("secrets") && items(rule.resourceNames).length === 0)
                .flatMap(rule => items(rule.verbs).filter(verb => ["get", "list", "watch"].includes(verb)))
                .slice(0, 1)
                .map(verb => `a rule grants ${verb} on the secrets of every namespace`),
    ),
    resourceRule(
        {
            name: "binding-cluster-admin",
            level: "mandatory",
            why: "cluster-admin may do everything; an account that is broken into then loses the whole cluster.",
            ids: ["CIS EKS 4.1.1", "CIS GKE 4.1.1"],
            fix: "bind a role with the rights that are needed; people get theirs by the cloud's own access entries",
        },
        bindings,
        ({ roleRef }) => roleRef?.kind === "ClusterRole" && roleRef.name === "cluster-admin" && "roleRef is ClusterRole cluster-admin",
    ),
    resourceRule(
        {
            name: "binding-everyone",
            level: "mandatory",
            why: "Such a group or user is everyone who reaches the API server, or skips every check of rights.",
            ids: ["CIS GKE 4.1.6", "CIS GKE 4.1.8", "CIS GKE 4.1.9", "CIS GKE 4.1.10"],
            fix: "bind the role to the accounts or groups that are meant",
        },
        bindings,
        ({ subjects }) =>
            items(subjects)
                .filter(({ kind, name }) => (kind === "Group" || kind === "User") && everyone.includes(name ?? ""))
                .map(({ kind, name }) => `a subject is ${kind ?? ""} ${name ?? ""}`),
    ),
    resourceRule(
        {
            name: "binding-default-account",
            level: "mandatory",
            why: "Every pod of the namespace that names no account gets this role.",
            ids: ["CKV_K8S_42", "CIS EKS 4.1.5", "CIS GKE 4.1.4"],
            fix: "make a ServiceAccount for the app, and bind the role to it",
        },
        bindings,
        ({ subjects }) =>
            items(subjects).some(({ kind, name }) => kind === "ServiceAccount" && name === "default") && "a subject is ServiceAccount default",
    ),
];

const changing = ["create", "update", "patch"];

/** Rights that lead to any other, by verb and resource; wildcards are another rule's. */
const waysUp: readonly { readonly verbs: readonly string[]; readonly resources: readonly string[] }[] = [
    { verbs: ["bind"], resources: ["roles", "clusterroles", "rolebindings", "clusterrolebindings"] },
    { verbs: ["escalate"], resources: ["roles", "clusterroles"] },
    { verbs: ["impersonate"], resources: ["users", "groups", "serviceaccounts", "uids"] },
    { verbs: ["create"], resources: ["serviceaccounts/token"] },
    // A websocket opens by GET, which was enough for pods before 1.35 and is for nodes (https://github.com/kubernetes/kubernetes/pull/136550).
    { verbs: ["create", "get"], resources: ["pods/exec", "pods/attach", "nodes/proxy"] },
    { verbs: changing, resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"] },
    { verbs: changing, resources: ["certificatesigningrequests/approval", "services/status"] },
    { verbs: ["approve"], resources: ["signers"] },
];

const everyone = ["system:anonymous", "system:unauthenticated", "system:authenticated", "system:masters"];
