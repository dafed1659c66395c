import { type KubernetesCluster, clustersOf, nameOf, namespaceOf } from "../clusters";
import type { StackGraph, Typed } from "../graph";
import { type Rule, shown, stackRule } from "../rule";
import { differs, items } from "../values";
import { podRule } from "./podRule";
import { type PodType, podSpecOf, podTypes } from "./pods";

const account = "kubernetes:core/v1:ServiceAccount";

/** What a pod may tell the API server and the cloud that it is. */
export const accessPods: readonly Rule[] = [
    stackRule(
        {
            name: "pod-api-token",
            level: "mandatory",
            why: "Who breaks into a pod finds its token for the API server; most apps never use theirs.",
            ids: ["CKV_K8S_38", "CIS EKS 4.1.6", "CIS GKE 4.1.5"],
            fix: "set automountServiceAccountToken to false in the pod; an app that does ask the API server gets a role of its own",
        },
        graph => clustersOf(graph).flatMap(cluster => podsWithIdleToken(graph, cluster).map(pod => ({ resource: pod, found: tokenFound(pod) }))),
    ),
    podRule(
        {
            name: "pod-own-account",
            level: "advisory",
            why: "Pods that share a namespace's default account share every right that is ever given to one of them, also the cloud's.",
            ids: ["CIS EKS 4.1.5", "CIS GKE 4.1.4"],
            fix: "make a ServiceAccount for the app, and name it in serviceAccountName",
        },
        pod => {
            const name = accountNameOf(pod);
            return name === "default" ? [`serviceAccountName is ${shown(pod.serviceAccountName)}`] : [];
        },
    ),
    podRule(
        {
            name: "pod-service-links",
            level: "advisory",
            why: "Each Service of the namespace becomes variables of each pod, which shows a map of the system and can shadow the app's own.",
            ids: [],
            fix: "set enableServiceLinks to false; DNS finds Services",
        },
        pod => (differs(pod.enableServiceLinks, false) ? [`enableServiceLinks is ${shown(pod.enableServiceLinks)}`] : []),
    ),
];

/** The account that a pod runs as; Kubernetes takes `default` where it names none. */
function accountNameOf({ serviceAccountName, serviceAccount }: ReturnType<typeof podSpecOf>): string {
    return [serviceAccountName, serviceAccount].find(name => (name ?? "") !== "") ?? "default";
}

/** Pods that get a token which no role makes useful. The pod's own word counts before its account's. */
function podsWithIdleToken(graph: StackGraph, cluster: KubernetesCluster): readonly Typed<PodType>[] {
    const accounts = new Map(cluster.objects(account).map(each => [`${namespaceOf(each)}/${nameOf(each) ?? ""}`, each]));
    const { names, urns } = accountsWithRoles(graph, cluster);
    return podTypes
        .flatMap((type: PodType) => cluster.objects(type))
        .filter(pod => {
            const spec = podSpecOf(pod);
            const key = `${namespaceOf(pod)}/${accountNameOf(spec)}`;
            // Pulumi may have made the account's name up; then the pod takes it from the account.
            const own = accounts.get(key) ?? graph.sourcesOf(pod, "spec", account)[0];
            const mounted = spec.automountServiceAccountToken ?? own?.inputs.automountServiceAccountToken;
            return differs(mounted, false) && !names.has(key) && !(own !== undefined && urns.has(own.urn));
        });
}

/** Accounts that a role is bound to: as namespace/name, and as URN. */
function accountsWithRoles(graph: StackGraph, cluster: KubernetesCluster): Record<"names" | "urns", ReadonlySet<string>> {
    const bindings = bindingTypes.flatMap((type: (typeof bindingTypes)[number]) => cluster.objects(type));
    const names = bindings.flatMap(binding =>
        items(binding.inputs.subjects)
            .filter(({ kind }) => kind === "ServiceAccount")
            .map(({ namespace, name }) => `${namespace ?? namespaceOf(binding)}/${name ?? ""}`),
    );
    const urns = bindings.flatMap(binding => graph.sourcesOf(binding, "subjects", account).map(({ urn }) => urn));
    return { names: new Set(names), urns: new Set(urns) };
}

const bindingTypes = ["kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"] as const;

function tokenFound(pod: Typed<PodType>): string {
    const spec = podSpecOf(pod);
    return `automountServiceAccountToken is ${shown(spec.automountServiceAccountToken)}, and no role is bound to account ${accountNameOf(spec)}`;
}
