/** A cluster's load balancers with a real HAProxy, before a made-up cluster on loopback. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from "node:http";
import { type RequestOptions, request as secureRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Api } from "../../../drill/api";
import { Authority } from "../../../drill/controlPlane/pki";
import { type Door, type WayIn, openWayIn } from "../../../drill/live/wayIn";
import { Children } from "../../../drill/process/children";
import { everywhere, freePort } from "../../../drill/process/ports";
import { NotYet, until } from "../../../drill/process/until";

/** The program, where it is installed. */
export const haproxy = ["haproxy", "/usr/sbin/haproxy", "/usr/local/sbin/haproxy"].find(program => spawnSync(program, ["-v"]).status === 0);

export const zones = ["a", "b"] as const;

/** A Service, an EndpointSlice, a Node or an Ingress, as far as a load balancer looks. */
interface Thing {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid?: string; readonly labels?: Readonly<Record<string, string>> };
    readonly [key: string]: unknown;
}

/** Tells its watchers what there is, and takes statuses. */
export class FakeCluster {
    #things: readonly Thing[] = [];
    readonly #watchers = new Set<{ readonly kind: string; readonly changed: (things: readonly never[]) => void }>();
    /** Statuses that were written, by kind and name. */
    readonly statuses = new Map<string, unknown>();

    put(...things: readonly Thing[]): void {
        const keys = new Set(things.map(keyOf));
        this.#things = [...this.#things.filter(thing => !keys.has(keyOf(thing))), ...things.map(thing => ({ ...thing, metadata: { uid: keyOf(thing), ...thing.metadata } }))];
        this.#watchers.forEach(watcher => {
            this.#tell(watcher);
        });
    }

    get api(): Pick<Api, "observe" | "patch" | "until"> {
        const observe = (kind: { readonly kind: string }, _: unknown, changed: (things: readonly never[]) => void): ReturnType<Api["observe"]> => {
            const watcher = { kind: kind.kind, changed };
            this.#watchers.add(watcher);
            const started = Promise.resolve().then(() => {
                this.#tell(watcher);
            });
            return { started, ended: started, stop: () => this.#watchers.delete(watcher) };
        };
        const patch = (ref: { readonly kind: { readonly kind: string }; readonly name: string }, body: unknown): Promise<unknown> => {
            this.statuses.set(`${ref.kind.kind} ${ref.name}`, body);
            return Promise.resolve(body);
        };
        return { observe, patch, until: async (_: string, probe: () => Promise<unknown>) => probe() } as unknown as Pick<Api, "observe" | "patch" | "until">;
    }

    #tell({ kind, changed }: { readonly kind: string; readonly changed: (things: readonly never[]) => void }): void {
        changed(this.#things.filter(thing => thing.kind === kind) as unknown as readonly never[]);
    }
}

function keyOf({ kind, metadata }: Thing): string {
    return `${kind} ${metadata.name}`;
}

/** The Service web, whose pods listen on a port. */
export function service(port: number): Thing {
    return { kind: "Service", metadata: { name: "web", namespace: "shop" }, spec: { type: "LoadBalancer", ports: [{ name: "http", port: 80, targetPort: port }] } };
}

/** Its endpoints: addresses, each ready or not, in zone a unless told. */
export function endpoints(port: number, all: Readonly<Record<string, { readonly ready: boolean; readonly terminating?: boolean; readonly zone?: string }>>): Thing {
    return {
        kind: "EndpointSlice",
        metadata: { name: "web-1", namespace: "shop", labels: { "kubernetes.io/service-name": "web" } },
        ports: [{ name: "http", port, protocol: "TCP" }],
        endpoints: Object.entries(all).map(([address, { ready, terminating = false, zone = "a" }]) => ({ addresses: [address], conditions: { ready, terminating }, zone, nodeName: "n1", targetRef: { kind: "Pod", name: `pod-${address}` } })),
    };
}

/** A door whose checks are quick enough to be waited for. */
export function quickDoor(more: Partial<Door> & Pick<Door, "listens">): Door {
    const check = { protocol: "http", path: "/ready", port: "traffic", intervalSeconds: 1, timeoutSeconds: 0.5, unhealthy: 2, healthy: 2, initial: 1 } as const;
    return {
        object: "Service",
        namespace: "shop",
        name: "web",
        mode: "tcp",
        hosts: [],
        service: "web",
        targets: "pods",
        localNodes: false,
        weighted: false,
        check,
        withdrawSeconds: 0,
        deregistrationSeconds: 2,
        endsUnhealthy: false,
        failsOpen: false,
        retries: 0,
        connectSeconds: 2,
        idleSeconds: 20,
        spread: "one",
        crossZone: true,
        detectionSeconds: 2.5,
        unproved: [],
        ...more,
    };
}

/** A pod: it answers with its address, and does to requests what it is told to. */
export interface Pod {
    readonly address: string;
    /** Paths that were asked for, checks included. */
    readonly asked: string[];
    behaviour: "well" | "well once, then hung" | "unready" | "hung";
    /** Answers /slow requests that wait. */
    release(): void;
    stop(): Promise<void>;
}

export async function startPod(address: string, port: number): Promise<Pod> {
    const asked: string[] = [];
    const waiting: ServerResponse[] = [];
    const pod: Pod = {
        address,
        asked,
        behaviour: "well",
        release: () => {
            waiting.splice(0).forEach(response => response.end(address));
        },
        stop: async () => {
            server.closeAllConnections();
            await new Promise(resolve => server.close(resolve));
        },
    };
    const server: Server = createServer((incoming, response) => {
        const { url = "" } = incoming;
        asked.push(url);
        if (url === "/slow") {
            waiting.push(response);
        } else if (pod.behaviour !== "hung") {
            response.writeHead(pod.behaviour === "unready" ? 503 : 200).end(address);
            pod.behaviour = pod.behaviour === "well once, then hung" ? "hung" : pod.behaviour;
        }
    });
    server.listen({ host: address, port });
    await once(server, "listening");
    return pod;
}

/** A port for pods and doors, which have addresses all over loopback. */
export function portEverywhere(): Promise<number> {
    return freePort(undefined, everywhere);
}

/** What came of a request: a status and a body, or an error. */
export interface Answer {
    readonly status: number;
    readonly body: string;
    readonly location: string | undefined;
}

/** Asks on a new connection. */
export function ask(options: RequestOptions & { readonly tls?: boolean }): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const answered = (response: IncomingMessage): void => {
            let body = "";
            response
                .setEncoding("utf8")
                .on("data", (text: string) => (body += text))
                .once("error", reject)
                .once("end", () => {
                    resolve({ status: response.statusCode ?? 0, body, location: response.headers.location });
                });
        };
        const { tls = false, ...rest } = options;
        const asked = { agent: false, timeout: 20_000, ...rest } as const;
        const sent = tls ? secureRequest(asked, answered) : request(asked, answered);
        sent.once("timeout", () => sent.destroy(new Error("no answer")))
            .once("error", reject)
            .end();
    });
}

/** Load balancers of a made-up cluster, and all that goes with them. */
export class WayInWorld {
    readonly cluster = new FakeCluster();
    readonly silenced: (readonly string[])[] = [];
    readonly said: string[] = [];
    readonly errors: Error[] = [];
    readonly pods: Pod[] = [];
    readonly #opened: WayIn[] = [];
    readonly #folder = mkdtempSync(join(tmpdir(), "way-in-"));
    readonly #ending = new AbortController();
    readonly #children: Children;

    private constructor(readonly authority: Authority) {
        const ledger = join(this.#folder, "children");
        writeFileSync(ledger, "");
        this.#children = new Children(ledger, error => this.errors.push(error));
    }

    static async create(): Promise<WayInWorld> {
        return new WayInWorld(await Authority.create("way-in-test"));
    }

    /** Opens doors at 127.1.<door>.<zone>. */
    async open(...doors: readonly Door[]): Promise<WayIn> {
        const wayIn = await openWayIn({
            run: { children: this.#children, signal: this.#ending.signal, fail: error => this.errors.push(error) },
            api: this.cluster.api,
            cluster: "east",
            region: "us-east-1",
            zones,
            doors,
            haproxy: haproxy ?? "",
            folder: this.#folder,
            address: (door, zone) => `127.1.${door}.${zone + 1}`,
            certificate: await this.authority.server("shop.example.com"),
            say: line => this.said.push(line),
            ground: {
                claim: () => Promise.resolve(),
                silence: addresses => {
                    this.silenced.push(addresses);
                    return Promise.resolve();
                },
            },
        });
        this.#opened.push(wayIn);
        return wayIn;
    }

    async pod(address: string, port: number): Promise<Pod> {
        const pod = await startPod(address, port);
        this.pods.push(pod);
        return pod;
    }

    /** Waits for something; ends with the targets that there are instead. */
    async until(what: string, is: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
        const targets = (): string => JSON.stringify(this.#opened.map(wayIn => wayIn.doors.map(door => wayIn.targets(door))));
        await until(what, async () => (await is()) || new NotYet(`targets are ${targets()}`), { seconds, everyMs: 20, signal: this.#ending.signal });
    }

    /** Ends all, however far it came. */
    async close(): Promise<void> {
        try {
            await Promise.all(this.#opened.map(wayIn => wayIn.stop()));
        } finally {
            this.#ending.abort(new Error("over"));
            await this.#children.killAll();
            await Promise.all(this.pods.map(pod => pod.stop()));
            rmSync(this.#folder, { recursive: true, force: true });
        }
    }
}
