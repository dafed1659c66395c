/**
 * Secrets: where they may be, and that they are nowhere else. A mock cannot prove that Pulumi's
 * backend encrypts what is marked, nor what a cloud's own logs hold.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { planDocument } from "../plan/document";
import type { RecordedResource } from "../plan/recorder";
import type { PlannedStack } from "../plan/run";
import { summarise } from "../plan/summarise";
import { renderText } from "../plan/text";
import { isSecret, maskSecrets, revealSecrets } from "../plan/wire";
import { writePlan } from "../plan/write";
import { all, clusterConfigs, find, inputsOf, minimalApp, planConfig, type RawConfig } from "./support/plan";
import { difference, fullApp, podOwners, shortUrn, types } from "./support/kubernetes";

const token = "canary-app-token-5c1f";
const password = "canary-app-password-88d2";
const credential = "canary-kubeconfig-credential-e07b";
const canaries = [token, password, credential];

const kubeconfig = JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    users: [{ name: "admin", user: { token: credential } }],
});

const config = (secrets: Readonly<Record<string, string>>, text = kubeconfig): RawConfig => ({
    clusters: [{ name: "local", kind: "existing", kubeconfig: text }, clusterConfigs.eks, clusterConfigs.gke],
    app: { ...fullApp, secrets },
});

const canariesIn = (value: unknown): string[] => canaries.filter(canary => JSON.stringify(value).includes(canary));

/** Where in a value, as a path, a canary stands. */
function pathsOfCanaries(value: unknown, path = ""): string[] {
    if (typeof value === "string") {
        return canariesIn(value).length > 0 ? [path] : [];
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return Object.entries(value).flatMap(([key, item]) => [
        ...(canariesIn(key).length > 0 ? [`${path}.${key}`] : []),
        ...pathsOfCanaries(item, path === "" ? key : `${path}.${key}`),
    ]);
}

describe("secrets", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planConfig(config({ API_TOKEN: token, DB_PASSWORD: password }));
    });

    const resources = (): readonly RecordedResource[] => plan.recording.resources;

    it("are in the plan to be found: each canary goes over the wire", () => {
        assert.deepEqual(canariesIn(resources().map(({ wireInputs }) => wireInputs)), canaries);
    });

    it("are in clear nowhere in what a plan shows of a resource", () => {
        for (const resource of resources()) {
            assert.deepEqual(canariesIn({ ...resource, wireInputs: null }), [], resource.urn);
        }
    });

    it("are in no output but kubeconfigs, which is secret on the wire", () => {
        const outputs = plan.recording.outputs as Readonly<Record<string, unknown>>;
        assert.ok(isSecret(outputs["kubeconfigs"]));
        assert.deepEqual(canariesIn(revealSecrets(outputs["kubeconfigs"])), [credential]);
        assert.deepEqual(canariesIn(maskSecrets(outputs)), []);
    });

    it("are in no warning", () => {
        assert.deepEqual(canariesIn(plan.recording.warnings), []);
    });

    it("are in no file that the plan writes and in nothing that it prints, encoded neither", () => {
        const directory = mkdtempSync(join(tmpdir(), "holdfast-secrets-"));
        try {
            const summary = summarise(plan);
            writePlan(directory, plan, planDocument(plan, summary));
            const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter(file => statSync(join(directory, file)).isFile());
            assert.deepEqual(files.sort(), ["manifests/central.yaml", "manifests/east.yaml", "manifests/local.yaml", "plan.html", "plan.json"]);
            const texts = [renderText(summary, { color: false, width: 120 }), ...files.map(file => readFileSync(join(directory, file), "utf8"))];
            const forms = canaries.flatMap(canary => [canary, Buffer.from(canary).toString("base64"), encodeURIComponent(canary), createHash("sha256").update(canary).digest("hex")]);
            assert.deepEqual(forms.filter(form => texts.some(text => text.includes(form))), []);
        } finally {
            rmSync(directory, { recursive: true });
        }
    });

    it("stand on the wire only where they belong: in the Secrets and in the one cluster's provider", () => {
        const places = resources().flatMap(({ urn, wireInputs }) =>
            pathsOfCanaries(revealSecrets(wireInputs)).map(path => `${shortUrn(urn)} ${path}`),
        );
        const ofApp = ["central", "east", "local"].flatMap(cluster =>
            ["API_TOKEN", "DB_PASSWORD"].map(name => `${types.secret} ${cluster}-shop-secrets stringData.${name}`),
        );
        assert.deepEqual(places.sort(), [...ofApp, "pulumi:providers:kubernetes local-kubernetes kubeconfig", "pulumi:providers:kubernetes local-kubernetes-keep kubeconfig"].sort());
    });

    it("are marked secret in the Secret object: all of its content, on every cluster", () => {
        const secrets = all(plan, types.secret);
        assert.deepEqual(secrets.map(({ name }) => name).sort(), ["central-shop-secrets", "east-shop-secrets", "local-shop-secrets"]);
        for (const secret of secrets) {
            assert.ok(isSecret((secret.wireInputs as Readonly<Record<string, unknown>>)["stringData"]), secret.name);
            assert.deepEqual(inputsOf(secret)["stringData"], { API_TOKEN: token, DB_PASSWORD: password });
        }
    });

    it("are marked secret in the provider of every kind of cluster", () => {
        const providers = all(plan, "pulumi:providers:kubernetes");
        assert.deepEqual(providers.map(({ name }) => name).sort(), ["central", "east", "local"].flatMap(name => [`${name}-kubernetes`, `${name}-kubernetes-keep`]));
        for (const provider of providers) {
            assert.ok(isSecret((provider.wireInputs as Readonly<Record<string, unknown>>)["kubeconfig"]), provider.name);
        }
    });

    it("reach pods by reference alone: no variable is written into a pod", () => {
        const owners = podOwners(plan);
        assert.equal(owners.length, 3 * 4);
        for (const { container, resource } of owners) {
            assert.equal("env" in container, false, resource.name);
            assert.ok(container.envFrom.some(source => "secretRef" in source), resource.name);
        }
    });

    it("are not asked for where there are none: clouds' kubeconfigs store no credential", () => {
        const { value } = (plan.recording.outputs as { readonly kubeconfigs: { readonly value: Readonly<Record<string, string>> } }).kubeconfigs;
        for (const cluster of ["east", "central"]) {
            const { users } = JSON.parse(value[cluster] ?? "{}") as { readonly users: readonly { readonly user: Readonly<Record<string, unknown>> }[] };
            assert.deepEqual(users.map(({ user }) => Object.keys(user)), [["exec"]], cluster);
        }
    });
});

describe("a changed secret", () => {
    const app = { ...minimalApp, secrets: { API_TOKEN: token } };
    const cluster = { name: "local", kind: "existing", kubeconfig };

    it("changes the Secret's content and nothing else: no name and no checksum tells of it", async () => {
        const old = await planConfig({ clusters: [cluster], app });
        const young = await planConfig({ clusters: [cluster], app: { ...app, secrets: { API_TOKEN: password } } });
        const { added, removed, changed } = difference(old, young);
        assert.deepEqual({ added, removed, changed: changed.map(shortUrn) }, { added: [], removed: [], changed: [`${types.secret} local-shop-secrets`] });
        const rest = (plan: PlannedStack): unknown => ({ ...inputsOf<Readonly<Record<string, unknown>>>(find(plan, types.secret, "local-shop-secrets")), stringData: {} });
        assert.deepEqual(rest(young), rest(old));
        assert.deepEqual(old.recording.outputs, young.recording.outputs);
    });

    it("shows nothing in a plan: what is seen of both is the same", async () => {
        const shown = async (text: string): Promise<unknown> => {
            const { recording } = await planConfig({ clusters: [cluster], app: { ...app, secrets: { API_TOKEN: text } } });
            return recording.resources.map(({ urn, inputs }) => [urn, inputs]).sort();
        };
        assert.deepEqual(await shown(token), await shown("x"));
    });

    it("of a kubeconfig changes the provider, and no object of the app", async () => {
        const old = await planConfig({ clusters: [cluster], app });
        const young = await planConfig({ clusters: [{ ...cluster, kubeconfig: kubeconfig.replace(credential, "other") }], app });
        const { added, removed, changed } = difference(old, young);
        assert.deepEqual({ added, removed, changed: changed.map(shortUrn) }, { added: [], removed: [], changed: ["pulumi:providers:kubernetes local-kubernetes", "pulumi:providers:kubernetes local-kubernetes-keep"] });
    });
});
