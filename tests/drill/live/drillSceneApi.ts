/** The clock and the API of a cluster that is made up for drills: time passes only where somebody waits. */
import type { KubeObject } from "../../../drill/api";
import type { Tenant } from "../../../drill/live/site";
import { NotYet, TimedOut } from "../../../drill/process/until";

const beatsPerSecond = 10;
/** A clock that only those who wait move on. */
export class Clock {
    #beats = 0;
    #later: { readonly beat: number; readonly happens: () => void }[] = [];
    readonly #each: ((beat: number) => void)[] = [];

    /** Seconds since it began. */
    readonly now = (): number => this.#beats / beatsPerSecond;

    /** Has something happen so many seconds from now. */
    after(seconds: number, happens: () => void): void {
        this.#later.push({ beat: this.#beats + Math.round(seconds * beatsPerSecond), happens });
    }

    each(happens: (beat: number) => void): void {
        this.#each.push(happens);
    }

    pass(seconds: number): void {
        for (let left = Math.round(seconds * beatsPerSecond); left > 0; left--) {
            this.#beats++;
            const due = this.#later.filter(({ beat }) => beat <= this.#beats);
            this.#later = this.#later.filter(({ beat }) => beat > this.#beats);
            [...this.#each, ...due.map(({ happens }) => happens)].forEach(happens => {
                happens(this.#beats);
            });
        }
    }
}

/** What comes of what a drill does. */
export interface Happens {
    /** The whole cluster is lost, or comes back. */
    lose?: () => void;
    bringBack?: () => void;
    loseZone?: (zone: string) => void;
    bringBackZone?: (zone: string) => void;
    apply?: (object: KubeObject) => void;
    delete?: (kind: string, name: string) => void;
    /** What is measured of nodes. */
    metrics?: () => object;
    /** What the leader of a control plane's program has printed. */
    printed?: () => string;
    /** Returns whether the pod may go. */
    evict?: (pod: string) => boolean;
    /** A program is ended or started: "kubelet of a1", "kube-apiserver". */
    end?: (program: string) => void;
    start?: (program: string) => void;
}

/** Which objects of a kind are meant. */
export interface Where {
    readonly namespace?: string;
    /** "app=shop". */
    readonly labels?: string;
    /** "metadata.name=web-0". */
    readonly fields?: string;
}

/** An object that is meant. */
interface Ref {
    readonly kind: { readonly kind: string };
    readonly name: string;
}

/** Is told of objects, now and whenever they change. */
export type Seen = (objects: readonly KubeObject[]) => void;

/** An API server that keeps what it is told. */
export class MadeUpApi {
    readonly #objects = new Map<string, readonly KubeObject[]>();
    readonly #watchers: { readonly kind: string; readonly where: Where; readonly seen: Seen }[] = [];
    /** What was asked of it that changes something, in order: "patch Node a1", "apply Deployment web". */
    readonly done: string[] = [];

    /** @param happens what comes of what is asked of it. */
    constructor(
        private readonly clock: Clock,
        private readonly happens: () => Happens,
    ) {}

    /** Objects of a kind from now on, in place of those that there were. */
    put(kind: string, ...objects: readonly object[]): void {
        this.#objects.set(kind, objects as readonly KubeObject[]);
        this.#watchers.filter(watcher => watcher.kind === kind).forEach(({ where, seen }) => {
            seen(this.of(kind, where));
        });
    }

    /** Objects of a kind by name, with something of their own. */
    change(kind: string, name: string, rest: object): void {
        this.put(kind, ...this.of(kind).map(object => (object.metadata.name === name ? { ...object, ...rest } : object)));
    }

    of(kind: string, { namespace, labels, fields }: Where = {}): readonly KubeObject[] {
        const wanted = [...(labels?.split(",") ?? []).map(label => `metadata.labels.${label}`), ...(fields?.split(",") ?? []), ...(namespace === undefined ? [] : [`metadata.namespace=${namespace}`])];
        const has = (object: unknown, field: string): boolean => {
            const [path = "", value] = field.split("=");
            return path.split(".").reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], object) === value;
        };
        return (this.#objects.get(kind) ?? []).filter(object => wanted.every(field => has(object, field)));
    }

    watch(kind: string, where: Where, seen: Seen): void {
        this.#watchers.push({ kind, where, seen });
        seen(this.of(kind, where));
    }

    get api(): Tenant["api"] {
        const { clock, done, happens } = this;
        const told = (what: string): Promise<void> => Promise.resolve(void done.push(what));
        return {
            until: async (what: string, probe: () => Promise<unknown>, { seconds }: { readonly seconds: number }) => {
                const end = clock.now() + seconds;
                for (;;) {
                    const seen = await probe();
                    if (!(seen instanceof NotYet)) {
                        return seen;
                    }
                    if (clock.now() >= end) {
                        throw new TimedOut(`${what}: ${seen.reason}`);
                    }
                    clock.pass(0.2);
                }
            },
            get: ({ kind: { kind }, name }: Ref) => Promise.resolve(this.of(kind, { fields: `metadata.name=${name}` })[0]),
            list: ({ kind }: Ref["kind"], where?: Where) => Promise.resolve(this.of(kind, where)),
            patch: ({ kind: { kind }, name }: Ref, patch: unknown) => told(`patch ${kind} ${name} ${JSON.stringify(patch)}`),
            apply: (object: KubeObject) => {
                const { kind, metadata: { name } } = object;
                const [known] = this.of(kind, { fields: `metadata.name=${name}` });
                this.put(kind, ...this.of(kind).filter(other => other !== known), { ...known, ...object });
                happens().apply?.(object);
                return told(`apply ${kind} ${name}`);
            },
            delete: ({ kind: { kind }, name }: Ref, { graceSeconds }: { readonly graceSeconds?: number } = {}) => {
                this.put(kind, ...this.of(kind).filter(({ metadata }) => metadata.name !== name));
                happens().delete?.(kind, name);
                return told(`delete ${kind} ${name}${graceSeconds === undefined ? "" : ` within ${graceSeconds} s`}`);
            },
            raw: () => Promise.resolve(happens().metrics?.()),
            evict: async (name: string) => {
                await told(`evict ${name}`);
                return happens().evict?.(name) ?? true;
            },
        } as unknown as Tenant["api"];
    }
}
