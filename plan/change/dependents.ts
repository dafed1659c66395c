import { isRecord } from "../../components/config/fields";
import type { PlannedResource } from "../summary";
import { unknownInputs } from "./carried";
import { inDependencyOrder, sourcesOf } from "./graph";
import { type Inputs, covers, parsePath, resetAt } from "./paths";
import { differingPaths } from "./differences";
import { replacingPaths } from "./replacing";

/** A resource that goes before another can be deleted. */
export interface Dependent {
    readonly resource: PlannedResource;
    /** Inputs that come from what goes, and whose change would replace it; `provider` where its provider goes. */
    readonly inputs: readonly string[];
    /** Name of the resource at the root. */
    readonly cause: string;
}

/**
 * What the engine deletes together with a resource that it deletes before it makes the new one: all that depends on it,
 * directly or not, and would be replaced by a change of the inputs that come from what goes
 * (calculateDependentReplacements). These count as unknown, each as a whole. What the engine was done with before
 * can't depend on it any more.
 */
export function dependentsThatGoFirst(root: PlannedResource, plan: readonly PlannedResource[], done: ReadonlySet<string>): readonly Dependent[] {
    const going = new Set([root.urn]);
    const reached = new Set([root.urn]);
    return inDependencyOrder(plan).flatMap(resource => {
        if (!sourcesOf(resource).some(urn => reached.has(urn)) || done.has(resource.urn)) {
            return [];
        }
        reached.add(resource.urn);
        const inputs = resource.custom ? inputsThatForceIt(resource, going) : [];
        if (inputs.length === 0) {
            return [];
        }
        going.add(resource.urn);
        return [{ resource, inputs, cause: root.name }];
    });
}

function inputsThatForceIt(resource: PlannedResource, going: ReadonlySet<string>): readonly string[] {
    if (resource.provider !== null && going.has(resource.provider)) {
        return ["provider"];
    }
    const was: Inputs = isRecord(resource.inputs) ? resource.inputs : {};
    const unknown = unknownInputs(resource, urn => going.has(urn));
    const is = resetAt(unknown, was, resource.ignoreChanges.map(parsePath)) as Inputs;
    const said = differingPaths(was, is).filter(path => resource.replaceOnChanges.some(option => covers(parsePath(option), path)));
    return [...new Set([...replacingPaths(resource.type, was, is), ...said.map(path => String(path[0]))])];
}
