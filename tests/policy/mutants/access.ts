import { type Mutant, type Plant, add, both, drop, set, setKey } from "../plant";

const beside = ["kubernetes:core/v1:ServiceAccount", "east-shop-account"] as const;
const inPod = (path: string, value: unknown): Plant =>
    set("kubernetes:apps/v1:Deployment", "east-shop-deployment", `spec.template.spec.${path}`, value);

interface Right {
    readonly apiGroups: string[];
    readonly resources: string[];
    readonly verbs: string[];
}

const rbac = "rbac.authorization.k8s.io";

const clusterRole = (apiGroup: string, resource: string, verb: string): Plant => {
    const rules: Right[] = [{ apiGroups: [apiGroup], resources: [resource], verbs: [verb] }];
    return add(beside, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "east-planted", { metadata: { name: "planted" }, rules });
};

const binding = (subject: { readonly kind: string; readonly name: string; readonly namespace?: string }, role = "planted"): Plant =>
    add(beside, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", "east-planted", {
        metadata: { name: "planted" },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name: role },
        subjects: [subject],
    });

const accounts: readonly Mutant[] = [
    { defect: "a token for the API server", rule: "pod-api-token", plant: inPod("automountServiceAccountToken", true) },
    {
        defect: "a token that neither pod nor account refuses",
        rule: "pod-api-token",
        plant: both(inPod("automountServiceAccountToken", undefined), set(...beside, "automountServiceAccountToken", undefined)),
    },
    {
        defect: "a token in a cron job",
        rule: "pod-api-token",
        stack: "full",
        plant: set(
            "kubernetes:batch/v1:CronJob",
            "central-shop-job-report",
            "spec.jobTemplate.spec.template.spec.automountServiceAccountToken",
            true,
        ),
    },
    { defect: "the namespace's default account", rule: "pod-own-account", plant: inPod("serviceAccountName", undefined) },
    { defect: "the default account by name", rule: "pod-own-account", plant: inPod("serviceAccountName", "default") },
];

const roles: readonly Mutant[] = [
    { defect: "a role for every verb", rule: "role-wildcard", plant: clusterRole("", "configmaps", "*") },
    { defect: "a role for every resource", rule: "role-wildcard", plant: clusterRole("apps", "*", "get") },
    { defect: "a role for every API group", rule: "role-wildcard", plant: clusterRole("*", "deployments", "get") },
    {
        defect: "a role of one namespace for every verb",
        rule: "role-wildcard",
        plant: add(beside, "kubernetes:rbac.authorization.k8s.io/v1:Role", "east-planted", {
            metadata: { name: "planted", namespace: "shop" },
            rules: [
                { apiGroups: [""], resources: ["configmaps"], verbs: ["get"] },
                { apiGroups: [""], resources: ["pods"], verbs: ["*"] },
            ],
        }),
    },
    { defect: "a role that may bind others", rule: "role-escalation", plant: clusterRole(rbac, "clusterroles", "bind") },
    { defect: "a role that may give itself more", rule: "role-escalation", plant: clusterRole(rbac, "roles", "escalate") },
    { defect: "a role that may be others", rule: "role-escalation", plant: clusterRole("", "users", "impersonate") },
    { defect: "a role that may make tokens", rule: "role-escalation", plant: clusterRole("", "serviceaccounts/token", "create") },
    { defect: "a role that may run commands in pods", rule: "role-escalation", plant: clusterRole("", "pods/exec", "create") },
    { defect: "a role that reaches nodes past the API server", rule: "role-escalation", plant: clusterRole("", "nodes/proxy", "get") },
    {
        defect: "a role that may change admission",
        rule: "role-escalation",
        plant: clusterRole("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "update"),
    },
    {
        defect: "a role that may approve certificates",
        rule: "role-escalation",
        plant: clusterRole("certificates.k8s.io", "certificatesigningrequests/approval", "update"),
    },
    {
        defect: "a role that may sign certificates",
        rule: "role-escalation",
        plant: clusterRole("certificates.k8s.io", "signers", "approve"),
    },
    { defect: "a role that may redirect Services", rule: "role-escalation", plant: clusterRole("", "services/status", "patch") },
    { defect: "a role that reads every Secret", rule: "role-reads-secrets", plant: clusterRole("", "secrets", "list") },
    {
        defect: "an account with every right",
        rule: "binding-cluster-admin",
        plant: binding({ kind: "ServiceAccount", name: "shop", namespace: "shop" }, "cluster-admin"),
    },
    {
        defect: "every right in one namespace",
        rule: "binding-cluster-admin",
        plant: add(beside, "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "east-planted", {
            metadata: { name: "planted", namespace: "shop" },
            roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
            subjects: [{ kind: "ServiceAccount", name: "shop" }],
        }),
    },
    {
        defect: "a role for those who have not logged in",
        rule: "binding-everyone",
        plant: binding({ kind: "Group", name: "system:unauthenticated" }),
    },
    { defect: "a role for the anonymous user", rule: "binding-everyone", plant: binding({ kind: "User", name: "system:anonymous" }) },
    {
        defect: "a role for everyone who has logged in",
        rule: "binding-everyone",
        plant: binding({ kind: "Group", name: "system:authenticated" }),
    },
    { defect: "the group that skips every check", rule: "binding-everyone", plant: binding({ kind: "Group", name: "system:masters" }) },
    {
        defect: "a role for a default account",
        rule: "binding-default-account",
        plant: binding({ kind: "ServiceAccount", name: "default", namespace: "shop" }),
    },
];

const enforce = "pod-security.kubernetes.io/enforce";
const namespace = ["kubernetes:core/v1:Namespace", "east-shop-namespace"] as const;

const namespaces: readonly Mutant[] = [
    { defect: "no Pod Security label", rule: "namespace-pod-security", plant: setKey(...namespace, "metadata.labels", enforce, undefined) },
    {
        defect: "only the baseline enforced",
        rule: "namespace-pod-security",
        plant: setKey(...namespace, "metadata.labels", enforce, "baseline"),
    },
    {
        defect: "privileged pods let in",
        rule: "namespace-pod-security",
        plant: setKey(...namespace, "metadata.labels", enforce, "privileged"),
    },
    {
        defect: "privileged pods let in, with a reason that says nothing",
        rule: "namespace-pod-security",
        plant: both(setKey(...namespace, "metadata.labels", enforce, "privileged"), set(...namespace, "metadata.annotations", { "holdfast.dev/pod-security-because": "" })),
    },
    {
        defect: "a namespace without labels",
        rule: "namespace-pod-security",
        plant: set("kubernetes:core/v1:Namespace", "central-shop-namespace", "metadata.labels", undefined),
    },
    {
        defect: "an account in the default namespace",
        rule: "namespace-default",
        plant: add(beside, "kubernetes:core/v1:ServiceAccount", "east-planted", {
            metadata: { name: "planted" },
            automountServiceAccountToken: false,
        }),
    },
    {
        defect: "configuration in the namespace named default",
        rule: "namespace-default",
        plant: add(beside, "kubernetes:core/v1:ConfigMap", "east-planted", {
            metadata: { name: "planted", namespace: "default" },
            data: { currency: "EUR" },
        }),
    },
    { defect: "no quota", rule: "namespace-quota", plant: drop("kubernetes:core/v1:ResourceQuota", "east-shop-quota") },
    {
        defect: "a quota of pods alone",
        rule: "namespace-quota",
        plant: set("kubernetes:core/v1:ResourceQuota", "central-shop-quota", "spec.hard", { pods: "50" }),
    },
    { defect: "no limit range", rule: "namespace-limit-range", plant: drop("kubernetes:core/v1:LimitRange", "east-shop-limits") },
    {
        defect: "a limit range without memory",
        rule: "namespace-limit-range",
        plant: set("kubernetes:core/v1:LimitRange", "east-shop-limits", "spec.limits[0].default", { cpu: "200m" }),
    },
];

export const access: readonly Mutant[] = [...accounts, ...roles, ...namespaces];
