// What this can't prove: what a real API server answers; it shows what is asked, and what is made of an answer.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Server, createServer } from "node:https";
import type { AddressInfo } from "node:net";

import { KubeConfig } from "@kubernetes/client-node";

import { Api, ApiError, NotYet, Unanswered, conditionOf, isPassing, kindOf, kinds } from "../../drill/api";
import { Authority } from "../../drill/controlPlane/pki";

/** What the fake server was asked. */
interface Asked {
    readonly line: string;
    readonly type: string | undefined;
    readonly token: string | undefined;
    readonly body: string;
}

const discovery: Readonly<Record<string, readonly { name: string; kind: string; namespaced: boolean }[]>> = {
    "/api/v1": [
        { name: "pods/eviction", kind: "Pod", namespaced: true },
        { name: "pods", kind: "Pod", namespaced: true },
        { name: "nodes", kind: "Node", namespaced: false },
    ],
    "/apis/apps/v1": [{ name: "deployments", kind: "Deployment", namespaced: true }],
};

describe("a drill's API client", () => {
    let authority: Authority;
    let server: Server;
    let api: Api;
    let kubeconfig: KubeConfig;
    let ending: AbortController;
    let asked: Asked[] = [];
    let answer: (line: string, response: ServerResponse) => void;

    before(async () => {
        authority = await Authority.create("test-authority");
    });
    beforeEach(async () => {
        asked = [];
        answer = (_, response) => response.end("{}");
        const { certificate, key } = await authority.server("test");
        server = createServer({ cert: certificate, key }, (request, response) => {
            void handle(request, response);
        });
        server.listen({ host: "127.0.0.1", port: 0 });
        await once(server, "listening");
        kubeconfig = new KubeConfig();
        const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
        kubeconfig.loadFromClusterAndUser({ name: "test", server: url, caData: Buffer.from(authority.certificate).toString("base64"), skipTLSVerify: false }, { name: "me", token: "secret" });
        ending = new AbortController();
        api = await Api.connect(kubeconfig, ending.signal);
    });
    afterEach(() => {
        ending.abort(new Error("over"));
        api.close();
        server.closeAllConnections();
        server.close();
    });

    const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        let body = "";
        for await (const chunk of request.setEncoding("utf8")) {
            body += chunk as string;
        }
        const line = `${request.method} ${request.url}`;
        const resources = discovery[request.url ?? ""];
        response.setHeader("content-type", "application/json");
        if (resources !== undefined) {
            response.end(JSON.stringify({ kind: "APIResourceList", resources }));
            return;
        }
        asked.push({ line, type: request.headers["content-type"], token: request.headers.authorization, body });
        answer(line, response);
    };

    const refuse = (status: number, reason: string): void => {
        answer = (_, response) => {
            response.statusCode = status;
            response.end(JSON.stringify({ kind: "Status", reason, message: `${reason}!` }));
        };
    };

    it("applies an object as it is, strictly, as its fields' owner", async () => {
        const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "shop", namespace: "shop" }, spec: { unknown: "kept" } };
        await api.apply(object);
        assert.deepEqual(asked, [
            {
                line: "PATCH /apis/apps/v1/namespaces/shop/deployments/shop?fieldManager=holdfast&force=true&fieldValidation=Strict",
                type: "application/apply-patch+yaml",
                token: "Bearer secret",
                body: JSON.stringify(object),
            },
        ]);
    });

    it("asks for what it is asked for", async () => {
        answer = (_, response) => response.end(JSON.stringify({ items: [{ metadata: { name: "a" } }] }));
        assert.deepEqual(await api.list(kinds.pod, { namespace: "shop", labels: "app=shop", fields: "spec.nodeName=n" }), [{ metadata: { name: "a" } }]);
        await api.list(kinds.pod);
        await api.get({ kind: kinds.node, name: "n", namespace: "ignored" });
        await api.patch({ kind: kinds.node, name: "n" }, { spec: { unschedulable: true } });
        await api.patch({ kind: kinds.deployment, name: "d", namespace: "s" }, { spec: { replicas: 1 } }, { type: "strategic", subresource: "scale" });
        await api.create(kinds.node, { metadata: { name: "n" } });
        await api.delete({ kind: kinds.pod, name: "p", namespace: "s" }, { graceSeconds: 0 });
        await api.evict("p", "s");
        assert.deepEqual(asked.map(({ line }) => line), [
            "GET /api/v1/namespaces/shop/pods?labelSelector=app%3Dshop&fieldSelector=spec.nodeName%3Dn",
            "GET /api/v1/pods",
            "GET /api/v1/nodes/n",
            "PATCH /api/v1/nodes/n?fieldManager=holdfast&fieldValidation=Strict",
            "PATCH /apis/apps/v1/namespaces/s/deployments/d/scale?fieldManager=holdfast&fieldValidation=Strict",
            "POST /api/v1/nodes?fieldManager=holdfast&fieldValidation=Strict",
            "DELETE /api/v1/namespaces/s/pods/p",
            "POST /api/v1/namespaces/s/pods/p/eviction",
        ]);
        assert.deepEqual(asked.slice(3, 5).map(({ type }) => type), ["application/merge-patch+json", "application/strategic-merge-patch+json"]);
        assert.deepEqual(JSON.parse(asked[6]?.body ?? ""), { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background", gracePeriodSeconds: 0 });
    });

    it("keeps a connection usable after a DELETE with options", async () => {
        for (let n = 0; n < 3; n++) {
            await api.delete({ kind: kinds.pod, name: "p", namespace: "s" });
            await api.get({ kind: kinds.pod, name: "p", namespace: "s" });
        }
        assert.equal(asked.length, 6);
    });

    it("takes what is not there for undefined, and its deletion for done", async () => {
        refuse(404, "NotFound");
        assert.equal(await api.get({ kind: kinds.node, name: "n" }), undefined);
        await api.delete({ kind: kinds.node, name: "n" });
    });

    it("tells an eviction that a budget forbids from one that fails", async () => {
        refuse(429, "TooManyRequests");
        assert.equal(await api.evict("p", "s"), false);
        refuse(404, "NotFound");
        await assert.rejects(api.evict("p", "s"), ApiError);
    });

    it("says what was refused, and why", async () => {
        refuse(403, "Forbidden");
        await assert.rejects(api.apply({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "s" } }), (error: unknown) => {
            assert.ok(error instanceof ApiError);
            assert.match(error.message, /^PATCH \/api\/v1\/namespaces\/s\/pods\/p\?.*: 403 Forbidden: Forbidden!$/);
            assert.deepEqual([error.status, error.reason, error.isPassing], [403, "Forbidden", false]);
            return true;
        });
        await assert.rejects(api.list(kindOf("v1", "Robot")), /no kind Robot in \/api\/v1/);
    });

    it("waits through a server's restart, not through other errors", async () => {
        let tries = 0;
        answer = (_, response) => {
            if (++tries === 1) {
                response.destroy();
            } else {
                response.statusCode = tries === 2 ? 503 : 200;
                response.end("{}");
            }
        };
        const probe = async (): Promise<true | NotYet> => ((await api.get({ kind: kinds.node, name: "n" })) === undefined ? new NotYet("no node") : true);
        assert.equal(await api.until("the node", probe, { seconds: 10, everyMs: 5 }), true);
        assert.equal(tries, 3);
        refuse(500, "InternalError");
        await assert.rejects(api.until("the node", probe, { seconds: 10 }), /500 InternalError/);
        refuse(404, "NotFound");
        await assert.rejects(api.until("the node", probe, { seconds: 0.02, everyMs: 5 }), /the node: not within 0.02 s; at the end no node/);
    });

    it("takes an answer that is late, or does not end, for one that may come yet, but not its own end", async () => {
        const hurried = await Api.connect(kubeconfig, ending.signal, 0.1);
        const asks = (): Promise<unknown> => hurried.raw("GET", "/healthz");
        const late = (error: unknown): boolean => error instanceof Unanswered && isPassing(error) && error.message === "GET /healthz: no answer within 0.1 s";
        answer = () => undefined;
        await assert.rejects(asks, late);
        answer = (_, response) => response.write("o");
        await assert.rejects(asks, late);
        let tries = 0;
        answer = (_, response) => (++tries < 3 ? undefined : response.end("{}"));
        assert.equal(await hurried.until("health", async () => (await asks()) !== undefined, { seconds: 10, everyMs: 5 }), true);
        assert.equal(tries, 3);
        answer = () => undefined;
        const cut = asks();
        ending.abort(new Error("the run is over"));
        await assert.rejects(cut, /^Error: the run is over$/);
        hurried.close();
    });

    it("observes each change, and goes on after a lost connection", async () => {
        const pod = (name: string): object => ({ metadata: { name, uid: name, resourceVersion: "1" } });
        const event = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;
        let watches = 0;
        answer = (line, response) => {
            if (!line.includes("watch=true")) {
                response.end(JSON.stringify({ metadata: { resourceVersion: "7" }, items: watches === 0 ? [pod("a")] : [pod("c")] }));
            } else if (++watches === 1) {
                // One event over two writes; then the connection breaks.
                const text = event("ADDED", pod("b")) + event("DELETED", pod("a"));
                response.write(text.slice(0, 30));
                setTimeout(() => {
                    response.write(text.slice(30));
                    setTimeout(() => response.destroy(), 20);
                }, 20);
            }
        };
        const seen: string[] = [];
        let enough: () => void = () => undefined;
        const third = new Promise<void>(resolve => (enough = resolve));
        const { started, ended, stop } = api.observe(kinds.pod, { namespace: "s" }, pods => {
            seen.push(pods.map(({ metadata }) => metadata?.name).join("+"));
            if (seen.length === 4) {
                enough();
            }
        });
        await started;
        await third;
        stop();
        await ended;
        assert.deepEqual(seen, ["a", "a+b", "b", "c"]);
        assert.equal(asked[1]?.line, "GET /api/v1/namespaces/s/pods?watch=true&resourceVersion=7");
    });

    it("ends with its run", async () => {
        answer = () => undefined;
        const waiting = api.list(kinds.pod);
        ending.abort(new Error("the drill is over"));
        await assert.rejects(waiting);
    });

    it("reads conditions", () => {
        assert.equal(conditionOf({ status: { conditions: [{ type: "Ready", status: "False" }] } }, "Ready"), "False");
        assert.equal(conditionOf({}, "Ready"), undefined);
    });
});
