// One stack a cloud, and a third for the DNS, on the real engine. The clouds are emulated: that AWS's DNS goes on while
// its API for clusters does not is AWS's promise, and not shown here.
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";

import type { Stack } from "@pulumi/pulumi/automation";

import { audit, clean } from "../support/audit";
import { type Edits, configWith } from "../support/change";
import { operations } from "../support/operations";
import { update } from "../support/told";
import { stateIn, projectStack, type Scene, setScene } from "../support/scene";

/** The backend in a folder calls its one organization so. */
const members = { "failover.members.0.stack": "organization/holdfast/prod-east", "failover.members.1.stack": "organization/holdfast/prod-central" };

describe("one stack a cloud", function () {
    this.timeout(180_000);
    let scene: Scene;
    let stacks: Readonly<Record<"east" | "central" | "global", Stack>>;

    const configured = (edits: Edits = {}) => configWith("prod-global", { ...members, ...edits });

    /** Lets everything fail that goes to a package of resources. */
    const fail = (packages: readonly string[]): void => {
        scene.world.interference = ({ type }) => {
            if (packages.some(name => type.startsWith(`${name}:`))) {
                throw new Error("503 Service Unavailable");
            }
        };
    };

    before(async () => {
        scene = await setScene();
        const east = await projectStack(scene, "prod-east");
        const central = await projectStack(scene, "prod-central");
        await update(east);
        await update(central);
        const global = await projectStack(scene, "prod-global", configured());
        await update(global);
        stacks = { east, central, global };
    });

    afterEach(() => {
        scene.world.interference = undefined;
    });

    after(() => {
        scene.close();
    });

    it("comes up, and the DNS leads to where the clusters answer", async () => {
        deepStrictEqual(audit(scene.world, stateIn(scene, "prod-east"), stateIn(scene, "prod-central"), stateIn(scene, "prod-global")), clean);
        const { endpoints } = await stacks.central.outputs();
        const address = (endpoints?.value as Readonly<Record<string, { readonly address: string }>> | undefined)?.["central"]?.address;
        const record = scene.world.ofType("aws:route53/record:Record").find(({ inputs }) => inputs["name"] === "central.shop.example.com");
        deepStrictEqual(record?.inputs["records"], [address]);
        strictEqual((await stacks.global.outputs())["url"]?.value, "https://shop.example.com");
    });

    it("moves the traffic while everything at Google Cloud, and every cluster, answers only errors", async () => {
        fail(["gcp", "kubernetes", "aws:eks"]);
        scene.workspace.configure("prod-global", configured({ "failover.primary": "central" }));
        scene.world.forgetCalls();
        await update(stacks.global);
        deepStrictEqual(operations(scene.world), {
            // The hold-down is the primary's, whoever that is.
            created: ["HealthCheck failover-central-hold", "HealthCheck failover-central-hold-recovered", "MetricAlarm failover-central-hold"],
            updated: ["Record failover-answer-primary", "Record failover-answer-secondary"],
            replaced: [],
            deleted: ["HealthCheck failover-east-hold", "HealthCheck failover-east-hold-recovered", "MetricAlarm failover-east-hold"],
        });
    });

    it("goes on with one cloud while the other answers only errors", async () => {
        fail(["gcp"]);
        scene.workspace.configure("prod-east", configWith("prod-east", { "app.image": "ghcr.io/stefanprodan/podinfo:6.9.3" }));
        scene.world.forgetCalls();
        await update(stacks.east);
        deepStrictEqual(operations(scene.world).updated, ["Deployment east-shop-deployment"]);
        scene.workspace.configure("prod-central", configWith("prod-central", { "clusters.0.protect": false }));
        await rejects(update(stacks.central), /503 Service Unavailable/);
    });
});
