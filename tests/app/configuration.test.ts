/**
 * ConfigMaps and Secret. A mock cannot prove that Pulumi makes a new object before the old one goes,
 * nor that pods roll to it: here is proved what that rests on, names that are left to Pulumi.
 */
import assert from "node:assert/strict";

import type { RecordedResource } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import { all, find, inputsOf, minimalApp } from "../support/plan";
import { difference, fullApp, ownerOf, planApp, podOwners, shortUrn, types } from "../support/kubernetes";

interface Settings {
    readonly metadata: { readonly name?: string; readonly namespace: string };
    readonly immutable: boolean;
    readonly data?: Readonly<Record<string, string>>;
    readonly stringData?: Readonly<Record<string, string>>;
}

/** How Pulumi's made-up name begins in a plan. */
const madeUp = (role: string): RegExp => new RegExp(`^local-shop-${role}-[0-9a-f]{8}$`);

describe("the app's settings", () => {
    let plan: PlannedStack;

    before(async () => {
        plan = await planApp(fullApp);
    });

    const settings = (): RecordedResource[] => [...all(plan, types.configMap), ...all(plan, types.secret)];

    it("makes a ConfigMap of env, one of files and a Secret of secrets", () => {
        assert.deepEqual(inputsOf<Settings>(find(plan, types.configMap, "local-shop-env")).data, { CURRENCY: "EUR" });
        assert.deepEqual(inputsOf<Settings>(find(plan, types.configMap, "local-shop-files")).data, { "shop.conf": "currency = EUR\n" });
        assert.deepEqual(inputsOf<Settings>(find(plan, types.secret, "local-shop-secrets")).stringData, { API_TOKEN: "canary" });
        assert.equal(settings().length, 3);
    });

    it("leaves every name to Pulumi, and makes each immutable", () => {
        for (const resource of settings()) {
            const { metadata, immutable } = inputsOf<Settings>(resource);
            assert.equal("name" in metadata, false, resource.name);
            assert.equal(metadata.namespace, "shop", resource.name);
            assert.equal(immutable, true, resource.name);
        }
    });

    it("gives env and secrets to every pod by their made-up names", () => {
        const owners = podOwners(plan);
        assert.equal(owners.length, 4);
        for (const { container, part } of owners) {
            const [env, secrets, ...more] = container.envFrom;
            assert.match(env?.configMapRef.name ?? "", madeUp("env"), part);
            assert.match(secrets?.secretRef.name ?? "", madeUp("secrets"), part);
            assert.deepEqual(more, [], part);
        }
    });

    it("mounts files read-only into every pod", () => {
        for (const { container, template, part } of podOwners(plan)) {
            const volume = template.spec.volumes.find(({ name }) => name === "files");
            assert.match(volume?.configMap.name ?? "", madeUp("files"), part);
            const mount = container.volumeMounts.find(({ name }) => name === "files");
            assert.deepEqual(mount, { name: "files", mountPath: "/etc/shop", readOnly: true }, part);
        }
    });

    it("writes no variable as a literal into a pod", () => {
        for (const { container, part } of podOwners(plan)) {
            assert.equal("env" in container, false, part);
        }
    });

    it("writes no checksum of a setting anywhere: pods have no annotations", () => {
        for (const { template, part } of podOwners(plan)) {
            assert.equal("annotations" in template.metadata, false, part);
        }
    });

    for (const [what, change, role] of [
        ["env", { env: { CURRENCY: "USD" } }, `${types.configMap} local-shop-env`],
        ["files", { files: { ...fullApp.files, data: { "shop.conf": "currency = USD\n" } } }, `${types.configMap} local-shop-files`],
        ["secrets", { secrets: { API_TOKEN: "other" } }, `${types.secret} local-shop-secrets`],
    ] as const) {
        it(`changes one object when ${what} change, and nothing is made or removed beside it`, async () => {
            const { added, removed, changed } = difference(plan, await planApp({ ...fullApp, ...change }));
            assert.deepEqual({ added, removed, changed: changed.map(shortUrn) }, { added: [], removed: [], changed: [role] });
        });
    }
});

describe("an app without settings", () => {
    it("has no ConfigMap, no Secret and no source of variables", async () => {
        const plan = await planApp(minimalApp);
        assert.deepEqual([...all(plan, types.configMap), ...all(plan, types.secret)], []);
        assert.deepEqual(ownerOf(plan, "app").container.envFrom, []);
    });

    it("makes only what config has: env alone gives one ConfigMap", async () => {
        const plan = await planApp({ ...minimalApp, env: { CURRENCY: "EUR" } });
        assert.deepEqual(all(plan, types.configMap).map(({ name }) => name), ["local-shop-env"]);
        assert.deepEqual(all(plan, types.secret), []);
        assert.deepEqual(ownerOf(plan, "app").template.spec.volumes.map(({ name }) => name), ["tmp"]);
    });
});
