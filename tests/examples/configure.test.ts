// The types themselves are tested where a program of its own is compiled against the package, in ownProgram.test.ts.
import assert from "node:assert/strict";

import * as aws from "@pulumi/aws";
import * as gcp from "@pulumi/gcp";

import * as holdfast from "../../components";
import { ConfigError, EksCluster, Failover, GkeCluster, HaApp, Platform, checkPathOf, configure, createDnsProvider, ownParticipant, tlsRequest, ttlOf } from "../../components";
import { parseConfig } from "../../components/config";
import { cloudAnswers } from "../../plan/mocks";
import { record } from "../../plan/recorder";
import { clusterConfigs, minimalApp, planConfig } from "../support/plan";

/** A copy that may be changed, as a program's own settings may. */
const eks = { ...clusterConfigs.eks, zones: [...clusterConfigs.eks.zones], admins: [...clusterConfigs.eks.admins], apiAccess: [...clusterConfigs.eks.apiAccess] };
const gke = { ...clusterConfigs.gke, zones: [...clusterConfigs.gke.zones], apiAccess: [...clusterConfigs.gke.apiAccess] };

describe("configure", () => {
    it("fills in what a stack's file gets too", () => {
        const failover = { domain: "shop.example.com", zone: "example.com", primary: "east" };
        const given = configure([eks, gke], { app: minimalApp, failover, platform: { monitoring: true } });
        assert.deepEqual(given, parseConfig({ clusters: [eks, gke], app: minimalApp, failover, platform: { monitoring: true } }));
    });

    it("keeps each cluster's own type, in order, and says which sections are there", () => {
        const { clusters: [east, central, rack], app, failover } = configure([eks, gke, { kind: "existing", name: "rack" }], { app: minimalApp });
        // The compiler is asked as much as the program: each key is of one kind alone.
        assert.deepEqual([east.admins, central.project, rack.metricsServer, app.port, failover], [eks.admins, gke.project, true, 8080, undefined]);
    });

    it("lists every problem at once, also those of parts with each other", () => {
        const clash = { ...gke, cidr: eks.cidr };
        assert.throws(
            () => configure([eks, clash], { app: { ...minimalApp, replicas: { min: 2, max: 4 } } }),
            (error: unknown) => {
                assert.ok(error instanceof ConfigError);
                assert.deepEqual(
                    error.problems.map(({ path }) => path),
                    ["holdfast:clusters[1].cidr", "holdfast:app.replicas.min", "holdfast:app.replicas.min"],
                );
                return true;
            },
        );
    });
});

describe("the components, put together by hand", () => {
    const sections = {
        app: { ...minimalApp, ingress: { host: "shop.example.com", tls: { issuer: "letsencrypt-dns" } } },
        failover: { domain: "shop.example.com", zone: "example.com", primary: "east" },
        platform: { monitoring: true },
    };

    it("make what a stack's file would, without one", async () => {
        const config = configure([eks, gke], sections);
        const program = (): Promise<void> => {
            const [east, central] = config.clusters;
            const clusters = [
                new EksCluster(east.name, east, { providers: [new aws.Provider("east-aws", { region: east.region })] }),
                new GkeCluster(central.name, central, { providers: [new gcp.Provider("central-gcp", { project: central.project })] }),
            ];
            const provider = createDnsProvider();
            const own = clusters.map((cluster, index) => {
                const clusterConfig = index === 0 ? east : central;
                const args = { cluster, clusterConfig, config, fleet: clusters, dns: () => provider };
                const { host } = new Platform(`${cluster.name}-platform`, args, { provider: cluster.provider });
                const app = new HaApp(`${cluster.name}-shop`, { app: config.app, cluster: host, tls: tlsRequest(config.app, config) }, { provider: host.provider });
                return ownParticipant(cluster.name, app.endpoint);
            });
            new Failover("failover", { config: config.failover, own, checkPath: checkPathOf(config), ttlSeconds: ttlOf(config) }, { provider });
            return Promise.resolve();
        };
        const stage = { project: "holdfast", stack: "test", config: {} };
        const { resources } = await record(program, stage, cloudAnswers({ clusters: config.clusters, stackOutputs: () => undefined }));
        const planned = await planConfig({ clusters: [eks, gke], ...sections });
        assert.ok(resources.length > 150);
        const urns = (all: readonly { readonly urn: string }[]): string[] => all.map(({ urn }) => urn).sort();
        assert.deepEqual(urns(resources), urns(planned.recording.resources));
    });
});

describe("what other programs can import", () => {
    it("is this, and nothing that reads a stack's config", () => {
        assert.deepEqual(Object.keys(holdfast).sort(), [
            "ConfigError",
            "EksCluster",
            "ExistingCluster",
            "Failover",
            "GkeCluster",
            "HaApp",
            "Platform",
            "checkPathOf",
            "configWarnings",
            "configure",
            "createCluster",
            "createDnsProvider",
            "deploy",
            "objectivesOf",
            "ownParticipant",
            "tagResources",
            "tlsRequest",
            "ttlOf",
        ]);
    });
});
