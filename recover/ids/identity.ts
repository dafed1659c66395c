import type { Properties } from "../state";

/** A resource that was being made: it may be there, and the state has no id for it. */
export interface Sought {
    readonly urn: string;
    readonly type: string;
    /** Name in the program. */
    readonly name: string;
    readonly project: string;
    readonly stack: string;
    /** What it was to be made from, as its provider took it, with the names that Pulumi made up; secrets in the clear. */
    readonly inputs: Properties;
    readonly provider: {
        /** URN of the provider, two colons, its id. */
        readonly ref: string;
        /** Its settings: text, or JSON for structures; secrets in the clear. */
        readonly settings: Properties;
    };
}

/** How resources of a type are found again, and what is to be known once they are. */
export interface Identity {
    /** Where the id comes from. */
    readonly way: Way;
    /** What is found by its id in a state where it can't be used yet, and why; undefined where it can. Waiting helps. */
    readonly settling?: (outputs: Properties) => string | undefined;
    /** What is wrong with one that was found, for people; undefined where nothing is. Waiting does not help. */
    readonly flaw?: (outputs: Properties) => string | undefined;
    /** Whose the one is that was found. @default unknown */
    readonly owner?: (outputs: Properties, inputs: Properties) => Owner;
    /** Inputs without what its provider made up, beside what bridged providers note as filled in. @default as they are */
    readonly asked?: (inputs: Properties) => Properties;
    /** What the provider read, with what it can't read and the next update goes by. @default as it was read */
    readonly completed?: (outputs: Properties, inputs: Properties) => Properties;
    /** What providers say of one that is not there, where they do not just say that. @default none */
    readonly absent?: RegExp;
}

/** Whose something is: ours, nobody knows whose, or not ours, and why. */
export type Owner = "ours" | "unknown" | { readonly foreign: string };

/** Where an id comes from. */
export type Way =
    /** Inputs tell it, as `pulumi import` takes it; undefined where they don't. */
    | { readonly by: "inputs"; readonly id: (sought: Sought) => string | undefined }
    /** The cloud must be asked. */
    | { readonly by: "lookup"; readonly lookup: Lookup }
    /** Making it again makes no second one. */
    | { readonly by: "repetition"; readonly why: string };

/** A way to ask a cloud for ids. */
export interface Lookup {
    /** How the id was found, for people: "its tag". */
    readonly title: string;
    /** Questions whose answers tell of all of these. One function stands for one kind of question, whatever the types. */
    readonly questions: (sought: readonly Sought[]) => readonly Question[];
    /** Ids of all that may be it, as `pulumi import` takes them. */
    readonly ids: (sought: Sought, answers: readonly Answer[]) => readonly string[];
    /** Why one can't be found so, and what to do; undefined where it can. @default undefined */
    readonly hindrance?: (sought: Sought) => string | undefined;
    /** Answers may lack what was made a moment ago: whoever finds nothing asks again. @default false */
    readonly lags?: boolean;
    /** Why one may be there though nothing was found, and what to do; undefined where it is not there then. @default undefined */
    readonly untold?: string;
}

/** A call of a provider's function, such as `aws:ec2/getVpc:getVpc`. */
export interface Question {
    /** URN and id of the provider that is asked. */
    readonly provider: string;
    readonly token: string;
    readonly args: Properties;
}

/** What was answered. */
export interface Answer extends Question {
    readonly result: unknown;
}

/** Text of an input; undefined where it is none, or empty. */
export function text(inputs: Properties, key: string): string | undefined {
    const value = inputs[key];
    return typeof value === "string" && value !== "" ? value : undefined;
}

/** Texts of inputs, joined; undefined where one is missing. */
export function joined(separator: string, ...parts: readonly (string | undefined)[]): string | undefined {
    return parts.includes(undefined) ? undefined : parts.join(separator);
}

/** An identity whose id inputs tell. */
export function byInputs(id: (sought: Sought) => string | undefined): Identity {
    return { way: { by: "inputs", id } };
}

/** An identity of what can be made again without harm. */
export function byRepetition(why: string): Identity {
    return { way: { by: "repetition", why } };
}
