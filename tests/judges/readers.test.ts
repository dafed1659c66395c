// What this cannot prove: that the judges print this. The samples are cut from real runs of the pinned
// versions, on manifests with planted defects; `npm run judges` shows whether they still do.
import assert from "node:assert/strict";

import { checkov, readCheckov } from "../../judges/checkov";
import { kubeScore, readKubeScore } from "../../judges/kubeScore";
import { kubeconform, readKubeconform } from "../../judges/kubeconform";
import { type Verdict, notJudged, unjudged } from "../../judges/verdict";
import { budget, deployment, manifest, params, stateful } from "./objects";

function printed(stdout: unknown, stderr = ""): { stdout: string; stderr: string } {
    return { stdout: typeof stdout === "string" ? stdout : JSON.stringify(stdout), stderr };
}

/** Findings as rule and message. */
function said({ findings }: Verdict): string[][] {
    return findings.map(({ object, rule, message }) => [object.kind, rule, message]);
}

describe("kube-score's output", () => {
    const check = (id: string, grade: number, more: object = {}) => ({
        check: { name: id.toUpperCase(), id, target_type: "Pod", comment: "", optional: false },
        grade,
        skipped: false,
        comments: null,
        ...more,
    });
    const meta = { name: "shop", namespace: "shop", creationTimestamp: null };
    const privileged = check("container-security-context-privileged", 1, {
        comments: [
            { path: "shop", summary: "The container is privileged", description: "Set securityContext.privileged to false." },
            { path: "", summary: "Twice over", description: "" },
        ],
    });
    const skipped = check("deployment-replicas", 0, {
        skipped: true,
        comments: [{ path: "", summary: "Skipped as the Deployment is controlled by a HorizontalPodAutoscaler", description: "" }],
    });
    const output = [
        {
            type_meta: { kind: "Deployment", apiVersion: "apps/v1" },
            object_meta: meta,
            checks: [check("container-image-tag", 10), privileged, skipped, check("pod-probes", 7)],
        },
        { type_meta: { kind: "PodDisruptionBudget", apiVersion: "policy/v1" }, object_meta: meta, checks: [check("poddisruptionbudget-has-policy", 10)] },
    ];

    it("has a finding for every grade below the best, and none for what it skips", () => {
        const verdict = readKubeScore(printed(output), manifest);
        assert.deepEqual(said(verdict), [
            ["Deployment", "container-security-context-privileged", "shop: The container is privileged; Twice over"],
            ["Deployment", "pod-probes", "POD-PROBES"],
        ]);
        assert.equal(verdict.findings[0]?.object, deployment);
        assert.deepEqual(verdict.findings.map(({ where }) => where), ["prod/east", "prod/east"]);
    });

    it("comes in the manifest's order, whatever its own", () => {
        assert.deepEqual(readKubeScore(printed(output), manifest).judged, [budget, deployment]);
        assert.deepEqual(readKubeScore(printed([...output].reverse()), manifest).judged, [budget, deployment]);
    });

    it("is null where it knows none of the objects", () => {
        assert.deepEqual(readKubeScore(printed("null"), manifest), { judged: [], findings: [] });
    });

    it("is a finding against the file where an object does not fit its type", () => {
        const text = "Failed to score files: failed to parse files: Failed to parse apps/v1, Kind=Deployment: err=json: cannot unmarshal string\n";
        const verdict = readKubeScore(printed("", text), manifest);
        assert.deepEqual(said(verdict), [["File", "unreadable", "Failed to parse apps/v1, Kind=Deployment: err=json: cannot unmarshal string"]]);
        assert.deepEqual(unjudged(kubeScore("kube-score"), manifest, verdict), []);
    });
});

describe("kubeconform's output", () => {
    const resource = (kind: string, name: string, version: string, status: string, msg = "") => ({ filename: "east.yaml", kind, name, version, status, msg });

    it("has a finding for each violation, with its path", () => {
        const msg =
            "problem validating schema. Check JSON formatting: jsonschema validation failed with 'file:///schemas/apps/v1/deployment.json#' - at '/spec': " +
            "validation failed   - at '/spec/template/spec': additional properties 'terminationGracePeriodSecond' not allowed   " +
            "- at '/spec/minReadySeconds': got string, want integer";
        const invalid = { ...resource("Deployment", "shop", "apps/v1", "statusInvalid", msg), validationErrors: [{ path: "", msg: "validation failed" }] };
        const verdict = readKubeconform(printed({ resources: [invalid, resource("StatefulSet", "shop-state", "apps/v1", "statusValid")] }), manifest);
        assert.deepEqual(said(verdict), [
            ["Deployment", "schema", "/spec/template/spec: additional properties 'terminationGracePeriodSecond' not allowed"],
            ["Deployment", "schema", "/spec/minReadySeconds: got string, want integer"],
        ]);
        assert.deepEqual(verdict.judged, [deployment, stateful]);
    });

    it("says which types have no schema, and does not count them as judged", () => {
        const missing = resource("IngressClassParams", "shop", "eks.amazonaws.com/v1", "statusError", "could not find schema for IngressClassParams");
        const verdict = readKubeconform(printed({ resources: [missing] }), manifest);
        assert.deepEqual(said(verdict), [["IngressClassParams", "no-schema", "no schema of eks.amazonaws.com/v1 IngressClassParams: not judged"]]);
        assert.deepEqual([verdict.judged, verdict.findings[0]?.object], [[], params]);
    });

    it("has a finding for a key that is there twice", () => {
        const msg = "error unmarshalling resource: yaml: unmarshal errors:\n  line 11: key \"minReadySeconds\" already set in map";
        const verdict = readKubeconform(printed({ resources: [resource("Deployment", "shop", "apps/v1", "statusError", msg)] }), manifest);
        assert.deepEqual(said(verdict), [["Deployment", "unreadable", msg]]);
        assert.deepEqual(
            unjudged(kubeconform("kubeconform", "schemas"), manifest, verdict).map(({ object, rule }) => [object.kind, rule]),
            ["PodDisruptionBudget", "IngressClassParams", "StatefulSet"].map(kind => [kind, notJudged]),
        );
    });

    it("must not skip anything", () => {
        const verdict = readKubeconform(printed({ resources: [resource("Deployment", "shop", "apps/v1", "statusSkipped")] }), manifest);
        assert.deepEqual(said(verdict), [["Deployment", "skipped", "kubeconform skipped it"]]);
    });
});

describe("checkov's output", () => {
    const check = (id: string, name: string, resource: string, result: object) => ({ check_id: id, check_name: name, resource, check_result: result, severity: null });
    const pod = "Pod.shop.shop-state.app.kubernetes.io/component-state.app.kubernetes.io/name-shop";
    const image = { result: "FAILED", evaluated_keys: ["spec/template/spec/containers/[0]/image"] };
    const off = { result: "SKIPPED", suppress_comment: "because" };
    const results = {
        passed_checks: [check("CKV_K8S_21", "The default namespace should not be used", "StatefulSet.shop.shop-state", { result: "PASSED", evaluated_keys: [] })],
        failed_checks: [
            check("CKV_K8S_43", "Image should use digest", "Deployment.shop.shop", image),
            check("CKV2_K8S_6", "Minimize the admission of pods which lack an associated NetworkPolicy", pod, { evaluated_keys: [] }),
            check("CKV_K8S_21", "The default namespace should not be used", "Service.default.web.internal", { evaluated_keys: null }),
        ],
        skipped_checks: [check("CKV_K8S_16", "Container should not be privileged", "Deployment.shop.shop", off)],
        parsing_errors: [],
    };

    it("has a finding for what failed, and for what the manifest itself switches off", () => {
        assert.deepEqual(said(readCheckov(printed({ check_type: "kubernetes", results }), manifest)), [
            ["Deployment", "CKV_K8S_43", "Image should use digest (spec/template/spec/containers/[0]/image)"],
            ["StatefulSet", "CKV2_K8S_6", "Minimize the admission of pods which lack an associated NetworkPolicy"],
            ["Service", "CKV_K8S_21", "The default namespace should not be used"],
            ["Deployment", "CKV_K8S_16", "Container should not be privileged: switched off in the manifest (because)"],
        ]);
    });

    it("finds the object that it means: itself, the one whose template has the pod, or else by its words", () => {
        const { findings, judged } = readCheckov(printed({ results }), manifest);
        const unknown = { apiVersion: "", kind: "Service", namespace: "default", name: "web.internal" };
        assert.deepEqual(findings.map(({ object }) => object), [deployment, stateful, unknown, deployment]);
        assert.deepEqual(judged.slice(0, 2), [stateful, deployment]);
    });

    it("is a bare summary where it can read nothing, which must not pass for praise", () => {
        const verdict = readCheckov(printed({ passed: 0, failed: 0, skipped: 0, parsing_errors: 0, resource_count: 0, checkov_version: "3.3.30" }), manifest);
        assert.deepEqual(verdict, { judged: [], findings: [] });
        assert.deepEqual(
            unjudged(checkov("python"), manifest, verdict).map(({ judge, where, object, rule }) => [judge, where, object.kind, rule]),
            [["checkov", "prod/east", "Deployment", notJudged], ["checkov", "prod/east", "StatefulSet", notJudged]],
        );
    });
});

describe("a judge that prints something else", () => {
    for (const [name, read] of [["kube-score", readKubeScore], ["kubeconform", readKubeconform], ["checkov", readCheckov]] as const) {
        it(`is not taken for content: ${name}`, () => {
            assert.throws(() => read(printed("Traceback (most recent call last)"), manifest), SyntaxError);
            assert.throws(() => read(printed({ resources: 3, results: { failed_checks: [{}] } }), manifest), { name: "ZodError" });
        });
    }
});

describe("how the judges are called", () => {
    it("states the version of Kubernetes and the manifest, and lets no annotation switch a check off", () => {
        const args = kubeScore("/bin/kube-score").command("east.yaml");
        assert.deepEqual(args.slice(0, 2), ["/bin/kube-score", "score"]);
        assert.match(args.join(" "), / --kubernetes-version v1\.\d+ --disable-ignore-checks-annotations east\.yaml$/);
    });

    it("has kubeconform strict, with our schemas alone", () => {
        const args = kubeconform("/bin/kubeconform", "/schemas").command("east.yaml");
        assert.ok(args.includes("-strict"));
        const template = "{{ .Group }}/{{ .ResourceAPIVersion }}/{{ .ResourceKind }}.json";
        assert.deepEqual(args.filter(arg => arg.includes("schema")), ["-schema-location", `/schemas/${template}`]);
    });

    it("has checkov download nothing", () => {
        assert.ok(checkov("/bin/python").command("east.yaml").includes("--skip-download"));
    });
});
