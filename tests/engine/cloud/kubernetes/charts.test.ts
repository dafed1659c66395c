// What this can't prove: what Helm renders; `npm run charts` keeps that. It proves what the emulated clusters make of it.
import assert from "node:assert/strict";

import { charts } from "../../../../components/charts";
import type { Properties } from "../../provider/wire";
import { Desk, kubeconfigOf } from "../desk";
import { World } from "../world";
import { addExistingCluster } from "./existing";
import { kubernetes } from "./package";

const server = "https://cluster.example.com";
const releaseType = "kubernetes:helm.sh/v3:Release";
const controller = { name: "controller", namespace: "kube-system", chart: "aws-load-balancer-controller", version: charts.awsLoadBalancerController.version };

describe("charts in emulated clusters", () => {
    let desk: Desk;

    beforeEach(() => {
        const world = new World();
        addExistingCluster(world, server);
        desk = new Desk(world, kubernetes, { kubeconfig: kubeconfigOf(server) });
    });

    const inside = (): readonly string[] => desk.world.all().filter(({ urn, place }) => urn === undefined && place === server).map(({ id }) => id);

    it("bring what they come to, and take it away", async () => {
        const release = await desk.make(releaseType, controller);
        assert.deepEqual(inside(), ["ingressclassparams.elbv2.k8s.aws", "kube-system/aws-load-balancer-controller"]);
        await desk.make("kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams", { metadata: { name: "alb" } });
        await desk.remove(release);
        assert.deepEqual(inside(), []);
    });

    it("need their namespace, and facts of that very version", async () => {
        await assert.rejects(desk.make(releaseType, { ...controller, namespace: "shop" }), /namespaces "shop" not found/);
        await assert.rejects(desk.make(releaseType, { ...controller, version: "0.0.1" }), /nothing is known of chart aws-load-balancer-controller 0.0.1/);
    });

    it("are made as components of the same parts", () => {
        const construct = (inputs: Properties): unknown => desk.provider.construct(desk.asked("kubernetes:helm.sh/v4:Chart"), inputs).children.map(({ type, name }) => [type, name]);
        const { name: _name, ...chart } = controller;
        assert.deepEqual(construct(chart), [
            ["kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", "it:ingressclassparams.elbv2.k8s.aws"],
            ["kubernetes:apps/v1:Deployment", "it:kube-system/aws-load-balancer-controller"],
        ]);
        assert.throws(() => construct({ ...chart, valeus: {} }), /valeus: is no property of it; did you mean values\?/);
    });
});
