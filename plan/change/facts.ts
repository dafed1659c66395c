import aws from "./facts/aws.json";
import gcp from "./facts/gcp.json";
import kubernetes from "./facts/kubernetes.json";

/** What is known of a resource type: which changes of its inputs replace it. Each entry names its source. */
export interface Facts {
    /** Paths whose change replaces the resource. A path covers all below it; the longest one that covers a change decides. */
    readonly replace: readonly string[];
    /** Paths whose change replaces it under a condition, which is said here in words and decided by conditions.ts. */
    readonly conditional?: Readonly<Record<string, string>>;
    /** Paths that are known to be updated in place. */
    readonly inPlace?: readonly string[];
    /** Name that Pulumi makes up where none is given. A resource with a name of its own is deleted before its successor is made. */
    readonly autonamed?: string;
    /** It is deleted before its successor is made, whatever its name. @default false */
    readonly deleteBeforeReplace?: boolean;
    /** Inputs that are the provider's where they are left out. */
    readonly fromProvider?: readonly string[];
    readonly source: string;
}

const { _: _aboutAws, ...awsFacts } = aws;
const { _: _aboutGcp, ...gcpFacts } = gcp;
const { _: _aboutKubernetes, "*": everyObject, ...kubernetesFacts } = kubernetes;

const table = new Map<string, Facts>(Object.entries({ ...awsFacts, ...gcpFacts, ...kubernetesFacts } as Readonly<Record<string, Facts>>));

/** Types that have facts of their own. */
export const knownTypes: readonly string[] = [...table.keys()].sort();

/** Types of the Kubernetes provider that stand for a chart, and not for one object. */
const charts = "kubernetes:helm.sh/";

/** Whether a type is one of Kubernetes' objects, custom ones included. */
export function isKubernetesObject(type: string): boolean {
    return type.startsWith("kubernetes:") && !type.startsWith(charts);
}

/**
 * The facts of a type. What holds for every Kubernetes object is in those of each, and all there is for one
 * without an entry; undefined for any other type without one.
 */
export function factsOf(type: string): Facts | undefined {
    const own = table.get(type);
    if (!isKubernetesObject(type)) {
        return own;
    }
    return own === undefined ? everyObject : { ...own, replace: [...everyObject.replace, ...own.replace] };
}

/** The input that says where an AWS resource is: the provider's, where it is left out. */
const region = "region";

/** Inputs that a resource takes from its provider where it leaves them out. */
export function inputsFromProvider(type: string): readonly string[] {
    const facts = factsOf(type);
    return facts?.fromProvider ?? (type.startsWith("aws:") && facts?.conditional?.[region] !== undefined ? [region] : []);
}
