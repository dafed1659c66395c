// What this cannot prove: that npm or a shell hands the exit code on.
import assert from "node:assert/strict";

import { exitCodeAfter } from "../../tools/command";
import { Interrupted } from "../../tools/execute";
import { Unobtainable } from "../../tools/cache";
import { ManifestError } from "../../judges/manifests";
import { NoVerdict, type Report, exitCodeOf, renderReport } from "../../judges/report";
import { parseWaivers, waive } from "../../judges/waivers";
import { deployment, finding, manifest, params } from "./objects";

const waivers = parseWaivers(
    "- { judge: kube-score, rule: container-image-tag, on: [{ kind: Deployment, name: '*' }], reason: Because., sources: [x] }\n" +
        "- { judge: kubeconform, rule: no-schema, on: [{ kind: IngressClassParams, name: '*' }], reason: Unknown., sources: [x] }\n",
    "waivers.yaml",
);
const unknown = finding({ judge: "kubeconform", object: params, rule: "no-schema", message: "no schema" });
const privileged = finding({ rule: "container-security-context-privileged", message: "shop: The container is privileged" });

function reportOf(findings: readonly ReturnType<typeof finding>[]): Report {
    return {
        judges: [{ name: "kube-score", version: "v1.20.0" }, { name: "kubeconform", version: "v0.8.0" }],
        manifests: [manifest],
        judged: new Map([["kube-score", [deployment]]]),
        judgement: waive(findings, waivers),
        kubernetes: "1.36.3",
        seconds: 4.26,
    };
}

describe("the report of the judges", () => {
    it("has the table, the types without a schema, the findings, the waivers that were used, and a summary", () => {
        assert.deepEqual(renderReport(reportOf([finding(), unknown, privileged])).split("\n"), [
            "judge        version  objects judged  findings  waived",
            "kube-score   v1.20.0  1 of 4          1         1",
            "kubeconform  v0.8.0   0 of 4          0         1",
            "",
            "No schema, not judged by kubeconform",
            "  eks.amazonaws.com/v1 IngressClassParams  shop in prod/east",
            "",
            "1 finding",
            "  prod/east  Deployment shop/shop  kube-score container-security-context-privileged",
            "      shop: The container is privileged",
            "",
            "Waivers",
            "  1 ×  kube-score   container-image-tag  Deployment *",
            "      Because.",
            "  1 ×  kubeconform  no-schema            IngressClassParams *",
            "      Unknown.",
            "",
            "1 finding, 2 waived: 4 objects in 1 manifest (prod/east), Kubernetes 1.36.3, 4.3 s",
            "",
        ]);
    });

    it("names a type without a schema where no waiver covers it, too", () => {
        const other = { ...unknown, object: { ...params, apiVersion: "karpenter.sh/v1", kind: "NodePool" } };
        const text = renderReport(reportOf([other]));
        assert.match(text, /\n {2}karpenter\.sh\/v1 NodePool {2}shop in prod\/east\n/);
        assert.match(text, /\n1 finding\n/);
    });

    it("leaves out sections with nothing in them", () => {
        assert.equal(renderReport(reportOf([])).split("\n\n").length, 2);
    });

    it("breaks long messages at spaces", () => {
        const lines = renderReport(reportOf([{ ...privileged, message: "word ".repeat(60).trim() }])).split("\n");
        assert.equal(lines.filter(line => line.startsWith("      word")).length, 3);
        assert.deepEqual(lines.filter(line => line.length > 120), []);
    });
});

describe("the judges' exit code", () => {
    it("is 0 without findings, waived ones included, and 1 with one", () => {
        assert.equal(exitCodeOf(waive([finding(), unknown], waivers)), 0);
        assert.equal(exitCodeOf(waive([finding(), privileged], waivers)), 1);
    });

    it("is 2 where a judge can't be had, the shell's own where it was stopped, else 1", () => {
        assert.equal(exitCodeAfter(new Unobtainable("no go")), 2);
        assert.equal(exitCodeAfter(new Interrupted("SIGINT")), 130);
        assert.equal(exitCodeAfter(new Interrupted("SIGTERM")), 143);
        assert.equal(exitCodeAfter(new ManifestError("no YAML")), 1);
        assert.equal(exitCodeAfter(new NoVerdict("checkov crashed")), 1);
    });
});
