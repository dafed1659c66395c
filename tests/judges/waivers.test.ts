// What this cannot prove: that a waiver's reason is true, or that its source says so.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Finding, KubernetesObject } from "../../judges/verdict";
import { WaiversError, parseWaivers, staleWaivers, waive } from "../../judges/waivers";
import { deployment, finding, params, stateful } from "./objects";

const project = join(__dirname, "..", "..");

function waiver(on: string, rule = "container-image-tag", judge = "kube-score"): string {
    return `- { judge: ${judge}, rule: ${rule}, on: [${on}], reason: It is meant so., sources: [components/app/state.ts] }\n`;
}

/** Whether a waiver with this target covers a finding. */
function covered(on: string, one: Finding = finding()): boolean {
    return waive([one], parseWaivers(waiver(on), "waivers.yaml")).open.length === 0;
}

function problemsIn(yaml: string): string[] {
    try {
        parseWaivers(yaml, "waivers.yaml");
        return [];
    } catch (error) {
        assert.ok(error instanceof WaiversError);
        return error.message.split("\n");
    }
}

describe("a waiver", () => {
    it("covers findings of its judge and its rule, and no others", () => {
        const any = '{ kind: Deployment, name: "*" }';
        assert.equal(covered(any), true);
        assert.equal(covered(any, finding({ judge: "checkov" })), false);
        assert.equal(covered(any, finding({ rule: "container-image" })), false);
    });

    it("covers objects of its kind whose name fits the pattern", () => {
        const of = (kind: string, name: string): boolean => covered(`{ kind: ${kind}, name: "${name}" }`, finding({ object: stateful }));
        assert.deepEqual(["shop-state", "*", "*-state", "shop-*", "s*-s*e"].filter(name => !of("StatefulSet", name)), []);
        assert.deepEqual(["shop", "state", "-state", "shop-state-*", "shop.state", "s?op-state", "shop-state|x"].filter(name => of("StatefulSet", name)), []);
        assert.equal(of("Deployment", "*"), false);
    });

    it("covers one version of an API only where it says so", () => {
        const of = (apiVersion: string): boolean => covered(`{ apiVersion: ${apiVersion}, kind: IngressClassParams, name: "*" }`, finding({ object: params }));
        assert.equal(of("eks.amazonaws.com/v1"), true);
        assert.equal(of("elbv2.k8s.aws/v1beta1"), false);
    });

    it("ends where the fact that it rests on does", () => {
        const spread = (...keys: string[]): KubernetesObject => ({ ...deployment, body: { spec: { spread: keys.map(key => ({ key })) } } });
        const on = '{ kind: Deployment, name: "*", while: { path: "spec.spread[].key", has: kubernetes.io/hostname } }';
        assert.equal(covered(on, finding({ object: spread("zone", "kubernetes.io/hostname") })), true);
        assert.equal(covered(on, finding({ object: spread("zone") })), false);
        assert.equal(covered(on, finding({ object: { ...deployment, body: { spec: { spread: "kubernetes.io/hostname" } } } })), false);
        assert.equal(covered(on, finding({ object: deployment })), false);
        const flag = '{ kind: Deployment, name: "*", while: { path: spec.paused, has: true } }';
        assert.equal(covered(flag, finding({ object: { ...deployment, body: { spec: { paused: true } } } })), true);
        assert.equal(covered(flag, finding({ object: { ...deployment, body: { spec: { paused: "true" } } } })), false);
    });

    it("leaves the findings that none covers, in their order", () => {
        const findings = [finding(), finding({ rule: "a" }), finding({ object: stateful }), finding({ rule: "b" })];
        const { open, waived } = waive(findings, parseWaivers(waiver('{ kind: Deployment, name: "*" }'), "waivers.yaml"));
        assert.deepEqual(open, [findings[1], findings[2], findings[3]]);
        assert.deepEqual(waived.map(({ finding: { object }, waiver: { reason } }) => [object.kind, reason]), [["Deployment", "It is meant so."]]);
    });
});

describe("a stale waiver", () => {
    const yaml = waiver('{ kind: Deployment, name: "*" }, { kind: StatefulSet, name: "*" }') + waiver('{ kind: Deployment, name: shop }', "CKV_K8S_43", "checkov");

    it("is a finding of its judge, for each target that covers nothing", () => {
        const message = "stale waiver: it covers no finding any more; take it out";
        assert.deepEqual(staleWaivers([finding()], parseWaivers(yaml, "waivers.yaml"), "waivers.yaml"), [
            finding({ where: "waivers.yaml", object: { apiVersion: "", kind: "StatefulSet", name: "*" }, message }),
            finding({ judge: "checkov", where: "waivers.yaml", object: { apiVersion: "", kind: "Deployment", name: "shop" }, rule: "CKV_K8S_43", message }),
        ]);
    });

    it("is one no more once it covers something", () => {
        const findings = [finding(), finding({ object: stateful }), finding({ judge: "checkov", rule: "CKV_K8S_43" })];
        assert.deepEqual(staleWaivers(findings, parseWaivers(yaml, "waivers.yaml"), "waivers.yaml"), []);
    });
});

describe("a file of waivers", () => {
    it("may be empty", () => {
        assert.deepEqual(parseWaivers("# none\n", "waivers.yaml"), []);
    });

    it("has all its mistakes listed at once", () => {
        const [head, ...problems] = problemsIn(
            "- { judge: kube-scor, rule: x, on: [{ kind: Pod, name: a }], reason: r, sources: [s] }\n" +
                "- { judge: checkov, rule: x, on: [], reason: '  ', sources: [s], until: 2030 }\n" +
                "- { judge: checkov, rule: x, on: [{ name: a }], reason: r, sources: [] }\n",
        );
        assert.equal(head, "waivers.yaml has mistakes:");
        for (const at of ["0.judge: ", "1.on: ", "1.reason: ", "1: ", "2.on.0.kind: ", "2.sources: "]) {
            assert.equal(problems.filter(problem => problem.startsWith(`  ${at}`)).length, 1, `${at}\n${problems.join("\n")}`);
        }
        assert.equal(problems.length, 6);
    });

    it("must be YAML, and a list", () => {
        assert.match(problemsIn("a: [").join("\n"), /^waivers\.yaml is no YAML: /);
        assert.equal(problemsIn("judge: checkov").length, 2);
    });
});

describe("the project's waivers", () => {
    const waivers = parseWaivers(readFileSync(join(project, "judges", "waivers.yaml"), "utf8"), "judges/waivers.yaml");

    it("give a reason, and sources that exist where they are the project's own", () => {
        for (const { judge, rule, reason, sources } of waivers) {
            assert.ok(reason.length > 60 && reason.endsWith("."), `${judge} ${rule}`);
            const own = sources.filter(source => !source.startsWith("https://"));
            assert.deepEqual(own.filter(source => !existsSync(join(project, source))), [], `${judge} ${rule}`);
        }
    });

    it("waive no defect of a manifest's form", () => {
        assert.deepEqual(waivers.filter(({ judge, rule }) => judge === "kubeconform" && rule !== "no-schema"), []);
    });
});
