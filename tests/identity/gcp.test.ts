// Access to Google Cloud as it is asked for. A mock cannot prove that Google takes a cluster's tokens, nor that an id is free: one that was
// deleted stays taken for 30 days.
import assert from "node:assert/strict";

import { nameOf } from "../support/clusters";
import { clusterConfigs, inputsOf, poolNodes } from "../support/plan";
import { accessGcp, ofType, only, rack, valueOf } from "./support";

const types = {
    account: "gcp:serviceaccount/account:Account",
    user: "gcp:serviceaccount/iAMMember:IAMMember",
    grant: "gcp:projects/iAMMember:IAMMember",
    service: "gcp:projects/service:Service",
    pool: "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
    provider: "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
} as const;

const longest = "a-name-of-20-letters";

describe("access to Google Cloud", () => {
    for (const { label, cluster } of [
        { label: "GKE Autopilot", cluster: clusterConfigs.gke },
        { label: "GKE node pools", cluster: { ...clusterConfigs.gke, nodes: poolNodes.gke } },
    ]) {
        it(`is from ${label} by the project's own pool, for one service account`, async () => {
            const { recording, accesses } = await accessGcp(cluster);
            const user = only(recording, types.user);
            assert.deepEqual(inputsOf(user), {
                serviceAccountId: "${copies.name}",
                role: "roles/iam.workloadIdentityUser",
                member: "serviceAccount:acme-prod.svc.id.goog[velero/server]",
            });
            assert.deepEqual(ofType(recording, types.pool), []);
            const [access] = accesses;
            assert.ok(access);
            assert.equal(access.token, undefined);
            assert.deepEqual(Object.keys(access.serviceAccountAnnotations), ["iam.gke.io/gcp-service-account"]);
            const services = ofType(recording, types.service).filter(({ name }) => name === "central-iamcredentials");
            assert.deepEqual(services.map(service => inputsOf(service)), [{ project: "acme-prod", service: "iamcredentials.googleapis.com", disableOnDestroy: false }]);
        });
    }

    for (const { cluster, issuer } of [
        { cluster: clusterConfigs.eks, issuer: "https://${east.issuer}" },
        { cluster: rack, issuer: "https://oidc.example.com/rack" },
    ]) {
        describe(`from ${cluster.kind}`, () => {
            const pool = `${cluster.name}-pool-acme-copies`;

            it("is by a pool that knows the cluster's issuer alone", async () => {
                const { recording } = await accessGcp(cluster);
                const { oidc, attributeMapping, workloadIdentityPoolId } = inputsOf(only(recording, types.provider));
                assert.deepEqual({ oidc, attributeMapping }, { oidc: { issuerUri: issuer }, attributeMapping: { "google.subject": "assertion.sub" } });
                assert.equal(workloadIdentityPoolId, inputsOf(only(recording, types.pool))["workloadIdentityPoolId"]);
                assert.deepEqual(
                    ofType(recording, types.service).filter(({ name }) => name.startsWith(pool)).map(service => inputsOf(service)["service"]),
                    ["iam.googleapis.com", "iamcredentials.googleapis.com", "sts.googleapis.com"],
                );
            });

            it("is for one service account", async () => {
                const { recording } = await accessGcp(cluster);
                assert.deepEqual(inputsOf(only(recording, types.user)), {
                    serviceAccountId: "${copies.name}",
                    role: "roles/iam.workloadIdentityUser",
                    member: `principal://iam.googleapis.com/\${${pool}.name}/subject/system:serviceaccount:velero:server`,
                });
            });

            it("comes by a token, with instructions that hold no secret", async () => {
                const { accesses } = await accessGcp(cluster);
                const [access] = accesses;
                assert.ok(access?.token);
                const { audience, directory, fileName, credentials } = access.token;
                assert.deepEqual(access.serviceAccountAnnotations, {});
                assert.equal(await valueOf(audience), `https://iam.googleapis.com/\${${pool}.name}`);
                assert.deepEqual(JSON.parse(await valueOf(credentials)), {
                    type: "external_account",
                    universe_domain: "googleapis.com",
                    audience: `//iam.googleapis.com/\${${pool}.name}`,
                    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
                    token_url: "https://sts.googleapis.com/v1/token",
                    service_account_impersonation_url: "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${copies.email}:generateAccessToken",
                    credential_source: { file: `${directory}/${fileName}`, format: { type: "text" } },
                });
            });

            it("shares the pool, which is the cluster's", async () => {
                const { recording } = await accessGcp(cluster, ["copies", "snapshots"]);
                const component = only(recording, "holdfast:identity:GcpWorkloadPool");
                assert.equal(nameOf(component.parent), cluster.name);
                assert.equal(ofType(recording, types.pool).length, 1);
                assert.equal(ofType(recording, types.provider).length, 1);
                assert.deepEqual(ofType(recording, types.account).filter(({ name }) => !name.startsWith("east-")).map(({ name }) => name), ["copies", "snapshots"]);
            });
        });
    }

    for (const cluster of [clusterConfigs.eks, clusterConfigs.gke, rack]) {
        it(`holds from ${cluster.kind} the roles that were asked for, in the project that was named`, async () => {
            const { recording } = await accessGcp(cluster);
            const grants = ofType(recording, types.grant).filter(({ name }) => name.startsWith("copies-"));
            assert.deepEqual(grants.map(({ name }) => name), ["copies-compute.viewer", "copies-snapshots"]);
            for (const grant of grants) {
                const { project, member } = inputsOf(grant);
                assert.deepEqual({ project, member }, { project: "acme-copies", member: "serviceAccount:${copies.email}" });
                assert.equal(nameOf(grant.provider), "elsewhere");
            }
        });

        it(`has ids from ${cluster.kind} that Google takes, however long the cluster's name`, async () => {
            const { recording } = await accessGcp({ ...cluster, name: longest });
            const account = ofType(recording, types.account).find(({ name }) => name === "copies");
            assert.ok(account);
            assert.match(String(inputsOf(account)["accountId"]), /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/);
            for (const pool of ofType(recording, types.pool)) {
                const { workloadIdentityPoolId, displayName } = inputsOf(pool);
                assert.match(String(workloadIdentityPoolId), /^(?!gcp-)[-a-z0-9]{4,32}$/);
                assert.ok(String(displayName).length <= 32);
            }
        });
    }

    it("has another pool once a cluster is made anew: the old one's id stays taken", async () => {
        const idOf = async (issuer: string): Promise<unknown> => inputsOf(only((await accessGcp({ ...rack, issuer })).recording, types.pool))["workloadIdentityPoolId"];
        const before = await idOf("https://oidc.example.com/1");
        assert.equal(await idOf("https://oidc.example.com/1"), before);
        assert.notEqual(await idOf("https://oidc.example.com/2"), before);
    });
});
