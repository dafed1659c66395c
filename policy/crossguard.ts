import type { PolicyResource, ResourceValidationArgs, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

import { type Resource, StackGraph } from "./graph";
import { type ResourceRule, type Rule, type StackRule, messageOf } from "./rule";

/** A rule as Pulumi's policy engine runs it. */
export function policyOf(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
    const said = {
        name: rule.name,
        description: rule.why,
        enforcementLevel: rule.level,
        remediationSteps: rule.fix,
        tags: [...rule.ids],
    };
    return rule.scope === "resource" ? { ...said, ...validateResource(rule) } : { ...said, ...validateStack(rule) };
}

function validateResource(rule: ResourceRule): Pick<ResourceValidationPolicy, "validateResource"> {
    return {
        validateResource: (args, report) => {
            if (!isRendered(args) && rule.types.some(type => type === args.type)) {
                rule.faults(resourceOf(args)).forEach(found => { report(messageOf(rule, found)); });
            }
        },
    };
}

function validateStack(rule: StackRule): Pick<StackValidationPolicy, "validateStack"> {
    return {
        validateStack: ({ resources }, report) => {
            rule.faults(graphOf(resources)).forEach(({ resource, found }) => { report(messageOf(rule, found), resource.urn); });
        },
    };
}

/** The graph that the rules of one request share, and the URNs that it is of. */
let shared: { readonly urns: readonly string[]; readonly graph: StackGraph } | undefined;

/**
 * Pulumi's runner asks every rule of a stack in one turn of the event loop, each with a list of its own that
 * says the same. One graph serves them all; it is dropped at the turn's end, before a next request is read.
 */
function graphOf(resources: readonly PolicyResource[]): StackGraph {
    const urns = resources.map(({ urn }) => urn);
    if (shared?.urns.length !== urns.length || !shared.urns.every((urn, index) => urn === urns[index])) {
        if (shared === undefined) {
            setImmediate(() => { shared = undefined; });
        }
        shared = { urns, graph: new StackGraph(resources.filter(resource => !isRendered(resource)).map(resourceOfStack)) };
    }
    return shared.graph;
}

/**
 * Whether a chart rendered a resource. What is in a chart is its authors' choice, and a plan can't see it: rules go by the values that
 * it is given. The types of what a resource stands below are in its URN
 * (https://www.pulumi.com/docs/iac/concepts/resources/names/#urns).
 */
function isRendered({ urn }: Pick<Shown, "urn">): boolean {
    return urn.includes("kubernetes:helm.sh/v4:Chart$");
}

/** What both kinds of policy are shown of a resource. */
type Shown = Pick<ResourceValidationArgs, "urn" | "type" | "name" | "opts" | "provider" | "props">;

/** A resource by itself comes without what its inputs rest on: only rules for stacks read that. */
function resourceOf({ urn, type, name, opts, provider, props }: Shown, sources: Resource["sources"] = {}): Resource {
    return { urn, type, name, parent: opts.parent, provider: provider?.urn, protect: opts.protect, inputs: plain(props), sources };
}

function resourceOfStack(resource: PolicyResource): Resource {
    const { propertyDependencies } = resource;
    return resourceOf(resource, Object.fromEntries(Object.entries(propertyDependencies).map(([input, sources]) => [input, sources.map(({ urn }) => urn)])));
}

/** What stands for a value that only an update knows, as in the offline plan. */
const unknown = "${unknown}";

/**
 * A plain copy of what the policy engine shows. It guards every property, and throws where one that is
 * not known yet is read: that would end a rule that only wants to see what is there.
 */
function plain(value: unknown): unknown {
    if (Array.isArray(value)) {
        return Array.from({ length: value.length }, (_, index) => property(value, index));
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    return Object.fromEntries(Object.keys(value).map(key => [key, property(value, key)]));
}

function property(holder: object, key: string | number): unknown {
    let value: unknown;
    try {
        value = Reflect.get(holder, key);
    } catch (error) {
        if (error instanceof Error && error.message.includes("can't be known during preview")) {
            return unknown;
        }
        throw error;
    }
    return plain(value);
}
