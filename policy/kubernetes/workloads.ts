import { type KubernetesCluster, clustersOf, nameOf, namespaceOf } from "../clusters";
import { type Resource, type StackGraph, type Typed, groupBy } from "../graph";
import type { InputsByType, RuledType } from "../inputs";
import { type Fault, type ResourceRule, type RuleText, type StackRule, resourceRule, stackRule } from "../rule";
import { type PodType, makesPods, podLabelsOf, podSpecOf, podTypes, servingTypes, templateOf } from "./pods";
import { numberOf } from "./quantities";
import { type LabelSelector, picks } from "./selectors";
import { entries, hasUnknown, isSet, isUnknown, items, textOf } from "../values";

export type Workload = Typed<(typeof servingTypes)[number]>;
export type Service = Typed<"kubernetes:core/v1:Service">;
export type Autoscaler = Typed<(typeof autoscalerTypes)[number]>;

const autoscalerTypes = ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "kubernetes:autoscaling/v1:HorizontalPodAutoscaler"] as const;

const namespacedTypes = [
    ...podTypes,
    ...autoscalerTypes,
    "kubernetes:cloud.google.com/v1:BackendConfig",
    "kubernetes:core/v1:ConfigMap",
    "kubernetes:core/v1:Endpoints",
    "kubernetes:core/v1:LimitRange",
    "kubernetes:core/v1:PersistentVolumeClaim",
    "kubernetes:core/v1:ResourceQuota",
    "kubernetes:core/v1:Secret",
    "kubernetes:core/v1:Service",
    "kubernetes:core/v1:ServiceAccount",
    "kubernetes:discovery.k8s.io/v1:EndpointSlice",
    "kubernetes:networking.gke.io/v1beta1:FrontendConfig",
    "kubernetes:networking.k8s.io/v1:Ingress",
    "kubernetes:policy/v1:PodDisruptionBudget",
] as const satisfies readonly RuledType[];

type NamespacedType = (typeof namespacedTypes)[number];

/** How many replicas there may be. */
export interface Replicas {
    readonly least: number;
    readonly most: number;
}

/** Where what is in a namespace comes from. */
interface Origin {
    /** Whether the stack makes the namespace. */
    readonly isMade: boolean;
    /** Whether there is more than can be seen: what a chart brings, or what only an update knows. */
    readonly hasMore: boolean;
}

/** What shares a namespace of a cluster, and how it hangs together by names and labels. */
export class Namespace {
    /** What makes pods. */
    public readonly pods: readonly Typed<PodType>[];
    /** What makes pods that serve. */
    public readonly workloads: readonly Workload[];
    public readonly autoscalers: readonly Autoscaler[];
    private readonly byLabel: ReadonlyMap<string, readonly Typed<PodType>[]>;
    private readonly byName = new Map<RuledType, ReadonlyMap<string | undefined, readonly Resource[]>>();
    private readonly services: ReadonlyMap<Resource, readonly Service[]>;
    private readonly scaled: ReadonlyMap<Resource | undefined, readonly Autoscaler[]>;

    constructor(
        public readonly cluster: KubernetesCluster,
        public readonly name: string,
        private readonly byType: ReadonlyMap<string, readonly Resource[]>,
        private readonly origin: Origin,
    ) {
        this.pods = podTypes.flatMap(type => this.objects(type));
        this.workloads = servingTypes.flatMap(type => this.objects(type));
        this.autoscalers = autoscalerTypes.flatMap(type => this.objects(type));
        const labelled = this.pods.flatMap(pods => entries(podLabelsOf(pods)).map(([key, value]) => ({ pair: `${key}=${value}`, pods })));
        this.byLabel = new Map([...groupBy(labelled, ({ pair }) => pair)].map(([pair, members]) => [pair, members.map(({ pods }) => pods)]));
        const served = this.objects("kubernetes:core/v1:Service").flatMap(service => this.servedBy(service).map(pods => ({ pods, service })));
        this.services = new Map([...groupBy(served, ({ pods }) => pods)].map(([pods, members]) => [pods, members.map(({ service }) => service)]));
        this.scaled = groupBy(this.autoscalers, autoscaler => this.targetOf(autoscaler));
    }

    /** Zones of the cluster, where the stack says them; 0 where not. */
    public get zones(): number {
        return this.cluster.zones.length;
    }

    /** Whether what isn't seen in it isn't there: pods are made in it, and nothing in it is hidden. */
    public get isWhole(): boolean {
        return this.pods.length > 0 && !this.origin.hasMore;
    }

    /** Whether the stack also makes the namespace itself, so that others have no place in it. */
    public get isOwn(): boolean {
        return this.origin.isMade && this.isWhole;
    }

    public objects<Type extends NamespacedType>(type: Type): readonly Typed<Type>[] {
        return (this.byType.get(type) ?? []) as readonly Typed<Type>[];
    }

    /** The object of a type that a name means; undefined for none. */
    public find<Type extends NamespacedType>(type: Type, name: string): Typed<Type> | undefined {
        const known = this.byName.get(type);
        const byName = known ?? groupBy<string | undefined, Resource>(this.objects(type), object => nameOf(object) ?? undefined);
        if (known === undefined) {
            this.byName.set(type, byName);
        }
        const [named] = byName.get(name) ?? [];
        return (named ?? byName.get(undefined)?.find(object => isNamed(object, name))) as Typed<Type> | undefined;
    }

    /** What makes the pods that a selector picks. */
    public picked(selector: LabelSelector | undefined): readonly Typed<PodType>[] {
        const groups = entries(selector?.matchLabels).map(([key, value]) => this.byLabel.get(`${key}=${value}`) ?? []);
        const fewest = groups.reduce((least, group) => (group.length < least.length ? group : least), this.pods);
        return fewest.filter(pods => picks(selector, podLabelsOf(pods)));
    }

    /** What makes the pods that a Service sends to; nothing where it has no selector. */
    public servedBy({ inputs }: Service): readonly Typed<PodType>[] {
        const selector = inputs.spec?.selector;
        return entries(selector).length === 0 ? [] : this.picked({ matchLabels: selector ?? {} });
    }

    /** The Services that send to a workload's pods. */
    public servicesOf(workload: Workload): readonly Service[] {
        return this.services.get(workload) ?? [];
    }

    /** Whether clients reach a workload by an address of its own, rather than each pod by its name. */
    public serves(workload: Workload): boolean {
        return this.servicesOf(workload).some(service => !isHeadless(service));
    }

    /** What an autoscaler scales; undefined where there is no such thing in the stack. */
    public targetOf({ inputs }: Autoscaler): Workload | undefined {
        const { kind, name } = inputs.spec?.scaleTargetRef ?? {};
        const type = servingTypes.find(each => each.endsWith(`:${kind ?? ""}`));
        return type === undefined ? undefined : this.find(type, name ?? "");
    }

    /** The autoscalers of a workload, or those whose target is not in the stack. */
    public autoscalersOf(workload: Workload | undefined): readonly Autoscaler[] {
        return this.scaled.get(workload) ?? [];
    }

    /** How many replicas a workload has: its autoscaler's bounds, or the number that it names. */
    public replicasOf(workload: Workload): Replicas {
        const [autoscaler] = this.autoscalersOf(workload);
        if (autoscaler === undefined) {
            const replicas = numberOf(workload.inputs.spec?.replicas, 1);
            return { least: replicas, most: replicas };
        }
        const least = numberOf(autoscaler.inputs.spec?.minReplicas, 1);
        return { least, most: numberOf(autoscaler.inputs.spec?.maxReplicas, least) };
    }
}

/** A rule for an object alone. One whose content only an update knows is left out. */
export function objectRule<Type extends RuledType>(text: RuleText, types: Type | readonly Type[], check: Parameters<typeof resourceRule<Type>>[2]): ResourceRule {
    return resourceRule(text, types, (inputs, object) => isKnown(object) && check(inputs, object));
}

/** Whether the content of an object is known, as far as rules look into it as a whole. */
function isKnown(object: Resource): boolean {
    const blocks: readonly unknown[] = [metadataOf(object), (object.inputs as InputsByType["kubernetes:core/v1:Service"]).spec];
    if (!makesPods(object)) {
        return !blocks.some(isUnknown);
    }
    const { containers } = podSpecOf(object);
    return ![...blocks, templateOf(object), templateOf(object)?.metadata, podSpecOf(object), containers, ...items(containers)].some(isUnknown) && !hasUnknown(podLabelsOf(object));
}

function metadataOf({ inputs }: Resource): unknown {
    return (inputs as InputsByType["kubernetes:core/v1:Service"]).metadata;
}

/** A rule for what stands in one namespace. */
export function namespaceRule(text: RuleText, faults: (namespace: Namespace) => readonly Fault[]): StackRule {
    return stackRule(text, graph => namespacesOf(graph).flatMap(faults));
}

/** Every namespace that the stack puts something into. */
export function namespacesOf(graph: StackGraph): readonly Namespace[] {
    const known = cache.get(graph);
    if (known !== undefined) {
        return known;
    }
    const namespaces = clustersOf(graph).flatMap(namespacesIn);
    cache.set(graph, namespaces);
    return namespaces;
}

function namespacesIn(cluster: KubernetesCluster): readonly Namespace[] {
    const made = groupBy(cluster.objects("kubernetes:core/v1:Namespace"), object => nameOf(object) ?? undefined);
    const unnamed = made.get(undefined) ?? [];
    const installed = (["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"] as const).flatMap((type): readonly Typed<typeof type>[] => cluster.objects(type));
    const charts = new Set(installed.map(({ inputs }) => inputs.namespace ?? "default"));
    const objects: readonly Resource[] = namespacedTypes.flatMap((type): readonly Resource[] => cluster.objects(type));
    const anywhere = objects.some(object => isUnknown(metadataOf(object)) || isUnknown(namespaceOf(object)));
    return [...groupBy(objects, namespaceOf)].map(([name, members]) => {
        const isMade = made.has(name) || unnamed.some(object => isNamed(object, name));
        const known = members.filter(isKnown);
        const hasMore = anywhere || charts.has(name) || known.length < members.length || known.some(object => isUnknown(nameOf(object)));
        return new Namespace(cluster, name, groupBy(known, ({ type }) => type), { isMade, hasMore });
    });
}

/** Rules ask for the namespaces one after another; a graph never changes. */
const cache = new WeakMap<StackGraph, readonly Namespace[]>();

/**
 * Whether a name means an object. A plan doesn't show the name of one that the provider names: the
 * resource's own, a hyphen and some letters.
 */
export function isNamed(object: Resource, name: string): boolean {
    const own = nameOf(object);
    return isSet(own) ? own === name : textOf(name).startsWith(`${object.name}-`);
}

/** Whether a Service has no address of its own, but gives each pod a name. */
export function isHeadless({ inputs }: Service): boolean {
    return inputs.spec?.clusterIP === "None";
}

/** An object for a message: "Deployment shop". */
export function called(object: Resource): string {
    return `${object.type.split(":").at(-1) ?? ""} ${nameOf(object) ?? object.name}`;
}
