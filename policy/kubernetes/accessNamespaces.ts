import { podSecurityReason } from "../../components/platform/namespace";
import { nameOf, namespaceOf } from "../clusters";
import { type Rule, resourceRule, shown } from "../rule";
import { entries, isSet, isUnknown } from "../values";
import { appNamespaceRule } from "./appNamespaces";
import { defaultsOf } from "./demand";
import { podTypes } from "./pods";

const enforce = "pod-security.kubernetes.io/enforce";

/** Namespaces: what may run in them, and how much. */
export const accessNamespaces: readonly Rule[] = [
    resourceRule(
        {
            name: "namespace-pod-security",
            level: "mandatory",
            why: "The API server refuses pods that could take a node over only where the namespace's label says so.",
            // CIS GKE 4.2.1 asks for baseline, which is less.
            ids: [],
            fix: `set the label ${enforce} to restricted, or say in the annotation ${podSecurityReason} why its pods need more`,
        },
        "kubernetes:core/v1:Namespace",
        ({ metadata }) => {
            const level = metadata?.labels?.[enforce];
            const because = metadata?.annotations?.[podSecurityReason];
            if (isSet(level) && isSet(because) && because !== "") {
                return false;
            }
            return level !== "restricted" && !isUnknown(level) && !isUnknown(metadata?.labels) && `label ${enforce} is ${shown(level)}`;
        },
    ),
    resourceRule(
        {
            name: "namespace-default",
            level: "advisory",
            why: "In the default namespace no quota, policy or right tells one app from another.",
            ids: ["CKV_K8S_21", "CIS EKS 4.5.2", "CIS GKE 4.6.4"],
            fix: "make a namespace for the app, and name it in metadata.namespace",
        },
        [
            ...podTypes,
            "kubernetes:core/v1:ConfigMap",
            "kubernetes:core/v1:Secret",
            "kubernetes:core/v1:Service",
            "kubernetes:core/v1:ServiceAccount",
            "kubernetes:networking.k8s.io/v1:Ingress",
            "kubernetes:rbac.authorization.k8s.io/v1:Role",
            "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        ],
        (_, object) => {
            const ownOfKubernetes = { "kubernetes:core/v1:ServiceAccount": "default", "kubernetes:core/v1:Service": "kubernetes" };
            const isOwn = Object.entries(ownOfKubernetes).some(([type, name]) => object.type === type && nameOf(object) === name);
            return namespaceOf(object) === "default" && !isOwn && "it is in namespace default";
        },
    ),
    appNamespaceRule(
        {
            name: "namespace-quota",
            level: "advisory",
            why: "An app without a quota can take the room that the others need, by a runaway autoscaler or by an intruder's pods.",
            ids: [],
            fix: "add a ResourceQuota that bounds requests.cpu and requests.memory at what the app needs at its most",
        },
        namespace => {
            const quotas = namespace.objects("kubernetes:core/v1:ResourceQuota").map(({ inputs }) => inputs.spec?.hard);
            const bounded = quotas.flatMap(hard => entries(hard).map(([key]) => key.replace(/^(requests|limits)\./, "")));
            const missing = ["cpu", "memory"].filter(resource => !bounded.includes(resource) && !quotas.some(isUnknown));
            return missing.length === 0 ? [] : [{ found: `no ResourceQuota bounds ${missing.join(" and ")} of namespace ${namespace.name}` }];
        },
    ),
    appNamespaceRule(
        {
            name: "namespace-limit-range",
            level: "advisory",
            why: "A container that says nothing of memory takes all that its node has, unless its namespace gives it a limit.",
            ids: [],
            fix: "add a LimitRange with a default memory limit for type Container",
        },
        namespace =>
            defaultsOf(namespace).some(limits => isSet(limits.default?.["memory"]))
                ? []
                : [{ found: `no LimitRange gives containers of namespace ${namespace.name} a memory limit` }],
    ),
];
