import type { Resource } from "../graph";
import type { RuleText, StackRule } from "../rule";
import { type Namespace, isNamed, namespaceRule } from "./workloads";

/** What is wrong with a namespace, or with an object in it. */
export interface NamespaceFault {
    /** The object to change; by default the namespace, or where the stack doesn't make it what makes pods in it. */
    readonly resource?: Resource;
    readonly found: string;
}

/** A rule for namespaces with pods, but for Kubernetes' own and the one that is taken where none is named. */
export function appNamespaceRule(text: RuleText, faults: (namespace: Namespace) => readonly NamespaceFault[]): StackRule {
    return namespaceRule(text, namespace => {
        const { name, pods } = namespace;
        const isApp = pods.length > 0 && name !== "default" && !name.startsWith("kube-");
        const found = isApp ? faults(namespace) : [];
        return found.flatMap(({ resource = homeOf(namespace), ...fault }) => (resource === undefined ? [] : [{ ...fault, resource }]));
    });
}

function homeOf({ cluster, name, pods }: Namespace): Resource | undefined {
    return cluster.objects("kubernetes:core/v1:Namespace").find(namespace => isNamed(namespace, name)) ?? pods[0];
}
