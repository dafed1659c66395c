import type { InputsByType, RuledType } from "./inputs";

/** A resource of a stack, as rules see it, whether a plan or Pulumi's engine shows it. */
export interface Resource {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** URN of the parent; undefined for the stack. */
    readonly parent: string | undefined;
    /** URN of the provider; undefined for component resources and providers. */
    readonly provider: string | undefined;
    readonly protect: boolean;
    /** Inputs. What only an update knows is text with `${` in it. */
    readonly inputs: unknown;
    /** URNs of the resources that each input takes its value from: these are known before values are. */
    readonly sources: Readonly<Record<string, readonly string[]>>;
}

/** A resource of a known type. */
export interface Typed<Type extends RuledType> extends Resource {
    readonly type: Type;
    readonly inputs: InputsByType[Type];
}

/** All resources of a stack and how they hang together. */
export class StackGraph {
    private readonly byUrn: ReadonlyMap<string, Resource>;
    private readonly byType: ReadonlyMap<string, readonly Resource[]>;
    private readonly byParent: ReadonlyMap<string | undefined, readonly Resource[]>;
    /** By type and input, the users of each source. */
    private readonly byInput = new Map<string, ReadonlyMap<string, readonly { readonly user: Resource }[]>>();

    constructor(public readonly resources: readonly Resource[]) {
        this.byUrn = new Map(resources.map(resource => [resource.urn, resource]));
        this.byType = groupBy(resources, ({ type }) => type);
        this.byParent = groupBy(resources, ({ parent }) => parent);
    }

    /** The resource of a URN; undefined for none. */
    public get(urn: string | undefined): Resource | undefined {
        return urn === undefined ? undefined : this.byUrn.get(urn);
    }

    /** All resources of a type. */
    public ofType<Type extends RuledType>(type: Type): readonly Typed<Type>[] {
        return (this.byType.get(type) ?? []) as readonly Typed<Type>[];
    }

    /** Everything below a component. */
    public below(urn: string): readonly Resource[] {
        return (this.byParent.get(urn) ?? []).flatMap(child => [child, ...this.below(child.urn)]);
    }

    /** The resources of a type that an input of a resource takes its value from. */
    public sourcesOf<Type extends RuledType>(resource: Resource, input: string, type: Type): readonly Typed<Type>[] {
        return (resource.sources[input] ?? []).map(urn => this.byUrn.get(urn)).filter(source => isOfType(source, type));
    }

    /** The resources of a type whose input takes its value from a resource. */
    public usersOf<Type extends RuledType>(source: Resource, input: string, type: Type): readonly Typed<Type>[] {
        const key = `${type} ${input}`;
        let users = this.byInput.get(key);
        if (users === undefined) {
            const uses = this.ofType(type).flatMap(user => (user.sources[input] ?? []).map(urn => ({ urn, user })));
            users = groupBy(uses, ({ urn }) => urn);
            this.byInput.set(key, users);
        }
        return (users.get(source.urn) ?? []).map(({ user }) => user as Typed<Type>);
    }
}

/** Whether a resource is of a type. */
export function isOfType<Type extends RuledType>(resource: Resource | undefined, type: Type): resource is Typed<Type> {
    return resource?.type === type;
}

/** Groups things by a key, in their order. */
export function groupBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): ReadonlyMap<Key, readonly Value[]> {
    const groups = new Map<Key, Value[]>();
    for (const value of values) {
        const key = keyOf(value);
        const group = groups.get(key);
        if (group === undefined) {
            groups.set(key, [value]);
        } else {
            group.push(value);
        }
    }
    return groups;
}
