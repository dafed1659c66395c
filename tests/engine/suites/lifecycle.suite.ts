// A whole life of stack prod on the real engine. The clouds are emulated: that a call is valid in every value, and what a
// cloud does that the emulation does not, only an account can show.
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Stack } from "@pulumi/pulumi/automation";

import { costlyWaits } from "../makespan/criticalPath";
import { reasonFor } from "../makespan/reasons";
import { stepsOf } from "../makespan/steps";
import { audit, clean, type State } from "../support/audit";
import { configWith } from "../support/change";
import { destroy, told, update } from "../support/told";
import { stateIn, projectStack, type Scene, setScene } from "../support/scene";

describe("a life of prod", function () {
    this.timeout(180_000);
    let scene: Scene;
    let stack: Stack;
    let state: State;

    before(async () => {
        scene = await setScene();
        stack = await projectStack(scene, "prod");
        await update(stack);
        state = stateIn(scene);
        scene.world.forgetCalls();
    });

    after(() => {
        scene.close();
    });

    it("comes up from nothing, and nothing is there that the state does not have", () => {
        deepStrictEqual(audit(scene.world, state), clean);
        ok(scene.world.all().length > 150);
        deepStrictEqual(scene.world.all().filter(({ ready }) => !ready), []);
    });

    it("waits longer than its values ask for only where there is a reason", () => {
        const waits = costlyWaits(stepsOf(state));
        ok(waits.length > 0);
        deepStrictEqual(waits.filter(wait => reasonFor(wait) === undefined).map(({ step, on }) => `${step.urn} waits for ${on}`), []);
    });

    it("has every output, in the clear but for the kubeconfigs", async () => {
        const outputs = await stack.outputs();
        deepStrictEqual(Object.keys(outputs).sort(), ["clusters", "endpoints", "kubeconfigs", "objectives", "url"]);
        strictEqual(outputs["url"]?.value, "https://shop.example.com");
        const endpoints = outputs["endpoints"]?.value as Readonly<Record<string, { readonly url: string; readonly address: string }>>;
        strictEqual(endpoints["east"]?.url, "https://east.shop.example.com/");
        match(endpoints["east"].address, /\.elb\.us-east-1\.amazonaws\.com$/);
        match(endpoints["central"]?.address ?? "", /^\d+\.\d+\.\d+\.\d+$/);
        deepStrictEqual(Object.entries(outputs).filter(([, { secret }]) => secret).map(([name]) => name), ["kubeconfigs"]);
        const kubeconfigs = outputs["kubeconfigs"]?.value as Readonly<Record<string, string>>;
        deepStrictEqual(Object.keys(kubeconfigs).sort(), ["central", "east"]);
        ok(Object.values(kubeconfigs).every(text => !text.includes("${")));
    });

    it("leaves no kubeconfig in the clear in its state", () => {
        const file = join(scene.workspace.folder, "state", ".pulumi", "stacks", "holdfast", "prod.json");
        const text = readFileSync(file, "utf8");
        ok(text.includes("kubeconfig"));
        ok(!text.includes("certificate-authority-data"));
    });

    it("changes nothing the second time", async () => {
        scene.world.forgetCalls();
        const { summary } = await told(stack.up({ expectNoChanges: true }));
        deepStrictEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
        deepStrictEqual(scene.world.calls, []);
    });

    it("refreshes to what it knows", async () => {
        const { summary } = await told(stack.refresh({ expectNoChanges: true }));
        deepStrictEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
    });

    it("sees a change behind its back, and mends it", async () => {
        const budget = scene.world.ofType("kubernetes:policy/v1:PodDisruptionBudget").find(({ urn }) => urn?.endsWith("::east-shop-budget"));
        ok(budget !== undefined);
        const before = budget.inputs;
        const outputs = budget.outputs;
        budget.inputs = { ...before, spec: { ...(before["spec"] as object), maxUnavailable: 3 } };
        budget.outputs = { ...outputs, spec: budget.inputs["spec"] };
        await rejects(told(stack.refresh({ expectNoChanges: true })), /no changes were expected/);
        const { summary } = await told(stack.up());
        strictEqual(summary.resourceChanges?.update, 1);
        deepStrictEqual(budget.inputs, before);
    });

    it("refuses to be destroyed while it is protected, and says by what, before anything is gone", async () => {
        const before = scene.world.all().length;
        const { exitCode, all } = await scene.workspace.cli(["destroy", "--yes", "--stack", "prod", "--non-interactive"]);
        ok(exitCode !== 0);
        match(all, /resource .*(EksCluster|GkeCluster).* cannot be deleted\s+because it is protected/s);
        strictEqual(scene.world.all().length, before);
    });

    it("is destroyed once it is not, and leaves what is kept on purpose", async () => {
        scene.workspace.configure("prod", configWith("prod", { "clusters.0.protect": false, "clusters.1.protect": false }));
        await update(stack);
        await destroy(stack);
        const left = scene.world.all().filter(({ type }) => type !== "aws:hostedZone");
        const counts: Record<string, number> = {};
        for (const { type } of left) {
            counts[type] = (counts[type] ?? 0) + 1;
        }
        deepStrictEqual(counts, {
            // A disk for each of the three claims on each cluster: state.onDelete is keep.
            "aws:disk": 3,
            "gcp:disk": 3,
            // Can't be deleted.
            "gcp:kms/keyRing:KeyRing": 1,
            "gcp:kms/cryptoKey:CryptoKey": 1,
            // Prove the certificate: others for the same names may rest on them.
            "aws:route53/record:Record": 2,
        });
        deepStrictEqual((stateIn(scene)).resources ?? [], []);
    });
});
