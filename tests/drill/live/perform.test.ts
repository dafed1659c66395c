// What this can't prove: that clusters come up and drills measure. `npm run drill -- --live` is for that.
import assert from "node:assert/strict";

import type { LiveDrill, LiveOptions, SiteDrill, WorldDrill } from "../../../drill/live/drills";
import { drilledApart } from "../../../drill/live/drills/broken";
import { type Performed, cutShort, performAll, performOne } from "../../../drill/live/course";
import { inhabitantsOf, nodesOf, reportOf } from "../../../drill/live/perform";
import { LiveSite, type Watch } from "../../../drill/live/site";
import { type Subject, naiveSubject } from "../../../drill/stage";
import { exitCodeOf, verdictOf } from "../../../drill/report/compare";
import { report as reportWith, result } from "../fixtures";

const done: string[] = [];

/** A cluster without nodes. */
function site(name: string): LiveSite {
    return new LiveSite({ name, nodes: [] } as unknown as LiveSite["cluster"], {} as unknown as LiveSite["wayIn"], [], ["a", "b"]);
}

const ignore = (): void => undefined;
const restore = ({ name }: LiveSite): Promise<void> => Promise.resolve(void done.push(`${name} is restored`));

const [east, central] = [site("east"), site("central")];

const said: string[] = [];
const over = new AbortController();
const options = { say: (line: string) => said.push(line), signal: new AbortController().signal, stopWatches: () => Promise.resolve(void done.push("watches end")) } as unknown as LiveOptions;

const siteDrill = (rest: Partial<SiteDrill> = {}): SiteDrill => ({
    name: "drain",
    quick: true,
    naive: "breaks",
    scope: "cluster",
    obstacle: () => undefined,
    run: ({ name }) => {
        done.push(`${name} is drilled`);
        return Promise.resolve([result("drain", "stack", name)]);
    },
    ...rest,
});

const worldDrill = (rest: Partial<WorldDrill> = {}): WorldDrill => ({
    name: "cluster loss",
    quick: true,
    naive: "breaks",
    scope: "system",
    obstacle: () => undefined,
    run: sites => {
        done.push(`${sites.map(({ name }) => name).join(" and ")} are drilled`);
        return Promise.resolve([result("cluster loss", "stack", "all")]);
    },
    ...rest,
});

describe("a live drill", () => {
    beforeEach(() => {
        done.splice(0);
        said.splice(0);
    });

    const perform = (drill: LiveDrill): ReturnType<typeof performOne> => performOne(drill, [east, central], options);

    it("is done on all clusters", async () => {
        const { results, leftOut } = await perform(siteDrill());
        assert.deepEqual([results.map(({ cluster }) => cluster), leftOut], [["east", "central"], []]);
        assert.deepEqual(done, ["east is drilled", "central is drilled"]);
    });

    it("is done on all of them at the same time", async () => {
        let meet: () => void = () => undefined;
        const both = new Promise<void>(resolve => (meet = resolve));
        let there = 0;
        const { results } = await perform(
            siteDrill({
                run: async ({ name }) => {
                    if (++there === 2) {
                        meet();
                    }
                    await both;
                    return [result("drain", "stack", name)];
                },
            }),
        );
        assert.equal(results.length, 2);
    });

    it("is left out where it can't be done, with the reason, and done elsewhere", async () => {
        const { results, leftOut } = await perform(siteDrill({ obstacle: ({ name }) => (name === "east" ? "the cluster has one node" : undefined) }));
        assert.deepEqual(leftOut, [{ drill: "drain", cluster: "east", why: "the cluster has one node" }]);
        assert.deepEqual(results.map(({ cluster }) => cluster), ["central"]);
        assert.deepEqual(done, ["central is drilled"]);
        assert.ok(said.includes("east: drain: left out: the cluster has one node"));
    });

    it("that the machine lacks something for is told apart from one that the stack has nothing to do with", async () => {
        const { results, leftOut } = await perform(siteDrill({ obstacle: () => ({ lacking: "wirefilter is missing" }), run: () => assert.fail("it is done") }));
        assert.deepEqual(results, []);
        assert.deepEqual(leftOut, ["east", "central"].map(cluster => ({ drill: "drain", cluster, why: "wirefilter is missing", lacking: true })));
    });

    it("of all clusters is done once, or left out once", async () => {
        const { results, leftOut } = await perform(worldDrill());
        assert.deepEqual([results.length, leftOut, done], [1, [], ["east and central are drilled"]]);
        done.splice(0);
        const without = await perform(worldDrill({ obstacle: sites => `${sites.length} clusters and no failover`, run: () => assert.fail("it is done") }));
        assert.deepEqual(without, { results: [], leftOut: [{ drill: "cluster loss", cluster: "all", why: "2 clusters and no failover" }] });
        assert.deepEqual(done, []);
    });

    it("that does not come to its end is a broken promise, and what it did elsewhere counts", async () => {
        const { results } = await perform(siteDrill({ run: ({ name }) => (name === "east" ? Promise.reject(new Error("east: answers: none")) : Promise.resolve([result("drain", "stack", name)])) }));
        const [broken, fine] = results;
        assert.deepEqual(broken?.promises, [{ name: "the drill comes to its end", promised: "yes", measured: "east: answers: none", kept: false }]);
        assert.deepEqual([broken.drill, broken.subject, broken.cluster, fine?.cluster], ["drain", "stack", "east", "central"]);
    });

    it("of several apps goes on on the others where it does not come to its end on one, and that is no fault of a naive stack's", async () => {
        const watch = (cluster: string): Watch => ({ tenant: { cluster } }) as unknown as Watch;
        const results = await drilledApart(options, "drain", [watch("naive"), watch("east")], ({ tenant: { cluster } }) => (cluster === "naive" ? Promise.reject(new Error("no answer")) : Promise.resolve(result("drain", "stack", cluster))));
        assert.deepEqual(results.map(({ subject, cluster, what }) => [subject, cluster, what === "the drill did not come to its end"]), [["stack", "naive", true], ["stack", "east", false]]);
    });

    it("is over with the run, whatever it says", async () => {
        over.abort(new Error("stopped by SIGINT"));
        const late = performOne(worldDrill({ run: () => Promise.reject(new Error("no answer")) }), [east], { ...options, signal: over.signal });
        await assert.rejects(late, /^Error: stopped by SIGINT$/);
    });
});

describe("live drills one after another", () => {
    beforeEach(() => {
        done.splice(0);
        said.splice(0);
    });

    it("each find the clusters as they were: watches are ended, and all is restored in between", async () => {
        const { results, leftOut } = await performAll([siteDrill(), worldDrill()], [east, central], options, ignore, restore);
        const restored = ["watches end", "east is restored", "central is restored"];
        assert.deepEqual(done, ["east is drilled", "central is drilled", ...restored, "east and central are drilled", ...restored]);
        assert.deepEqual([results.map(({ drill }) => drill), leftOut], [["drain", "drain", "cluster loss"], []]);
        assert.equal(said[0], "drain: begins");
        assert.match(said[1] ?? "", /^drain: \d+ s, and \d+ s until all was as before$/);
    });

    it("are told of as they are done: what a run had found that breaks is a report, with what it did not get to", async () => {
        const known: Performed[] = [];
        const broken = worldDrill({ run: () => (over.abort(new Error("etcd ended")), Promise.reject(new Error("no answer"))) });
        const over = new AbortController();
        const run = performAll([siteDrill(), broken, siteDrill({ name: "late" })], [east], { ...options, signal: over.signal }, now => known.push(now), restore);
        await assert.rejects(run, /^Error: etcd ended$/);
        const [{ results, leftOut } = { results: [], leftOut: [] }, ...more] = known;
        assert.deepEqual([results.map(({ drill }) => drill), leftOut.map(({ drill }) => drill), more.length], [["drain"], ["cluster loss", "late"], 0]);
        const cut = cutShort(reportWith(results, { live: true, leftOut }), "etcd ended");
        assert.deepEqual(cut.drills.at(-1)?.promises, [{ name: "the run comes to its end", promised: "yes", measured: "etcd ended", kept: false }]);
        assert.deepEqual([cut.drills.length, exitCodeOf(verdictOf(cut))], [2, 1]);
    });

    it("stop where not all is as before: that is a broken promise, even of the last one, and the rest is left out", async () => {
        const unwell = (): Promise<void> => Promise.reject(new Error("east: nodes: a-node-1 not ready"));
        const kept = siteDrill({ run: ({ name }) => Promise.resolve([result("drain", "stack", name, { promises: [{ name: "p", promised: "1", measured: "1", kept: true }] })]) });
        const { results, leftOut } = await performAll([kept, worldDrill()], [east], options, ignore, unwell);
        assert.deepEqual(results.at(-1)?.promises, [{ name: "all is as before afterwards", promised: "yes", measured: "east: nodes: a-node-1 not ready", kept: false }]);
        assert.deepEqual(leftOut, [{ drill: "cluster loss", cluster: "all", why: "after drain, not all was as before: east: nodes: a-node-1 not ready" }]);
        const last = await performAll([kept], [east], options, ignore, unwell);
        assert.equal(exitCodeOf(verdictOf(reportWith(last.results, { live: true }))), 1);
    });
});

describe("who lives where", () => {
    const naive = naiveSubject("");
    const stack = (cluster: string): Subject => ({ ...naive, subject: "stack", cluster, region: `region of ${cluster}`, zones: ["a", "b", "c"], addressKind: cluster === "east" ? "hostname" : "ip" });

    it("is one app of the stack a cluster, and the naive one beside the first, in its zones and behind its kind of load balancer", () => {
        for (const subjects of [[stack("east"), stack("central"), naive], [naive, stack("east"), stack("central")]]) {
            const [first = [], ...others] = inhabitantsOf(subjects, undefined);
            assert.deepEqual(first.map(({ cluster, zones, addressKind }) => [cluster, zones.join(), addressKind]), [["east", "a,b,c", "hostname"], ["naive", "a,b,c", "hostname"]]);
            assert.deepEqual(others.map(own => own.map(({ cluster }) => cluster)), [["central"]]);
        }
        assert.deepEqual(inhabitantsOf([stack("east")], undefined).map(own => own.length), [1]);
    });

    it("is the naive one where the app's name leads, since that cluster is the one that is lost", () => {
        const lives = inhabitantsOf([stack("east"), stack("central"), naive], "central").map(own => own.map(({ cluster, addressKind }) => `${cluster} ${addressKind}`));
        assert.deepEqual(lives, [["east hostname"], ["central ip", "naive ip"]]);
        // A name that leads to another stack's cluster leaves it on the first.
        assert.deepEqual(inhabitantsOf([stack("east"), stack("central"), naive], "west").map(own => own.length), [2, 1]);
    });

    it("is a node a zone, two where there is one zone; clusters after the first have one more, so that zones are not alike everywhere", () => {
        const counts = (cluster: number): readonly string[] => nodesOf(["a", "b", "c"], cluster).map(({ name, nodes }) => `${name} ${nodes}`);
        assert.deepEqual([counts(0), counts(1)], [["a 1", "b 1", "c 1"], ["a 1", "b 1", "c 2"]]);
        assert.deepEqual([0, 1].map(cluster => nodesOf(["a"], cluster)[0]?.nodes), [2, 2]);
    });
});

describe("the report of live drills", () => {
    const planned = { file: { project: "holdfast", stack: "prod" } } as unknown as Parameters<typeof reportOf>[0]["planned"];
    const drills = [siteDrill({ unproved: ["of the drain"] }), siteDrill({ name: "API server down", naive: "tried" }), worldDrill({ name: "curl at the end", naive: "spared" })];
    const performed = { results: [result("drain", "stack", "east"), result("drain", "naive", "naive")], leftOut: [{ drill: "curl at the end", cluster: "all", why: "no" }] };
    const prepared = [{ site: east, unproved: ["of load balancers"] }, { site: central, unproved: ["of load balancers", "of volumes"] }];
    const binaries = { kubernetesVersion: "v1.36.3", paths: {} } as unknown as Parameters<typeof reportOf>[0]["programs"]["binaries"];
    const report = reportOf({ planned, full: false, programs: { binaries }, drills }, new Date(Date.now() - 60_000), prepared, performed);

    it("says that it is live, of which stack and which set, and how long it took", () => {
        assert.deepEqual([report.formatVersion, report.live, report.project, report.stack, report.set], [1, true, "holdfast", "prod", "quick"]);
        assert.ok(report.seconds >= 60 && report.seconds < 120);
        assert.equal(reportOf({ planned, full: true, programs: { binaries }, drills }, new Date(), prepared, performed).set, "full");
    });

    it("has every result and all that was left out, and asks the naive stack to break what it must", () => {
        assert.deepEqual([report.drills, report.leftOut, report.mustBreak], [performed.results, performed.leftOut, ["drain"]]);
    });

    it("says what it ran on, a fact each", () => {
        assert.equal(report.setting[0], "Kubernetes 1.36.3, with kubelets, kube-proxies and containerd: every container is real");
        assert.deepEqual(report.setting.slice(1, 3), ["east: 0 nodes in 2 zones", "central: 0 nodes in 2 zones"]);
    });

    it("says what it can't prove: of the world, of clients and writes, of what is played, and of each drill, each once", () => {
        const { unproved } = report;
        assert.equal(new Set(unproved).size, unproved.length);
        for (const part of [/the app's image is a stand-in/, /^every request comes by a new connection/, /^the state is a stand-in/, /^of load balancers$/, /^of volumes$/, /^of the drain$/]) {
            assert.equal(unproved.filter(line => part.test(line)).length, 1, String(part));
        }
    });
});
