/**
 * Where an app answers, as the stack exports it. A mock cannot prove that anybody answers there.
 */
import assert from "node:assert/strict";

import main = require("../../index");

import { cloudAnswers } from "../../plan/mocks";
import { type CloudAnswers, record } from "../../plan/recorder";
import type { PlannedStack } from "../../plan/run";
import { revealSecrets } from "../../plan/wire";
import { clusterConfigs, minimalApp } from "../support/plan";
import { first, fullApp, planApp } from "../support/kubernetes";

interface ExportedEndpoint {
    readonly url: string;
    readonly address: string;
    readonly aliasZoneId: string | null;
    readonly scheme: string;
    readonly routedByHost: boolean;
}

interface Outputs {
    readonly endpoints: Readonly<Record<string, ExportedEndpoint>>;
    readonly url: string | null;
}

const outputsOf = (outputs: unknown): Outputs => revealSecrets(outputs) as Outputs;
const endpointOf = ({ recording }: PlannedStack): ExportedEndpoint => first(Object.values(outputsOf(recording.outputs).endpoints));

/** The app behind an Ingress, with or without TLS. */
const behind = (tls: unknown) => ({ ...minimalApp, ingress: { ...fullApp.ingress, tls } });

describe("the endpoint", () => {
    it("is the LoadBalancer Service, by plain HTTP, without an Ingress", async () => {
        assert.deepEqual(endpointOf(await planApp(minimalApp)), {
            url: "http://${local-shop-service.ip}",
            address: "${local-shop-service.ip}",
            aliasZoneId: null,
            scheme: "http",
            routedByHost: false,
        });
    });

    it("is the Ingress where there is one, under the cluster's own name", async () => {
        assert.deepEqual(endpointOf(await planApp(behind({ issuer: "dns" }))), {
            url: "https://local.shop.example.com/",
            address: "${local-shop-ingress.ip}",
            aliasZoneId: null,
            scheme: "https",
            routedByHost: true,
        });
    });

    it("is plain HTTP where TLS is off", async () => {
        const { url, scheme } = endpointOf(await planApp(behind(false)));
        assert.deepEqual([url, scheme], ["http://local.shop.example.com/", "http"]);
    });

    it("has the Ingress's path in its URL", async () => {
        const app = { ...minimalApp, health: { ready: "/shop/readyz" }, ingress: { host: "shop.example.com", path: "/shop" } };
        assert.equal(endpointOf(await planApp(app)).url, "https://local.shop.example.com/shop");
    });

    it("has on EKS a host name, and the hosted zone of that kind of load balancer in that region", async () => {
        const service = endpointOf(await planApp(minimalApp, clusterConfigs.eks));
        assert.equal(service.address, "${east-shop-service.hostname}");
        // https://docs.aws.amazon.com/general/latest/gr/elb.html: us-east-1, network and application load balancers.
        assert.equal(service.aliasZoneId, "Z26RNL4JYFTOTI");
        const ingress = endpointOf(await planApp(fullApp, clusterConfigs.eks));
        assert.equal(ingress.address, "${east-shop-ingress.hostname}");
        assert.equal(ingress.aliasZoneId, "Z35SXDOTRQ7X7K");
    });

    it("has on GKE an address, and no zone to alias", async () => {
        const { address, aliasZoneId } = endpointOf(await planApp(minimalApp, clusterConfigs.gke));
        assert.deepEqual([address, aliasZoneId], ["${central-shop-service.ip}", null]);
    });

    it("is the stack's url where there is one cluster and no failover", async () => {
        const plan = await planApp(fullApp);
        assert.equal(outputsOf(plan.recording.outputs).url, endpointOf(plan).url);
    });
});

describe("a load balancer without an address yet", () => {
    for (const [what, status] of [
        ["an empty list", { loadBalancer: { ingress: [] } }],
        ["no list", { loadBalancer: {} }],
        ["no status", {}],
    ] as const) {
        it(`gives an empty address, not an error, with ${what}`, async () => {
            const plan = await planApp(minimalApp);
            const answers: CloudAnswers = cloudAnswers({ clusters: plan.config.clusters, stackOutputs: () => undefined });
            const config = {
                "holdfast:clusters": JSON.stringify([clusterConfigs.existing]),
                "holdfast:app": JSON.stringify(minimalApp),
            };
            const pending: CloudAnswers = {
                ...answers,
                outputs: resource => ({ ...answers.outputs(resource), ...(resource.name === "local-shop-service" ? { status } : {}) }),
            };
            const { outputs } = await record(main, { project: "holdfast", stack: "test", config }, pending);
            assert.equal(outputsOf(outputs).endpoints["local"]?.address, "");
        });
    }
});
