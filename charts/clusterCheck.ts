import { availableParallelism } from "node:os";

import { Unobtainable } from "../tools/cache";
import { inTurns } from "../tools/execute";
import { type CustomResourceFacts, customResourceFacts } from "./customResources";
import { Definitions } from "./definitions";
import type { Helm } from "./helm";
import type { Look } from "./look";
import { type KubernetesObject, type Rendering, inWords, readRendering } from "./objects";
import { registeredObjects } from "./placed";
import { NotRendered, render } from "./render";
import { type ChartRequest, chartsOf } from "./requests";
import type { PlannedVariant } from "./variants";

/** A chart that can't be had or rendered. */
export interface Failure {
    readonly request: ChartRequest;
    readonly error: Error;
}

/** What a task makes for a chart; undefined where it fails with what the user can mend. */
export async function attempt<T>(request: ChartRequest, failures: Failure[], task: () => Promise<T>): Promise<T | undefined> {
    try {
        return await task();
    } catch (error) {
        if (error instanceof NotRendered || error instanceof Unobtainable) {
            if (!failures.some(failure => failure.error.message === error.message)) {
                failures.push({ request, error });
            }
            return undefined;
        }
        throw error;
    }
}

/** What only all charts of a cluster together show. */
export interface CrossCheck {
    readonly problems: readonly string[];
    readonly customResources: readonly CustomResourceFacts[];
}

/** Looks at all charts of a cluster: whether two make the same object, and whether one makes others once the types of all are there. */
export async function crossCheck(variant: PlannedVariant, looks: readonly Look[], means: Means): Promise<CrossCheck> {
    const own = chartsOf(variant).flatMap(request => looks.filter(({ facts }) => facts.digest === request.digest).map(look => ({ look, request })));
    const definitions = new Definitions(own.flatMap(({ look }) => look.rendering.definitions));
    const apiVersions = definitions.apiVersions();
    const tasks = own.filter(({ request }) => request.by === "Chart").map(({ look, request }) => () => laterChanges(look, request, apiVersions, means));
    const later = apiVersions.length === 0 ? [] : await inTurns(tasks, availableParallelism());
    const misfits = own.flatMap(({ look, request }) =>
        look.rendering.objects.flatMap(object => (definitions.misfits(object) ?? []).map(message => `${request.role}: ${inWords(object)} does not fit its definition: ${message}`)),
    );
    const rendered = own.map(({ look: { rendering }, request: { role } }) => ({ role, ...rendering }));
    return {
        problems: [...misfits, ...later.flat(), ...duplicates([...rendered, { role: "the program", objects: registeredObjects(variant), definitions: [] }])],
        customResources: customResourceFacts(variant, definitions),
    };
}

/** Objects that a chart renders otherwise once the cluster has the types that the plan's charts bring. */
async function laterChanges({ folder, text, rendering }: Look, request: ChartRequest, apiVersions: readonly string[], { helm, scratch, failures, texts }: Means): Promise<readonly string[]> {
    const key = JSON.stringify([request.digest, apiVersions]);
    const again = texts.get(key) ?? attempt(request, failures, () => render(helm, folder, request, scratch, { apiVersions }));
    texts.set(key, again);
    const then = await again;
    const later = then === undefined || then === text ? [] : differences(rendering.objects, readRendering(then, request.namespace).objects);
    return later.map(object => `${request.role}: ${object} is rendered otherwise once the types of all charts are there, so a second update would change it`);
}

/** What charts are rendered anew with. */
export interface Means {
    readonly helm: Helm;
    readonly scratch: string;
    readonly failures: Failure[];
    /** What was rendered so far, by digest and API versions: clusters of several kinds get the same. */
    readonly texts: Map<string, Promise<string | undefined>>;
}

/** Objects whose text differs between two renderings, or that only one has. */
function differences(before: readonly KubernetesObject[], after: readonly KubernetesObject[]): readonly string[] {
    const byKey = (objects: readonly KubernetesObject[]): ReadonlyMap<string, string> => new Map(objects.map(object => [inWords(object), JSON.stringify(object.body)]));
    const [old, young] = [byKey(before), byKey(after)];
    return [...new Set([...old.keys(), ...young.keys()])].filter(key => old.get(key) !== young.get(key)).sort();
}

/** Objects that are there more than once on a cluster. Objects of the whole cluster are compared without their namespace. */
function duplicates(renderings: readonly (Rendering & { readonly role: string })[]): readonly string[] {
    const all = renderings.flatMap(({ role, objects, definitions }) => [
        ...objects
            .filter(({ name }) => name !== "")
            .map(({ apiVersion, kind, name, namespace }) => ({ role, key: `${apiVersion.split("/")[0] ?? ""} ${kind} ${clusterKinds.includes(kind) ? "" : `${namespace}/`}${name}` })),
        ...definitions.map(text => ({ role, key: `definition ${/^  name: "?([\w.-]+)/m.exec(text)?.[1] ?? ""}` })),
    ]);
    const roles = new Map<string, readonly string[]>();
    for (const { role, key } of all) {
        roles.set(key, [...(roles.get(key) ?? []), role]);
    }
    return [...roles].filter(([, owners]) => owners.length > 1).map(([key, owners]) => `${key} is rendered by ${owners.join(" and ")}`);
}

/** Kinds of the whole cluster that charts render. */
const clusterKinds = [
    "APIService", "ClusterRole", "ClusterRoleBinding", "CSIDriver", "CustomResourceDefinition", "GatewayClass", "IngressClass", "MutatingWebhookConfiguration", "Namespace",
    "PriorityClass", "StorageClass", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeSnapshotClass",
];
