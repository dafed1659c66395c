// What this can't prove: that the kept facts are what Helm renders. `npm run charts` compares them; here nothing is rendered. They
// are held against the plan of now: a chart whose version or values changed since is stale.
import assert from "node:assert/strict";

import { type CheckName, type Concern, checkNames, concernsOf, staleOf } from "../../charts/checks";
import { judge } from "../../charts/exceptions";
import { readKept } from "../../charts/kept";
import { concernLines } from "../../charts/report";
import { chartsOf } from "../../charts/requests";
import { type PlannedVariant, planVariant, variants } from "../../charts/variants";
import { addOns } from "../../components/platform";

/** What each check would find. */
const promises: Readonly<Record<Exclude<CheckName, "stale">, string>> = {
    hooks: "need no hooks",
    "unknown values": "know every value that they are given",
    "kubernetes api": "render objects that fit Kubernetes' API, without a field that it does not have",
    repeatable: "render the same each time",
    "kubernetes versions": "take the versions that clouds give their clusters",
    namespace: "go to namespaces that the program makes, or that every cluster has",
    "custom resources": "define the custom resources that the program registers, without a field that they don't have",
    replicas: "run every server at least twice",
    budget: "hold a disruption budget over all that there is more than once",
    spread: "spread it over zones",
    requests: "request CPU and memory for every container",
    "memory limit": "limit every container's memory",
    "pod security": "run in namespaces that let them in",
    "host access": "take no more of a node than the kind of cluster gives",
    priority: "leave the system's priorities to the system's namespace",
    "root user": "run no container as root",
    seccomp: "run every container under a seccomp profile",
    "read-only root": "write to no container's root",
    footprint: "ask for what their add-ons' footprints say",
    selectors: "have pods for whatever the program registers for them",
};

describe("the charts, as they were rendered", function () {
    this.timeout(60_000);
    const kept = readKept();
    const planned: PlannedVariant[] = [];
    let open: readonly Concern[] = [];

    before(async () => {
        for (const variant of variants) {
            planned.push(await planVariant(variant));
        }
        open = judge(concernsOf(planned, kept)).open;
    });

    it("are those that are installed now", () => {
        assert.deepEqual(concernLines(staleOf(planned, kept)), [], "run `npm run charts -- --update`, and look at what it changes in tests/platform/rendered");
    });

    it("are of every add-on, each on some kind of cluster", () => {
        const refusedEverywhere = addOns.map(({ key }) => key).filter(key => planned.every(({ without }) => without.has(key)));
        assert.deepEqual(refusedEverywhere, []);
        assert.ok(planned.every(variant => chartsOf(variant).length > 0));
    });

    for (const [check, promise] of Object.entries(promises)) {
        it(promise, () => {
            assert.deepEqual(concernLines(open.filter(concern => concern.check === check)), []);
        });
    }

    it("have no exceptions that cover nothing", () => {
        assert.deepEqual(judge(concernsOf(planned, kept)).spare, []);
    });

    it("are looked at for all that there is to look for", () => {
        assert.deepEqual(["stale", ...Object.keys(promises)].sort(), [...checkNames].sort());
    });
});
