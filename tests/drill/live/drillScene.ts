/**
 * A cluster of three zones with an app and its clients, made up for drills: what happens to them a test says, and time passes only where
 * somebody waits, so that a drill of minutes is over at once.
 */
import assert from "node:assert/strict";

import type { KubeObject } from "../../../drill/api";
import type { Outcome } from "../../../drill/live/clients/outcome";
import type { LiveOptions, SiteDrill } from "../../../drill/live/drills";
import type { LiveSite, Tenant, Watch } from "../../../drill/live/site";
import type { OpenDoor } from "../../../drill/live/wayIn";
import type { DrillResult, Mark } from "../../../drill/result";
import { factsOf } from "../../../drill/stage/facts";
import { StageLoad } from "../../../drill/stage/load";
import { Timeline } from "../../../drill/stage/timeline";
import { type Opened, loopback } from "./clientsServers";
import { Clock, type Happens, MadeUpApi, type Seen, type Where } from "./drillSceneApi";
import { type Has, manifestsOf, nodeOf, podOf, scaling, whole } from "./drillSceneObjects";

export const zones = ["a", "b", "c"] as const;

/** Replicas by zone. */
export type Counts = Readonly<Partial<Record<(typeof zones)[number], number>>>;

/** What clients that go by a name come in by. */
const byName = "the app's name";

/** By which way requests come, or that it is writes. */
type Way = OpenDoor["object"] | typeof byName | "writes";

/** Someone who asks: by a door, or by a name. */
interface Asker {
    readonly door: OpenDoor | undefined;
    readonly outcomes: Outcome[];
}

/** Beats of the clock between two looks of a sampler. */
const beatsPerLook = 5;

/** How many of some replicas are ready, all and by zone. */
class Strength {
    readonly ready = new Timeline();
    readonly readyByZone: ReadonlyMap<string, Timeline> = new Map(zones.map(zone => [zone, new Timeline()]));
    counts: Counts = { a: 1, b: 1, c: 1 };

    look(at: number): void {
        this.ready.add(at, zones.reduce((sum, zone) => sum + (this.counts[zone] ?? 0), 0));
        zones.forEach(zone => this.readyByZone.get(zone)?.add(at, this.counts[zone] ?? 0));
    }
}

const doors = ["Ingress", "Service"].map((object, n) => ({ object, targets: "pods", localNodes: false, detectionSeconds: 10 * (n + 1), hosts: ["shop.example.com"], listens: [{ port: 443, tls: true }] }) as unknown as OpenDoor);

/** An app that comes in by an Ingress, whose load balancer takes 10 s to leave a silent target out, and by a Service, whose takes 20 s. */
class SceneApp {
    readonly tenant: Tenant;
    private readonly watch: Watch;
    readonly #strength = new Strength();
    readonly #keeping = new Strength();
    readonly #silent: { readonly way: Way; readonly to: number }[] = [];
    readonly #clients: Asker[] = doors.map(door => ({ door, outcomes: [] }));
    #quiet = true;

    constructor(
        private readonly scene: Scene,
        readonly name: string,
        subject: "stack" | "naive",
        has: Has,
    ) {
        const objects = manifestsOf(name, has);
        const { storePort } = has;
        const { api, now } = scene;
        const app = factsOf(objects);
        this.tenant = { api, app, zones, namespace: name, cluster: subject === "stack" ? scene.name : "naive", subject: { subject, objects, cluster: scene.name }, doors, load: new StageLoad(app, now) } as unknown as Tenant;
        const writes = { outcomes: [] as Outcome[], acknowledged: ["w-1"], valueOf: () => "one", acknowledgedBy: () => new Set([`${name}-store-0`]) };
        const marks: Mark[] = [];
        const mark = (text: string): number => {
            marks.push({ at: now(), text });
            return now();
        };
        const state = storePort === undefined ? undefined : this.#keeping;
        this.watch = {
            tenant: this.tenant,
            sampler: {
                ...{ now, mark, marks, ready: this.#strength.ready, readyByZone: this.#strength.readyByZone, wanted: new Timeline(), longestGap: () => 0, series: () => [], stop: () => undefined },
                watch: ({ kind: { kind }, where, seen }: { readonly kind: { readonly kind: string }; readonly where: Where; readonly seen: Seen }) => {
                    scene.cluster.watch(kind, where, seen);
                    return Promise.resolve();
                },
            },
            state,
            clients: this.#clients,
            writes: storePort === undefined ? undefined : writes,
            replicas: () => [{ name: `${name}-store-0`, address: loopback, port: storePort ?? 0 }],
            lag: () => 0,
            missed: () => 0,
            quiet: () => Promise.resolve(void (this.#quiet = true)),
            stop: () => Promise.resolve(),
        } as unknown as Watch;
        this.#look();
        scene.each(beat => {
            if (!this.#quiet) {
                this.#clients.forEach(({ door, outcomes }) => {
                    this.#ask(door?.object ?? byName, outcomes);
                });
                this.#ask("writes", writes.outcomes);
            }
            if (beat % beatsPerLook === 0) {
                this.#look();
            }
        });
        this.#live(objects);
    }

    /**
     * Has its clients ask, after another watch has ended too.
     *
     * @param urls what they ask, by a name. @default a client for each door
     */
    begin(urls?: readonly string[]): Watch {
        if (urls !== undefined) {
            this.#clients.splice(0, Infinity, ...urls.map(() => ({ door: undefined, outcomes: [] })));
        }
        this.#quiet = false;
        return this.watch;
    }

    /** Replicas that are ready from now on. */
    ready(counts: Counts): void {
        this.#strength.counts = counts;
        this.#look();
    }

    /** Those that keep data and are ready. */
    keeping(counts: Counts): void {
        this.#keeping.counts = counts;
        this.#look();
    }

    /** What is asked by a way, or written, has no answer for so many seconds from now. */
    fail(seconds: number, way: Way): void {
        this.#silent.push({ way, to: this.scene.now() + seconds });
    }

    /** Whether its last release is out. */
    out(is: boolean): void {
        this.scene.cluster.change("Deployment", this.name, { status: { ...whole, updatedReplicas: is ? 3 : 1 } });
    }

    #ask(way: Way, outcomes: Outcome[]): void {
        const at = this.scene.now();
        // Half a beat, since sums of tenths are not exact.
        const silent = this.#silent.some(each => each.way === way && at < each.to - 0.05);
        outcomes.push(silent ? { at, took: 5, ok: false, error: "no answer within 5 s" } : { at, took: 0.01, ok: true });
    }

    #look(): void {
        this.#strength.look(this.scene.now());
        this.#keeping.look(this.scene.now());
    }

    /** What the API server has of it, at rest. */
    #live(objects: readonly KubeObject[]): void {
        const { cluster } = this.scene;
        const status = { ...whole, loadBalancer: { ingress: [{}] }, ...scaling };
        for (const object of objects) {
            cluster.put(object.kind, ...cluster.of(object.kind), { ...object, status });
        }
        const sets = objects.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet").map(({ metadata: { name } }) => name);
        cluster.put("Pod", ...cluster.of("Pod"), ...sets.flatMap(app => zones.map((zone, n) => podOf({ app, name: `${app}-${n}`, namespace: this.name, node: `${zone}1` }))));
    }
}

/** A cluster with a node in each zone. */
export class Scene {
    readonly #clock: Clock;
    readonly name: string;
    happens: Happens = {};
    readonly cluster: MadeUpApi;
    readonly api: Tenant["api"];
    readonly now: () => number;
    readonly ours: SceneApp;
    readonly naive: SceneApp | undefined;

    /**
     * @param has what our app has.
     * @param naive whether the naive stack lives here too.
     * @param beside its name, and a clock that it shares with others. @default "east", by itself
     */
    constructor(has: Has = {}, naive = false, { name = "east", clock = new Clock() }: { readonly name?: string; readonly clock?: Clock } = {}) {
        this.#clock = clock;
        this.name = name;
        this.cluster = new MadeUpApi(clock, () => this.happens);
        this.api = this.cluster.api;
        this.now = clock.now;
        this.cluster.put("Node", ...zones.map(zone => nodeOf(zone)));
        this.ours = new SceneApp(this, "shop", "stack", has);
        this.naive = naive ? new SceneApp(this, "beginner", "naive", {}) : undefined;
    }

    /** Has something happen so many seconds from now. */
    after(seconds: number, happens: Happening): void {
        this.#clock.after(seconds, () => {
            happens(this);
        });
    }

    /** Has something happen at each beat. */
    each(happens: (beat: number) => void): void {
        this.#clock.each(happens);
    }

    get apps(): readonly SceneApp[] {
        return [this.ours, ...(this.naive === undefined ? [] : [this.naive])];
    }

    get site(): LiveSite {
        const { happens, api, name } = this;
        const program = (of: string): object => ({
            kill: () => Promise.resolve(happens.end?.(of)),
            start: () => Promise.resolve(happens.start?.(of)),
        });
        const nodes = zones.map(zone => ({ name: `${zone}1`, zone, kubelet: program(`kubelet of ${zone}1`) }));
        const plane = { api, component: program, leader: () => Promise.resolve({ printed: () => happens.printed?.() ?? "" }) };
        return {
            name,
            zones,
            tenants: this.apps.map(({ tenant }) => tenant),
            ours: this.ours.tenant,
            cluster: { name, api, nodes, nodesIn: (zone: string) => nodes.filter(node => node.zone === zone), plane },
            lose: () => Promise.resolve(happens.lose?.()),
            bringBack: () => Promise.resolve(happens.bringBack?.()),
            loseZone: (zone: string) => Promise.resolve(happens.loseZone?.(zone)),
            // It takes its time, and be it a beat.
            bringBackZone: (zone: string) => {
                this.#clock.pass(0.1);
                return Promise.resolve(happens.bringBackZone?.(zone));
            },
            revive: () => Promise.resolve(void this.cluster.done.push("revive")),
        } as unknown as LiveSite;
    }

    /** Does a drill here. Its results: ours, and that of the naive stack. */
    perform(drill: Pick<SiteDrill, "run">, rest: Partial<LiveOptions> = {}): Promise<readonly DrillResult[]> {
        const watch = (tenant: Tenant): Promise<Watch> => {
            const app = this.apps.find(candidate => candidate.tenant === tenant);
            return app === undefined ? Promise.reject(new Error("nobody's app")) : Promise.resolve(app.begin());
        };
        return drill.run(this.site, { full: false, say: () => undefined, names: { domain: undefined, route53: undefined }, signal: new AbortController().signal, watch, ...rest } as unknown as LiveOptions);
    }
}

/** Something that happens to ours. */
export type Happening = (scene: Scene) => unknown;

/** So many replicas are ready from then on. */
export const ready = (counts: Counts): Happening => ({ ours }) => { ours.ready(counts); };

/** So many of those that keep data are. */
export const keeping = (counts: Counts): Happening => ({ ours }) => { ours.keeping(counts); };

/** What is asked by a way, or written, has no answer for so many seconds. */
export const fails = (seconds: number, way: Way): Happening => ({ ours }) => { ours.fail(seconds, way); };

/** So many seconds later. */
export const later = (seconds: number, happens: Happening): Happening => scene => { scene.after(seconds, happens); };

export const all = (...happenings: readonly Happening[]): Happening => scene => { happenings.forEach(happens => happens(scene)); };

/** A replica of the release before still ends for so many seconds. */
export function ending(seconds: number): Happening {
    const pods = (cluster: Scene["cluster"], ...more: readonly object[]): void => { cluster.put("Pod", ...cluster.of("Pod").filter(({ metadata: { name } }) => name !== "old"), ...more); };
    const old = { metadata: { name: "old", namespace: "shop", deletionTimestamp: "2026-03-02T09:00:00Z" } };
    return all(({ cluster }) => { pods(cluster, old); }, later(seconds, ({ cluster }) => { pods(cluster); }));
}

/** A server that has the one write that apps were told is safe; its port. */
export function openStore(opened: Opened): Promise<number> {
    return opened.http((_, response) => response.end("one"));
}

/**
 * Holds a result's broken promises against those that are to be broken, all others being kept: "rolled out within: not rolled out", or a pattern for what is
 * measured more or less exactly. Of how many requests it is, where they are many, is left out.
 */
export function assertBroken(result: DrillResult | undefined, expected: readonly (string | RegExp)[]): void {
    assert.ok(result !== undefined, "there is no result");
    const broken = result.promises.filter(({ kept }) => !kept).map(({ name, measured }) => `${name}: ${measured.replace(/ of \d{2,}$/, "")}`);
    assert.deepEqual(broken.filter((text, n) => !isLike(text, expected[n])).concat(expected.slice(broken.length).map(String)), [], `broken are ${JSON.stringify(broken)}`);
}

function isLike(text: string, expected: string | RegExp | undefined): boolean {
    return expected instanceof RegExp ? expected.test(text) : text === expected;
}

/** What is promised: "rolled out within 120 s". */
export function promisedOf(result: DrillResult | undefined): readonly string[] {
    return (result?.promises ?? []).map(({ name, promised }) => `${name} ${promised}`);
}
