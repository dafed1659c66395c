// Whose service accounts a cloud can know. A mock cannot prove that an issuer answers.
import assert from "node:assert/strict";

import { kindOf } from "../../components/cluster";
import { parseConfig } from "../../components/config";
import { withCluster } from "../support/clusters";
import { type RawConfig, clusterConfigs } from "../support/plan";
import { rack, valueOf } from "./support";

async function issuerOf(cluster: RawConfig): Promise<string | undefined> {
    let issuer: string | undefined;
    await withCluster(cluster, async ({ identity }) => {
        issuer = identity === undefined ? undefined : await valueOf(identity.issuer);
    });
    return issuer;
}

function federates(cluster: RawConfig): boolean {
    const [config] = parseConfig({ clusters: [cluster] }).clusters;
    assert.ok(config);
    return kindOf(config).federates(config);
}

describe("the issuer of a cluster's service accounts", () => {
    const rows: readonly (readonly [string, RawConfig, string | undefined])[] = [
        ["EKS's own", clusterConfigs.eks, "https://${east.issuer}"],
        ["GKE's, by project, region and name", clusterConfigs.gke, "https://container.googleapis.com/v1/projects/acme-prod/locations/us-central1/clusters/${central.name}"],
        ["an existing cluster's, as config has it", rack, rack.issuer],
        ["none of an existing cluster where config names none", clusterConfigs.existing, undefined],
    ];
    for (const [title, cluster, expected] of rows) {
        it(`is ${title}`, async () => {
            assert.equal(await issuerOf(cluster), expected);
            assert.equal(federates(cluster), expected !== undefined);
        });
    }
});
