// What this can't prove: that a promise is the right one. Its numbers come from the model, which has tests of its own.
import assert from "node:assert/strict";

import type { Outcome } from "../../../drill/live/clients/outcome";
import type { Writes } from "../../../drill/live/clients/writes";
import { type Findings, resultOf } from "../../../drill/live/drills/findings";
import { detectionOf, failsNoLonger, nothingFails, punctualPromises, readPromises, wayOf, writesSucceed } from "../../../drill/live/drills/promises";
import { restPromises, untilAnswered, untilWhole } from "../../../drill/live/drills/rest";
import type { Client, Tenant, Watch } from "../../../drill/live/site";
import type { OpenDoor } from "../../../drill/live/wayIn";
import { NotYet, TimedOut } from "../../../drill/process/until";
import { Timeline } from "../../../drill/stage";
import { Opened, loopback } from "./clientsServers";

/** Requests that began at some moments; those that failed are told by `x`. */
const outcomes = (...moments: readonly (number | `x${number}`)[]): readonly Outcome[] =>
    moments.map(moment => (typeof moment === "number" ? { at: moment, took: 0.1, ok: true } : { at: Number(moment.slice(1)), took: 5, ok: false, error: "no answer within 5 s" }));

const ingress = { object: "Ingress", detectionSeconds: 10 } as unknown as OpenDoor;
const client = (own: readonly Outcome[], door: OpenDoor = ingress): Client => ({ door, outcomes: own });
const byName = (own: readonly Outcome[]): Client => ({ ...client(own), door: undefined });
const watching = (...clients: readonly Client[]): Pick<Watch, "clients"> => ({ clients });

describe("no request fails", () => {
    const judged = (own: readonly Outcome[], from?: number, to?: number): readonly [measured: string | undefined, kept: boolean | undefined] => {
        const [promise] = nothingFails(watching(client(own)), from, to);
        return [promise?.measured, promise?.kept];
    };

    it("is kept by requests that were all answered, and broken by one that was not", () => {
        assert.deepEqual(nothingFails(watching(client(outcomes(0, 1, 2)))), [{ name: "failed requests by Ingress", promised: "none", measured: "none of 3", kept: true }]);
        assert.deepEqual(judged(outcomes(0, "x1", 2)), ["1 of 3", false]);
        assert.deepEqual(judged(outcomes("x0", "x1")), ["2 of 2", false]);
    });

    it("is kept by nothing at all no more than by failures", () => {
        assert.deepEqual(judged([]), ["none of 0", false]);
        assert.deepEqual(judged(outcomes(0, 1), 5), ["none of 0", false]);
    });

    it("counts from a moment on, that at it included, and before another", () => {
        assert.deepEqual(judged(outcomes("x1", 2, 3, "x4"), 2, 4), ["none of 2", true]);
        assert.deepEqual(judged(outcomes("x1", 2, 3, "x4"), 1, 4), ["1 of 3", false]);
        assert.deepEqual(judged(outcomes("x1", 2, 3, "x4"), 2, 4.1), ["1 of 3", false]);
    });

    it("is promised of each client by itself", () => {
        const promises = nothingFails(watching(client(outcomes(0, 1)), byName(outcomes("x0", 1))));
        assert.deepEqual(promises.map(({ name, kept }) => [name, kept]), [["failed requests by Ingress", true], ["failed requests by the app's name", false]]);
    });
});

describe("requests fail no longer than", () => {
    const judged = (own: readonly Outcome[], since = 10): readonly [measured: string | undefined, kept: boolean | undefined] => {
        const [promise] = failsNoLonger(watching(client(own)), since, detectionOf);
        return [promise?.measured, promise?.kept];
    };

    it("so long, to the last that failed by when it began, that at the bound included", () => {
        assert.deepEqual(failsNoLonger(watching(client(outcomes(9, "x10", "x20", 21))), 10, detectionOf), [{ name: "requests by Ingress fail no longer than", promised: "10 s", measured: "10 s", kept: true }]);
        assert.deepEqual(judged(outcomes(9, "x10", 11, "x20.001", 21)), ["10 s", false]);
        assert.deepEqual(judged(outcomes("x10", "x21.5", 22)), ["11.5 s", false]);
        assert.deepEqual(judged(outcomes(10, 11, 12)), ["none of 3 failed", true]);
    });

    it("does not count what began before the fault: it is over by then, or began within the bound", () => {
        assert.deepEqual(judged(outcomes(8, "x9.9", 10, 11)), ["none of 2 failed", true]);
    });

    it("is kept neither by nobody who asks nor by one who stopped asking while it failed", () => {
        assert.deepEqual(judged([]), ["none of 0 failed", false]);
        assert.deepEqual(judged(outcomes(1, 2, 3)), ["none of 0 failed", false]);
        assert.deepEqual(judged(outcomes(9, "x10", 11, "x12")), ["2 s, and to the end", false]);
    });

    it("goes by each client's own load balancer, and one that goes by a name has none", () => {
        const service = { object: "Service", detectionSeconds: 30 } as unknown as OpenDoor;
        const promises = failsNoLonger(watching(client(outcomes("x10", "x25", 26)), client(outcomes("x10", "x25", 26), service)), 10, detectionOf);
        assert.deepEqual(promises.map(({ promised, kept }) => [promised, kept]), [["10 s", false], ["30 s", true]]);
        assert.throws(() => detectionOf({ door: undefined }), /no load balancer of its own/);
        assert.deepEqual([ingress, service, undefined].map(door => wayOf({ door })), ["Ingress", "Service", "the app's name"]);
    });
});

describe("acknowledged writes", () => {
    const judged = (read: Parameters<typeof readPromises>[0]): readonly (readonly [measured: string, kept: boolean])[] => readPromises(read).map(({ measured, kept }) => [measured, kept]);

    it("are kept where none is lost, and there were some", () => {
        assert.deepEqual(readPromises({ acknowledged: 3, lost: [], silent: [] }), [{ name: "acknowledged writes lost", promised: "none", measured: "none of 3", kept: true }]);
        assert.deepEqual(judged({ acknowledged: 3, lost: ["a-1"], silent: [] }), [["1 of 3", false]]);
        assert.deepEqual(judged({ acknowledged: 0, lost: [], silent: [] }), [["none was acknowledged", false]]);
    });

    it("are not kept where a replica that gave its word can't be asked", () => {
        assert.deepEqual(judged({ acknowledged: 3, lost: [], silent: ["store-0: connection refused", "store-1: it has no address"] }).at(-1), ["store-0: connection refused; store-1: it has no address", false]);
    });
});

describe("no write fails", () => {
    const judged = (own: readonly Outcome[], since?: number): readonly (readonly [measured: string, kept: boolean])[] =>
        writesSucceed({ writes: { outcomes: own } as unknown as Writes }, since).map(({ measured, kept }) => [measured, kept]);

    it("from a moment on, that at it included, where any was asked for", () => {
        assert.deepEqual(judged(outcomes("x1", 2, 3), 2), [["none of 2", true]]);
        assert.deepEqual(judged(outcomes("x1", 2, 3), 1), [["1 of 3", false]]);
        assert.deepEqual(judged(outcomes("x1", 2, 3)), [["1 of 3", false]]);
        assert.deepEqual(judged(outcomes(1, 2), 3), [["none of 0", false]]);
    });

    it("is no promise of an app that keeps nothing", () => {
        assert.deepEqual(writesSucceed({ writes: undefined }), []);
    });
});

describe("clients that stood still", () => {
    it("break a promise, since what is not asked can't fail; else there is no word of it", () => {
        assert.deepEqual(punctualPromises(3), []);
        assert.deepEqual(punctualPromises(3.1).map(({ promised, measured, kept }) => [promised, measured, kept]), [["3 s", "3.1 s: the machine was too busy to tell", false]]);
    });
});

/** Looks so often, and then no more. */
const patient = (looks: number, rest: object = {}): Tenant["api"] =>
    ({
        until: async (what: string, probe: () => Promise<unknown>) => {
            for (let look = 0; look < looks; look++) {
                if (!((await probe()) instanceof NotYet)) {
                    return true;
                }
            }
            throw new TimedOut(what);
        },
        get: () => Promise.resolve(undefined),
        list: () => Promise.resolve([]),
        ...rest,
    }) as unknown as Tenant["api"];

describe("what is watched before a drill", () => {
    const before = (clients: readonly Client[], looks = 1): Promise<void> => untilAnswered({ tenant: { api: patient(looks), cluster: "east" }, clients } as unknown as Watch);
    const answered = Array.from({ length: 20 }, (_, n) => n);

    it("must be answered twenty times in a row by each client", async () => {
        await before([client(outcomes("x1", ...answered)), client(outcomes(...answered))]);
        await assert.rejects(before([client(outcomes(...answered)), client(outcomes(...answered.slice(1)))]), /^Error: east: 1 of 2 clients are not answered/);
        await assert.rejects(before([client(outcomes("x1", ...answered.slice(1)))]), /east: 1 of 1 clients are not answered: no answer within 5 s$/);
        await assert.rejects(before([client([])]), /1 of 1 clients/);
    });

    it("is waited for while the answers come", async () => {
        const own = [...outcomes(...answered.slice(1))];
        const late: Client = {
            ...client(own),
            get outcomes() {
                own.push(...outcomes(own.length + 1));
                return own;
            },
        };
        await before([late], 3);
        assert.ok(own.length >= 20);
    });
});

describe("apps at rest", () => {
    const app = { namespace: "shop", deployment: { name: "web", replicas: 3 }, service: { name: "web" }, autoscaler: undefined, state: undefined };

    it("are a promise of each, and one that is not says what is missing", async () => {
        const missing = [...(await restPromises(["east", "naive"].map(cluster => ({ api: patient(1), app, cluster }) as unknown as Tenant), 7)).entries()];
        assert.deepEqual(missing.map(([{ cluster }, { name, promised, kept }]) => [cluster, name, promised, kept]), [["east", "at rest again within", "7 s", false], ["naive", "at rest again within", "7 s", false]]);
        assert.match(missing[0]?.[1].measured ?? "", /Deployment web wants 0 of 3; .*Service web has no address$/);
    });

    it("come to rest in time where nothing is missing", async () => {
        const live = { spec: { replicas: 3 }, status: { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3, observedGeneration: 1, loadBalancer: { ingress: [{}] } } };
        const api = patient(1, { get: () => Promise.resolve(live) });
        const [promise] = (await restPromises([{ api, app, cluster: "east" } as unknown as Tenant], 7)).values();
        assert.equal(promise?.kept, true);
    });

    /** A watch of an app that has so many replicas ready, so many that keep data, and so many pods that end. */
    const strong = (ready: number, keeping: number | undefined, ending = 0): Watch => {
        const [all, state] = [new Timeline(), new Timeline()];
        all.add(0, ready);
        state.add(0, keeping ?? 0);
        const pods = [{ metadata: { name: "web-0" } }, ...Array.from({ length: ending }, () => ({ metadata: { deletionTimestamp: "2026-03-02T09:00:00Z" } }))];
        const api = patient(1, { list: () => Promise.resolve(pods) });
        return { tenant: { api, app: { ...app, state: keeping === undefined ? undefined : { replicas: 3 } }, cluster: "east" }, sampler: { ready: all }, state: keeping === undefined ? undefined : { ready: state } } as unknown as Watch;
    };

    it("are whole with all replicas, those that keep data among them, and none that ends", async () => {
        const missing = await Promise.all([strong(3, 3), strong(4, undefined), strong(2, 3), strong(3, 2), strong(3, 3, 2)].map(own => untilWhole(own, 3, 9)));
        assert.deepEqual(missing, [undefined, undefined, "2 replicas ready, and 3 that keep data", "3 replicas ready, and 2 that keep data", "2 pods still end"]);
    });
});

describe("the result of a live drill", () => {
    const opened = new Opened();
    afterEach(() => opened.close());

    const done: string[] = [];
    const findings: Findings = { drill: "drain", what: "nodes were drained", promises: nothingFails(watching(client(outcomes(1)))), series: [{ name: "ready replicas", unit: "replicas", samples: [] }], notes: ["a note"] };
    /** A watch of east's app with two clients; its clock stands at 30 s. */
    const watch = (rest: Partial<Watch> = {}): Watch =>
        ({
            tenant: { cluster: "east", subject: { subject: "stack" } },
            sampler: { now: () => 30, marks: [{ at: 3, text: "drain of a" }], longestGap: () => 0.5 },
            clients: [client(outcomes(1, 2, "x3", 4)), byName([])],
            writes: undefined,
            replicas: () => [],
            lag: () => 0.2,
            missed: () => 0,
            quiet: () => Promise.resolve(void done.push("quiet")),
            stop: () => Promise.resolve(void done.push("stop")),
            ...rest,
        }) as unknown as Watch;
    beforeEach(() => done.splice(0));

    it("tells what each client saw, beside what the drill found", async () => {
        const result = await resultOf(watch(), () => findings);
        assert.deepEqual([result.drill, result.subject, result.cluster, result.what, result.seconds, result.marks], ["drain", "stack", "east", "nodes were drained", 30, [{ at: 3, text: "drain of a" }]]);
        assert.deepEqual(result.promises, findings.promises);
        assert.deepEqual(result.series.map(({ name, panel = "" }) => `${panel} ${name}`.trim()), ["Ingress answered", "Ingress failed", "the app's name answered", "the app's name failed", "ready replicas"]);
        assert.deepEqual(result.traffic?.map(({ client: name, sent, failed, errors }) => [name, sent, failed, errors]), [["Ingress", 4, 1, [{ error: "no answer within 5 s", count: 1 }]], ["the app's name", 0, 0, []]]);
        assert.deepEqual(result.notes, ["a note"]);
        assert.ok(!("writes" in result) && !("fullStrengthSeconds" in result));
    });

    it("takes another name for the cluster, and full strength, where the drill says so", async () => {
        const result = await resultOf(watch(), () => ({ ...findings, cluster: "all", fullStrengthSeconds: "never" }));
        assert.deepEqual([result.cluster, result.fullStrengthSeconds], ["all", "never"]);
    });

    it("says where for a while nothing was seen", async () => {
        const blind = watch({ sampler: { ...watch().sampler, longestGap: () => 61 } });
        assert.deepEqual((await resultOf(blind, () => ({ ...findings, unseen: "the API server was away" }))).notes, ["a note", "nothing was seen for 61 s: the API server was away"]);
    });

    it("says how much was not sent that was due, where that is so", async () => {
        assert.deepEqual((await resultOf(watch({ missed: () => 7 }), () => findings)).notes, ["a note", "requests and writes that were due and not sent, as the machine was busy: 7"]);
    });

    it("is reckoned once the last request has ended, and the watch ends after it", async () => {
        await resultOf(watch(), () => {
            done.push("findings");
            return findings;
        });
        assert.deepEqual(done, ["quiet", "findings", "stop"]);
    });

    it("is worth nothing where the clients stood still", async () => {
        assert.deepEqual((await resultOf(watch({ lag: () => 4 }), () => findings)).promises.map(({ kept }) => kept), [true, false]);
    });

    const written = new Map([["w-1", "one"], ["w-2", "two"]]);
    const writes = { acknowledged: [...written.keys()], valueOf: (id: string) => written.get(id), acknowledgedBy: () => new Set(["store-0"]) } as unknown as Writes;
    /** A replica that has some of what was written. */
    const replica = async (has: ReadonlyMap<string, string>): Promise<ReturnType<Watch["replicas"]>> => {
        const port = await opened.http((request, response) => {
            const value = has.get(request.url?.replace("/writes/", "") ?? "");
            response.statusCode = value === undefined ? 404 : 200;
            response.end(value);
        });
        return [{ name: "store-0", address: loopback, port }];
    };

    it("reads back what was acknowledged, and promises that none is lost", async () => {
        const all = await replica(written);
        const kept = await resultOf(watch({ writes, replicas: () => all }), () => findings);
        assert.deepEqual([kept.writes, kept.promises.at(-1)], [{ acknowledged: 2, readBack: 2, lost: [], copies: 2 }, { name: "acknowledged writes lost", promised: "none", measured: "none of 2", kept: true }]);

        const some = await replica(new Map([["w-1", "one"], ["w-2", "another"]]));
        const broken = await resultOf(watch({ writes, replicas: () => some }), () => findings);
        assert.deepEqual([broken.writes?.lost, broken.promises.at(-1)?.kept], [["w-2"], false]);
    });

    it("calls no write lost that a silent replica may have, and none kept", async () => {
        const silent = await resultOf(watch({ writes, replicas: () => [{ name: "store-0", address: loopback, port: 1 }] }), () => findings);
        assert.deepEqual(silent.writes, { acknowledged: 2, readBack: 0, lost: [], copies: 2 });
        assert.deepEqual(silent.promises.slice(1).map(({ kept }) => kept), [true, false]);
        assert.match(silent.promises.at(-1)?.measured ?? "", /^store-0: /);
    });
});
