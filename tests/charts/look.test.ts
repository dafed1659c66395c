// What this can't prove: what Helm makes of a chart. Here a program stands for it that renders what the test says.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ChartFacts } from "../../charts/facts";
import type { Helm } from "../../charts/helm";
import { lookAt } from "../../charts/look";
import type { ChartRequest } from "../../charts/requests";

type Values = Readonly<Record<string, unknown>>;

const configMap = (data: Values): string => JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "shop" }, data });

describe("a look at a chart", () => {
    let folder = "";
    let rendered = 0;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-look-"));
        rendered = 0;
        writeFileSync(join(folder, "Chart.yaml"), "name: shop\nversion: 1.2.3\nkubeVersion: '>=1.25.0-0'\n");
        writeFileSync(join(folder, "values.yaml"), "named: 1\n");
    });
    afterEach(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    /** Looks at a chart whose text comes of its values; a text that is undefined is a failure of Helm. */
    async function look(values: Values, textOf: (values: Values) => string | undefined): Promise<ChartFacts> {
        const helm: Helm = args => {
            rendered++;
            const stdout = textOf(JSON.parse(readFileSync(args[args.indexOf("--values") + 1] ?? "", "utf8")) as Values);
            return Promise.resolve({ code: stdout === undefined ? 1 : 0, stdout: stdout ?? "", stderr: "" });
        };
        const request: ChartRequest = {
            addOn: undefined, role: "shop", by: "Chart", release: "east-shop", chart: "shop", version: "1.2.3", repo: undefined, namespace: "shop", values, kubeVersion: "1.35.0", digest: "d",
        };
        return (await lookAt({ request, folder, helm, api: ({ kind, body }) => (kind === "ConfigMap" && "spec" in body ? ["spec is no field"] : []), scratch: folder })).facts;
    }

    it("finds the values that no template reads, and none that one does though values.yaml does not name it", async () => {
        const facts = await look({ named: 2, commented: "a", typo: { deep: 1 } }, ({ named, commented }) => configMap({ named, commented }));
        assert.deepEqual(facts.unknownValues, ["typo"]);
    });

    it("takes a value for read that is what the chart would take anyway, and one that Helm fails without", async () => {
        const facts = await look({ same: "default", needed: "x" }, ({ same = "default", needed }) => (needed === undefined ? undefined : configMap({ same })));
        assert.deepEqual(facts.unknownValues, []);
    });

    it("tells when two renderings differ, and goes by what does not", async () => {
        const facts = await look({ named: 2, read: 1, typo: 1 }, ({ read }) => [configMap({ password: rendered }), configMap({ read })].join("\n---\n"));
        assert.equal(facts.repeatable, false);
        assert.deepEqual(facts.unknownValues, ["typo"]);
    });

    it("keeps hooks apart from what is made, counts that, and holds it against Kubernetes' API", async () => {
        const job = JSON.stringify({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "seed", annotations: { "helm.sh/hook": "pre-install" } } });
        const odd = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "odd" }, spec: {} });
        const facts = await look({}, () => [configMap({}), job, odd, "kind: CustomResourceDefinition\nmetadata: { name: a }"].join("\n---\n"));
        assert.deepEqual([facts.hooks, facts.objects], [["Job seed (pre-install)"], { ConfigMap: 2, CustomResourceDefinition: 1 }]);
        assert.deepEqual(facts.misfits, ["ConfigMap shop/odd: spec is no field"]);
        assert.deepEqual([facts.repeatable, facts.kubeVersions, facts.digest, facts.workloads], [true, ">=1.25.0-0", "d", []]);
    });
});
