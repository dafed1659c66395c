import type { Properties } from "../provider/wire";
import type { NewThing, Thing, World } from "./world";

/** A resource that is to be made. */
export interface Making {
    readonly world: World;
    /** Where it will be: see {@link Thing.place}. */
    readonly place: string;
    readonly type: string;
    /** Its name in the program. */
    readonly name: string;
    readonly inputs: Properties;
    /** Settings of the provider that makes it. */
    readonly settings: Properties;
}

/** What a cloud knows of a type of resource. Everything left out is as with most types. */
export interface Kind {
    /** Id of a new one. @default a prefix and a number that is new */
    readonly id?: (making: Making) => string;
    /** By what else than its id it can be read, where an import has another form. @default nothing */
    readonly importedBy?: (thing: Thing) => string;
    /** Whether making what is there already means that one: it is taken over. @default false */
    readonly repeatable?: (inputs: Properties) => boolean;
    /** Properties that a new one, or a changed one, has beside its inputs. @default none */
    readonly outputs?: (making: Making & { readonly id: string }) => Properties;
    /** Why one can't be made now. @default nothing speaks against it */
    readonly refuse?: (making: Making) => string | undefined;
    /** What happens in the cloud on its own once it is there. Resolves when it is as it should be. */
    readonly settle?: (making: Making & { readonly id: string; readonly signal: AbortSignal }) => Promise<Properties> | Properties;
    /** Things that keep one from going, by type and the property that names it. @default none */
    readonly heldBy?: readonly Holder[];
    /** Another reason for which one can't go now. */
    readonly holds?: (thing: Thing, world: World) => string | undefined;
    /** What goes with it, or because of it. Resolves when that is gone. */
    readonly goes?: (thing: Thing, world: World, signal: AbortSignal) => Promise<void> | void;
    /** Whether it is still there after it was deleted, as keys are. @default false */
    readonly stays?: boolean;
}

/** A type whose things keep another from going while they name it. */
export interface Holder {
    readonly type: string;
    /** Input, dotted, that names the other by id, name or ARN; in a list one of them. */
    readonly through: string;
}

/** Types of resources, by token. */
export type Kinds = Readonly<Record<string, Kind>>;

/** The value at a dotted path. */
export function at(values: Properties, path: string): unknown {
    return path.split(".").reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? (value as Properties)[key] : undefined), values);
}

/** Text at a dotted path; empty where there is none. */
export function text(values: Properties, path: string): string {
    const value = at(values, path);
    return typeof value === "string" ? value : "";
}

/** Names by which others know a thing. */
export function namesOf({ id, inputs, outputs }: Pick<Thing, "id" | "inputs" | "outputs">): readonly string[] {
    return [id, inputs["name"], at(inputs, "metadata.name"), outputs["name"], outputs["arn"]].filter(name => typeof name === "string" && name !== "") as string[];
}

/** Things of a type whose property names a thing. */
export function naming(world: World, thing: NewThing, { type, through }: Holder): readonly Thing[] {
    const names = namesOf(thing);
    return world.ofType(type).filter(other => [at(other.inputs, through)].flat().some(name => names.includes(String(name))));
}
