import type { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";

import { NotYet, type Patience, until } from "../process/until";
import { ApiError, Connection, isPassing } from "./http";
import { type Kind, type KubeObject, type Wire, kinds } from "./kinds";
import { type Observation, observe } from "./observe";

export { ApiError, Unanswered, isPassing } from "./http";
export { type Kind, type KubeObject, type Wire, kindOf, kinds } from "./kinds";
export { NotYet, TimedOut } from "../process/until";

/** Owner of the fields that drills apply, as of those that Pulumi would. */
const fieldManager = "holdfast";

/** Which objects of a kind. */
export interface Where {
    readonly namespace?: string;
    /** Label selector, such as app=shop. */
    readonly labels?: string;
    /** Field selector, such as spec.nodeName=node-1. */
    readonly fields?: string;
}

/** One object. */
export interface Ref<T> {
    readonly kind: Kind<T>;
    readonly name: string;
    /** None for what belongs to the whole cluster. */
    readonly namespace?: string;
}

const patchTypes = {
    merge: "application/merge-patch+json",
    strategic: "application/strategic-merge-patch+json",
} as const;

export interface PatchOptions {
    /** @default merge */
    readonly type?: keyof typeof patchTypes;
    /** Such as status or scale. */
    readonly subresource?: string;
}

export interface DeleteOptions {
    /** Seconds that a pod has to end; 0 is at once. @default what the pod says */
    readonly graceSeconds?: number;
}

const resourcesSchema = z.object({ resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })) });

interface Resource {
    readonly name: string;
    readonly namespaced: boolean;
}

/**
 * A Kubernetes API. It sends objects as they are: the client library's own typed calls leave out what their types don't
 * know, so an unknown field would never reach the API server, whose strict check is what a drill wants.
 */
export class Api {
    readonly #resources = new Map<string, Resource>();

    private constructor(
        private readonly connection: Connection,
        private readonly signal: AbortSignal,
    ) {}

    /**
     * @param signal ends every request and wait with its reason.
     * @param answerSeconds longest time until an answer is read, in seconds; 30 by default.
     */
    static async connect(kubeconfig: KubeConfig, signal: AbortSignal, answerSeconds?: number): Promise<Api> {
        return new Api(await Connection.open(kubeconfig, answerSeconds), signal);
    }

    /** Closes the connections. */
    close(): void {
        this.connection.close();
    }

    /** Asks for any path, such as /readyz?verbose. Resolves to the answer: an object where it is JSON, else text. */
    raw(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown, contentType?: string): Promise<unknown> {
        return this.connection.read({ method, path, body, signal: this.signal, ...(contentType === undefined ? {} : { contentType }) });
    }

    /** Server-side apply, as `kubectl apply --server-side --force-conflicts`. Unknown and repeated fields are errors. */
    async apply(object: KubeObject): Promise<KubeObject> {
        const path = await this.#pathOf(object, object.metadata.namespace, object.metadata.name);
        const query = new URLSearchParams({ fieldManager, force: "true", fieldValidation: "Strict" });
        return (await this.raw("PATCH", `${path}?${query}`, object, "application/apply-patch+yaml")) as KubeObject;
    }

    /** Creates an object; tried alone, admission says what it thinks and nothing is kept. Unknown and repeated fields are errors. */
    async create<T>({ apiVersion, kind }: Kind<T>, object: Omit<T, "apiVersion" | "kind">, namespace?: string, { dryRun = false }: { readonly dryRun?: boolean } = {}): Promise<T> {
        const path = await this.#pathOf({ apiVersion, kind }, namespace);
        const query = new URLSearchParams({ fieldManager, fieldValidation: "Strict", ...(dryRun ? { dryRun: "All" } : {}) });
        return (await this.raw("POST", `${path}?${query}`, { apiVersion, kind, ...object })) as T;
    }

    /** An object, or undefined where there is none. */
    async get<T>({ kind, name, namespace }: Ref<T>): Promise<T | undefined> {
        const path = await this.#pathOf(kind, namespace, name);
        try {
            return (await this.raw("GET", path)) as T;
        } catch (error) {
            if (error instanceof ApiError && error.status === 404) {
                return undefined;
            }
            throw error;
        }
    }

    /** All objects of a kind that the selectors let through; of every namespace where none is given. */
    async list<T>(kind: Kind<T>, where: Where = {}): Promise<readonly T[]> {
        const { items } = (await this.raw("GET", await this.#listPath(kind, where))) as { items: readonly T[] };
        return items;
    }

    async patch<T>({ kind, name, namespace }: Ref<T>, patch: unknown, { type = "merge", subresource }: PatchOptions = {}): Promise<T> {
        const path = await this.#pathOf(kind, namespace, name);
        const query = new URLSearchParams({ fieldManager, fieldValidation: "Strict" });
        return (await this.raw("PATCH", `${path}${subresource === undefined ? "" : `/${subresource}`}?${query}`, patch, patchTypes[type])) as T;
    }

    /** Deletes an object; one that is not there is fine. */
    async delete<T>({ kind, name, namespace }: Ref<T>, { graceSeconds }: DeleteOptions = {}): Promise<void> {
        const path = await this.#pathOf(kind, namespace, name);
        const options = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" };
        try {
            await this.raw("DELETE", path, graceSeconds === undefined ? options : { ...options, gracePeriodSeconds: graceSeconds });
        } catch (error) {
            if (!(error instanceof ApiError && error.status === 404)) {
                throw error;
            }
        }
    }

    /**
     * Asks for a pod's eviction, as a drain does.
     *
     * @returns false where a disruption budget forbids it now.
     */
    async evict(name: string, namespace: string): Promise<boolean> {
        const path = await this.#pathOf(kinds.pod, namespace, name);
        try {
            await this.raw("POST", `${path}/eviction`, { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } });
            return true;
        } catch (error) {
            if (error instanceof ApiError && error.status === 429) {
                return false;
            }
            throw error;
        }
    }

    /**
     * Calls back with all objects of a kind, now and at each change, one change at a time, so that nothing
     * between two looks is missed. It goes on where it was after a lost connection.
     */
    observe<T>(kind: Kind<T>, where: Where, changed: (objects: readonly T[]) => void): Observation {
        const list = async (query: URLSearchParams): Promise<string> => {
            const path = await this.#listPath(kind, where);
            return `${path}${path.includes("?") ? "&" : "?"}${query}`;
        };
        return observe(
            this.connection,
            list,
            objects => {
                changed(objects as readonly T[]);
            },
            this.signal,
        );
    }

    /**
     * Waits for something. A server that can't answer for a moment is waited for too; other errors end the wait.
     *
     * @param probe its value, or NotYet with what is missing.
     */
    until<T>(what: string, probe: () => Promise<T | NotYet>, patience: Omit<Patience, "signal">): Promise<T> {
        const patient = async (): Promise<T | NotYet> => {
            try {
                return await probe();
            } catch (error) {
                if (isPassing(error)) {
                    return new NotYet((error as Error).message);
                }
                throw error;
            }
        };
        return until(what, patient, { ...patience, signal: this.signal });
    }

    async #listPath<T>(kind: Kind<T>, { namespace, labels, fields }: Where): Promise<string> {
        const path = await this.#pathOf(kind, namespace);
        const query = new URLSearchParams({ ...(labels === undefined ? {} : { labelSelector: labels }), ...(fields === undefined ? {} : { fieldSelector: fields }) });
        return query.size === 0 ? path : `${path}?${query}`;
    }

    async #pathOf({ apiVersion, kind }: Kind<unknown>, namespace?: string, name?: string): Promise<string> {
        const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
        const key = `${apiVersion} ${kind}`;
        const resource = this.#resources.get(key) ?? (await this.#discover(group, kind));
        this.#resources.set(key, resource);
        const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
        return `${group}${scope}/${resource.name}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
    }

    async #discover(group: string, kind: string): Promise<Resource> {
        const { resources } = resourcesSchema.parse(await this.raw("GET", group));
        const resource = resources.find(candidate => candidate.kind === kind && !candidate.name.includes("/"));
        if (resource === undefined) {
            throw new Error(`the API server has no kind ${kind} in ${group}`);
        }
        return resource;
    }
}

/** A condition of an object by its type. */
export function conditionOf(object: { readonly status?: { readonly conditions?: readonly Wire<{ type: string; status: string }>[] | undefined } | undefined }, type: string): string | undefined {
    return object.status?.conditions?.find(condition => condition.type === type)?.status;
}
