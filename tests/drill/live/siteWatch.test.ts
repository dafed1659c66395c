// What this can't prove: that a cluster tells of its pods so. Its API is made up; page and store are servers on loopback.
import assert from "node:assert/strict";
import type { RequestListener } from "node:http";

import type { KubeObject } from "../../../drill/api";
import { type Tenant, type Watch, stateReplicasOf, watchTenant } from "../../../drill/live/site";
import { Opened, loopback, now, soon } from "./clientsServers";

/** A Kubernetes API that tells what there is, at once and whenever that changes. */
class FakeApi {
    readonly #things = new Map<string, readonly object[]>();
    readonly #watchers = new Map<string, Set<(objects: readonly object[]) => void>>();

    put(kind: string, ...things: readonly object[]): void {
        this.#things.set(kind, things);
        this.#watchers.get(kind)?.forEach(changed => {
            changed(things);
        });
    }

    /** Watches that go on. */
    get watched(): number {
        return [...this.#watchers.values()].reduce((sum, { size }) => sum + size, 0);
    }

    get api(): Tenant["api"] {
        const list = ({ kind }: { readonly kind: string }): Promise<readonly object[]> => Promise.resolve(this.#things.get(kind) ?? []);
        const observe = ({ kind }: { readonly kind: string }, _: unknown, changed: (objects: readonly object[]) => void): object => {
            const own = this.#watchers.get(kind) ?? new Set();
            this.#watchers.set(kind, own.add(changed));
            changed(this.#things.get(kind) ?? []);
            return { started: Promise.resolve(), ended: Promise.resolve(), stop: () => own.delete(changed) };
        };
        return { list, observe } as unknown as Tenant["api"];
    }
}

/** The store's pods: those without an address have only just been made. */
const pod = (name: string, podIP?: string): object => ({ metadata: { name }, status: { ...(podIP === undefined ? {} : { podIP }), conditions: [{ type: "Ready", status: "True" }] }, spec: { nodeName: "n1" } });

describe("an app that is watched", () => {
    const opened = new Opened();
    let cluster: FakeApi;
    let watch: Watch | undefined;
    beforeEach(() => {
        cluster = new FakeApi();
        cluster.put("EndpointSlice", { endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready: true }, zone: "a" }] });
        cluster.put("Deployment", { spec: { replicas: 1 } });
        cluster.put("Node", { metadata: { name: "n1", labels: { "topology.kubernetes.io/zone": "a" } } });
    });
    afterEach(async () => {
        await watch?.stop();
        watch = undefined;
        await opened.close();
    });

    const hello: RequestListener = (_, response) => response.end("Hello, World!");

    /** Begins to watch an app whose one stateful replica is on a port; undefined for an app that keeps nothing. */
    const begin = async (urls: readonly string[], storePort: number | undefined, objects?: readonly KubeObject[]): Promise<Watch> => {
        const containers = [{ name: "store", image: "store:1", ports: [{ containerPort: storePort }] }];
        const set = { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "store", namespace: "shop" }, spec: { selector: {}, serviceName: "store", template: { spec: { containers } } } };
        const other = { ...set, metadata: { ...set.metadata, name: "other" }, spec: { ...set.spec, template: { spec: { containers: [{ name: "other", image: "other:1", ports: [{ containerPort: 1 }] }] } } } };
        const tenant = {
            api: cluster.api,
            zones: ["a", "b"],
            subject: { objects: objects ?? [other, set] },
            app: { namespace: "shop", service: { name: "web" }, deployment: { name: "web" }, state: storePort === undefined ? undefined : { name: "store", selector: "app=store", replicas: 1 } },
        } as unknown as Tenant;
        watch = await watchTenant({
            tenant,
            asked: urls.map(url => ({ url, door: undefined })),
            nameServer: { address: loopback, port: 1 },
            authority: "",
            signal: new AbortController().signal,
            fail: error => assert.fail(error),
        });
        return watch;
    };

    it("is asked by a client for each URL, and written to wherever its replicas are now", async () => {
        const page = await opened.http(hello);
        const [well, other] = [`http://${loopback}:${page}/`, `http://${loopback}:1/`];
        const written: string[] = [];
        const store = await opened.http((request, response) => {
            written.push(request.url ?? "");
            response.statusCode = 201;
            response.end();
        });
        cluster.put("Pod", pod("store-0"));
        const { clients, writes, replicas, sampler, state } = await begin([well, other], store);
        assert.deepEqual(replicas(), []);
        await soon("writes fail while the replica has no address", () => (writes?.outcomes ?? []).some(({ error }) => error === "only 0 of 1 replicas have an address"));
        cluster.put("Pod", pod("store-0", loopback), pod("store-1"));
        assert.deepEqual(replicas(), [{ name: "store-0", address: loopback, port: store }]);
        await soon("writes are acknowledged", () => (writes?.acknowledged.length ?? 0) > 0);
        assert.ok(written.length > 0);
        await soon("both are asked", () => clients.every(({ outcomes }) => outcomes.length > 1));
        assert.deepEqual(clients.map(({ outcomes }) => outcomes.every(({ ok }) => ok)), [true, false]);
        assert.ok(clients.every(({ outcomes }) => outcomes.every(({ at }) => at >= 0 && at <= sampler.now())), "times are the sampler's");
        assert.deepEqual([sampler.ready.last, state?.readyByZone.get("a")?.last], [1, 2]);
    });

    it("is left in peace once it is quiet, while its replicas are still watched", async () => {
        let asked = 0;
        const page = await opened.http((request, response) => {
            asked++;
            hello(request, response);
        });
        const own = await begin([`http://${loopback}:${page}/`], undefined);
        const { clients, sampler } = own;
        await soon("it is asked", () => asked > 1);
        await own.quiet();
        const [sent, known] = [asked, clients[0]?.outcomes.length];
        assert.equal(known, sent);
        cluster.put("EndpointSlice");
        assert.equal(sampler.ready.last, 0);
        // Two looks of the sampler later nobody has asked again.
        const looks = sampler.ready.samples.length;
        await soon("the sampler goes on", () => sampler.ready.samples.length >= looks + 1);
        assert.equal(asked, sent);
        assert.ok(cluster.watched > 0);
        await own.stop();
        assert.equal(cluster.watched, 0);
    });

    it("is asked no more once the watch is stopped, while another goes on", async () => {
        const asked = { one: 0, other: 0 };
        const page = await opened.http((request, response) => {
            asked[request.url === "/one" ? "one" : "other"]++;
            hello(request, response);
        });
        const one = await begin([`http://${loopback}:${page}/one`], undefined);
        await begin([`http://${loopback}:${page}/other`], undefined);
        await soon("it is asked", () => asked.one > 1);
        await one.stop();
        const [sent, others] = [asked.one, asked.other];
        await soon("the other is asked", () => asked.other >= others + 3);
        assert.equal(asked.one, sent);
    });

    it("knows what was due to each of its clients and its store, and was not sent while this process did something else", async () => {
        const page = await opened.http(hello);
        const store = await opened.http((_, response) => response.writeHead(201).end());
        cluster.put("Pod", pod("store-0", loopback));
        const urls = ["one", "other"].map(path => `http://${loopback}:${page}/${path}`);
        const own = await begin(urls, store);
        const until = now() + 1;
        while (now() < until) {
            // Nothing else happens.
        }
        // Ten by each client and five writes were due, of which the last one each comes late.
        await soon("all that was due is counted", () => own.missed() >= 9 + 9 + 4);
    });

    it("has neither writes nor a port to know where it keeps nothing", async () => {
        const own = await begin([], undefined, []);
        const { writes, replicas, state, clients } = own;
        assert.deepEqual([writes, replicas(), state, clients, own.missed()], [undefined, [], undefined, [], 0]);
    });

    it("must say on which port its replicas are", () => {
        const tenant = { subject: { objects: [] }, app: { state: { name: "store" } } } as unknown as Tenant;
        assert.throws(() => stateReplicasOf(tenant, []), /^Error: StatefulSet store names no port$/);
    });
});
