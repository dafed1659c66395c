import { isRecord } from "../../components/config/fields";
import type { PlanDocument } from "../document";
import { isMade } from "../made";
import type { PlannedResource } from "../summary";
import { masked } from "../wire";
import { carriedInputs } from "./carried";
import { dependentsThatGoFirst } from "./dependents";
import type { Action, Change, PlanDiff } from "./diff";
import { differingPaths } from "./differences";
import { inputsFromProvider } from "./facts";
import { inDependencyOrder, matchByUrn } from "./graph";
import { type Inputs, type Path, covers, formatPath, parsePath, resetAt } from "./paths";
import { deletesBeforeReplacing, normalised, replacingDifferences, replacingPaths } from "./replacing";
import { dangerOf } from "./weight";

/** What a comparison needs beside the plans. */
export interface CompareOptions {
    /** The base in words. @default "the base" */
    readonly base?: string;
    /** URNs that resources of the second plan were known by before, by their URN. @default none */
    readonly aliases?: ReadonlyMap<string, readonly string[]>;
    /** What should be known of the base. @default none */
    readonly notes?: readonly string[];
}

/**
 * What an update from one plan to another would do, resource by resource, as Pulumi's engine decides it
 * (pkg/resource/deploy/step_generator.go, v3.246.0). Where a preview has to call a value unknown, this follows
 * what the update will find: a dependant of a replaced resource is replaced or updated only where the value
 * that it takes from it will be another one. A resource that must go before its successor comes takes those
 * dependants with it that the engine takes, by the first plan. Without a first plan everything is created.
 */
export function compare(before: PlanDocument | undefined, after: PlanDocument, options: CompareOptions = {}): PlanDiff {
    const comparison = new Comparison(before?.resources ?? [], after.resources, options.aliases ?? new Map());
    const changes = comparison.changes().filter(({ change }) => change !== undefined);
    const of = (action: Action): number => changes.filter(({ change, counted }) => counted && change?.action === action).length;
    const counts = { create: of("create"), update: of("update"), replace: of("replace"), delete: of("delete") };
    const staying = after.resources.filter(isMade).length - counts.create - counts.update - counts.replace;
    return {
        formatVersion: 1,
        project: after.summary.project,
        stack: after.summary.stack,
        base: options.base ?? "the base",
        counts: { ...counts, same: staying },
        changes: changes.flatMap(({ change, counted }) => (counted && change !== undefined ? [change] : [])).sort((a, b) => (a.urn < b.urn ? -1 : 1)),
        unseen: comparison.unseen.sort(),
        notes: [...(options.notes ?? []), ...comparison.notes],
    };
}

/** A change, and whether it is one of a cloud's or a cluster's things. */
interface Found {
    readonly change: Change | undefined;
    readonly counted: boolean;
}

/** One comparison: what was found of resources decides what becomes of those that depend on them. */
class Comparison {
    public readonly unseen: string[] = [];
    public readonly notes: string[] = [];
    /** Resources of the second plan that are replaced, by URN. */
    private readonly replaced = new Map<string, PlannedResource>();
    /** Resources of the first plan that are deleted because of what they depend on: the inputs that make it so. */
    private readonly gone = new Map<string, { readonly inputs: readonly string[]; readonly cause: string }>();
    private readonly done = new Set<string>();
    private readonly matches: ReadonlyMap<string, PlannedResource>;
    private readonly afterByUrn: ReadonlyMap<string, PlannedResource>;
    private readonly beforeByUrn: ReadonlyMap<string, PlannedResource>;

    constructor(
        private readonly before: readonly PlannedResource[],
        private readonly after: readonly PlannedResource[],
        aliases: ReadonlyMap<string, readonly string[]>,
    ) {
        this.matches = matchByUrn(before, after, aliases);
        this.afterByUrn = new Map(after.map(resource => [resource.urn, resource]));
        this.beforeByUrn = new Map(before.map(resource => [resource.urn, resource]));
    }

    public changes(): readonly Found[] {
        const kept = inDependencyOrder(this.after).map(resource => ({ change: this.judge(resource), counted: isMade(resource) }));
        const taken = new Set([...this.matches.values()].map(({ urn }) => urn));
        const leaving = this.before.filter(({ urn }) => !taken.has(urn));
        return [...kept, ...leaving.map(resource => ({ change: deletion(resource), counted: isMade(resource) }))];
    }

    private judge(after: PlannedResource): Change | undefined {
        const before = this.matches.get(after.urn);
        if (before === undefined) {
            return changeOf(after, { action: "create" });
        }
        if (!after.custom && !isMade(after)) {
            return undefined;
        }
        const change = this.judgePair(before, after);
        this.done.add(before.urn);
        if (change === undefined || change.action === "update") {
            this.noteSecrets(before, after);
        }
        if (change?.action === "replace") {
            this.replaced.set(after.urn, after);
        }
        if (change !== undefined && isProvider(after)) {
            this.notes.push(providerNote(change));
        }
        return change;
    }

    private judgePair(before: PlannedResource, after: PlannedResource): Change | undefined {
        const { type } = after;
        const was = normalised(type, this.effective(before, this.beforeByUrn));
        const { inputs, from } = carriedInputs(after, this.replaced);
        const ignored = after.ignoreChanges.map(parsePath);
        const is = normalised(type, resetAt(this.effective({ ...after, inputs }, this.afterByUrn), was, ignored) as Inputs);
        const paths = differingPaths(was, is);
        const properties = paths.map(formatPath);
        const gone = this.gone.get(before.urn);
        if (gone !== undefined) {
            return changeOf(after, { action: "replace", properties, forcedBy: gone.inputs, after: [gone.cause], deletedFirst: true, refused: before.protect, kept: before.retainOnDelete });
        }
        const byProvider = this.providerReplaces(before, after);
        const facts = byProvider ? [] : replacingDifferences(type, was, is);
        const said = byProvider ? [] : paths.filter(path => isCovered(path, after.replaceOnChanges));
        const forcedBy = byProvider ? ["provider"] : [...new Set([...facts, ...said].map(formatPath))];
        if (forcedBy.length === 0) {
            return paths.length === 0 ? undefined : changeOf(after, { action: "update", properties, after: from });
        }
        const deletedFirst = after.deleteBeforeReplace ?? (facts.length > 0 && deletesBeforeReplacing(type, was, is));
        if (deletedFirst) {
            this.takeAlong(before);
        }
        return changeOf(after, { action: "replace", properties, forcedBy, after: from, deletedFirst, refused: before.protect && after.protect, kept: before.retainOnDelete });
    }

    /** Marks what the engine deletes before it can delete a resource. */
    private takeAlong(root: PlannedResource): void {
        for (const { resource, inputs, cause } of dependentsThatGoFirst(root, this.before, this.done)) {
            this.gone.set(resource.urn, { inputs, cause });
        }
    }

    /** Whether a resource must be made anew because its provider is another one, or reaches another place. */
    private providerReplaces(before: PlannedResource, after: PlannedResource): boolean {
        const [was, is] = [this.beforeByUrn.get(before.provider ?? ""), this.afterByUrn.get(after.provider ?? "")];
        if (was === undefined || is === undefined) {
            return false;
        }
        const same = this.matches.get(is.urn)?.urn === was.urn;
        return same ? this.replaced.has(is.urn) : replacingPaths(is.type, inputsOf(was), inputsOf(is)).length > 0;
    }

    /** Inputs with those of the provider where the resource leaves them out. */
    private effective({ type, provider, inputs }: PlannedResource, plan: ReadonlyMap<string, PlannedResource>): Inputs {
        const own = recordOf(inputs);
        const given = recordOf(plan.get(provider ?? "")?.inputs);
        const left = inputsFromProvider(type).filter(input => own[input] === undefined && given[input] !== undefined);
        return { ...own, ...Object.fromEntries(left.map(input => [input, given[input]])) };
    }

    private noteSecrets(before: PlannedResource, after: PlannedResource): void {
        if (isMade(after) && holdsSecret(before.inputs) && holdsSecret(after.inputs)) {
            this.unseen.push(after.urn);
        }
    }
}

function isCovered(path: Path, options: readonly string[]): boolean {
    return options.some(option => covers(parsePath(option), path));
}

function inputsOf({ inputs }: PlannedResource): Inputs {
    return recordOf(inputs);
}

function recordOf(value: unknown): Inputs {
    return isRecord(value) ? value : {};
}

function holdsSecret(value: unknown): boolean {
    return value === masked || (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret));
}

function isProvider({ type }: PlannedResource): boolean {
    return type.startsWith("pulumi:providers:");
}

/** A provider is no thing of a cloud: what becomes of it is said in words. */
function providerNote({ name, action, properties }: Change): string {
    const names = [...new Set(properties.map(path => path.split(/[.[]/)[0] ?? path))].join(", ");
    const words = action === "replace" ? "is replaced, and all that it makes with it" : "is updated";
    return `provider ${name} ${words}${names === "" ? "" : ` (${names})`}`;
}

function deletion(resource: PlannedResource): Change {
    return changeOf(resource, { action: "delete", refused: resource.protect, kept: resource.retainOnDelete });
}

function changeOf({ urn, type, name, inputs }: PlannedResource, said: Pick<Change, "action"> & Partial<Change>): Change {
    const danger = said.action === "replace" || said.action === "delete" ? dangerOf(type, recordOf(inputs)) : null;
    return { urn, type, name, properties: [], forcedBy: [], after: [], deletedFirst: false, refused: false, kept: false, danger, ...said };
}
