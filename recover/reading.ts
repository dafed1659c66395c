import { z } from "zod";

import { lastLines } from "../tools/execute";
import { settingsToLook } from "./ids";
import { type PulumiStack, exportState, importState, tryPulumi } from "./pulumi";
import { type Exported, type Properties, type StateResource, cloudOf, providerOf, resourcesOf } from "./state";

/** A resource that may be there, with the id that it would have. */
export interface Candidate {
    readonly resource: StateResource;
    readonly id: string;
}

/** What its provider says of a candidate. */
export type Reading = Present | { readonly is: "absent" } | { readonly is: "unreadable"; readonly why: string };

/** A candidate that is there. */
export interface Present {
    readonly is: "there";
    /** Its id; an importer may have made it from the one that was given. */
    readonly id: string;
    readonly inputs: Properties;
    readonly outputs: Properties;
    /** What is not as it should be with it yet, by its provider. */
    readonly initErrors: readonly string[];
}

/** Where candidates are read. */
export interface Desk {
    /** A scratch stack. */
    readonly stack: PulumiStack;
    /** Its state when nothing was in it. */
    readonly empty: Exported;
    /** The real stack's. */
    readonly state: Exported;
    /** The real stack's folder. */
    readonly directory: string;
}

/**
 * Puts candidates into the scratch stack as if they were there, and lets a refresh find out: it goes on where one can't be read, and
 * removes what is gone. A candidate without outputs is read as an import is, so that its id may be any that `pulumi import` takes
 * (`Read` in pkg/tfbridge/provider.go of pulumi/pulumi-terraform-bridge).
 */
export async function readAll({ stack, empty, state, directory }: Desk, candidates: readonly Candidate[]): Promise<readonly Reading[]> {
    const refs = [...new Set(candidates.map(({ resource }) => resource.provider ?? ""))];
    const providers = refs
        .flatMap(ref => providerOf(ref, state) ?? [])
        .map(provider => ({ ...alone(provider), inputs: settingsToLook(cloudOf(provider), provider.inputs ?? {}, directory) }));
    const sought = candidates.map(({ resource, id }, index) => ({ ...alone(resource), urn: distinct(resource.urn, candidates, index), id }));
    await importState(stack, { ...empty, deployment: { ...empty.deployment, resources: [...providers, ...sought] } });
    const outcome = await tryPulumi(stack, ["refresh", "--yes", "--skip-preview", "--json"]);
    const failure = outcome.code === 0 ? undefined : lastLines({ ...outcome, stdout: "" });
    const errors = errorsIn(outcome.stdout);
    const found = new Map(resourcesOf(await exportState(stack)).map(resource => [resource.urn, resource]));
    return sought.map(({ urn, outputs }) => {
        const resource = found.get(urn);
        const why = errors.get(urn);
        if (resource === undefined) {
            return { is: "absent" };
        }
        // Where the refresh failed as a whole, what was not read is as it was put there.
        return why !== undefined || (failure !== undefined && areSame(resource.outputs, outputs)) ? { is: "unreadable", why: why ?? failure ?? "" } : present(resource);
    });
}

function present({ id = "", inputs = {}, outputs = {}, initErrors }: StateResource): Present {
    return { is: "there", id, inputs, outputs, initErrors: initErrors ?? [] };
}

function areSame(a: Properties | undefined, b: Properties | undefined): boolean {
    return JSON.stringify(a ?? {}) === JSON.stringify(b ?? {});
}

const hanging = ["parent", "dependencies", "propertyDependencies", "deletedWith", "replaceWith", "delete", "pendingReplacement", "aliases"];

/** A resource without what it hangs on, which the scratch stack does not have. */
function alone(resource: StateResource): StateResource {
    return Object.fromEntries(Object.entries(resource).filter(([key]) => !hanging.includes(key))) as StateResource;
}

/** A URN that this candidate alone has: several may be what one resource left. */
function distinct(urn: string, candidates: readonly Candidate[], index: number): string {
    const earlier = candidates.slice(0, index).filter(({ resource }) => resource.urn === urn).length;
    return earlier === 0 ? urn : `${urn}~${earlier}`;
}

/** An event of the engine's, of which `--json` prints one a line (sdk/go/common/apitype/events.go of pulumi/pulumi). */
const eventSchema = z.object({ diagnosticEvent: z.object({ urn: z.string().optional(), message: z.string(), severity: z.string() }).optional() });

/** The first thing that went wrong with each resource, by URN. */
function errorsIn(printed: string): ReadonlyMap<string, string> {
    const events = printed
        .split("\n")
        .filter(line => line.startsWith("{"))
        .map(line => eventSchema.safeParse(JSON.parse(line)));
    const diagnostics = events.flatMap(({ data }) => data?.diagnosticEvent ?? []).filter(({ severity, urn }) => severity === "error" && urn !== undefined && urn !== "");
    return new Map(diagnostics.reverse().map(({ urn = "", message }) => [urn, plain(message)]));
}

/** Text without the marks by which the CLI colours it, such as <{%fg 1%}>. */
function plain(message: string): string {
    return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}
