// What mocks can't prove: that a bucket of others is there, or that its server takes what Velero sends.
import assert from "node:assert/strict";

import { parseConfig } from "../../components/config";
import { configWarnings } from "../../components/config/warnings";
import { nameOf } from "../support/clusters";
import { all, clusterConfigs, find, inputsOf, type RawConfig } from "../support/plan";
import { app, bucket, locationsOn, planBackups, statementsIn, types, valuesOn, west } from "./backupPlans";

const { eks, gke, existing } = clusterConfigs;

/** A cluster of nobody's cloud, and one that clouds know. */
const bare = { ...existing, volumeSnapshots: true };
const rack = { ...bare, issuer: "https://oidc.example.com/rack" };

describe("where backups go", () => {
    /** Provider and bucket of the place that a cluster writes to. */
    async function placeOf(cluster: string, clusters: readonly RawConfig[], backup: unknown = true): Promise<unknown[]> {
        const own = locationsOn(await planBackups(clusters, backup), cluster)[cluster];
        return [own?.["provider"], (own?.["objectStorage"] as { bucket: string } | undefined)?.bucket];
    }

    for (const { what, cluster, clusters, backup, place } of [
        { what: "the first of the other cloud's by name, not in the list", cluster: "central", clusters: [west, gke, eks], backup: true, place: ["aws", "${east-backups-central.id}"] },
        { what: "the cluster that config names", cluster: "central", clusters: [eks, gke, west], backup: { to: "west" }, place: ["aws", "${west-backups-central.id}"] },
        { what: "the cluster that config names, also in another region of the same cloud", cluster: "east", clusters: [eks, gke, west], backup: { to: "west" }, place: ["aws", "${west-backups-east.id}"] },
        { what: "elsewhere for the cluster that config names itself", cluster: "west", clusters: [eks, gke, west], backup: { to: "west" }, place: ["gcp", "${central-backups-west.name}"] },
        { what: "another region by name, not in the list", cluster: "mid", clusters: [west, { ...eks, name: "mid", region: "us-east-2", zones: ["us-east-2a", "us-east-2b", "us-east-2c"], cidr: "10.80.0.0/16" }, eks], backup: true, place: ["aws", "${east-backups-mid.id}"] },
        { what: "another region, where the stack has one cloud", cluster: "east", clusters: [eks, west], backup: true, place: ["aws", "${west-backups-east.id}"] },
        { what: "the region in config, where it has one region", cluster: "east", clusters: [eks], backup: { region: "eu-west-1" }, place: ["aws", "${east-backups-east.id}"] },
        { what: "a cloud of the stack, from a cluster that clouds know", cluster: "local", clusters: [rack, gke], backup: { region: "us-east1" }, place: ["gcp", "${central-backups-local.name}"] },
        { what: "the bucket in config, from a cluster that none knows", cluster: "local", clusters: [bare], backup: { bucket }, place: ["aws", "acme-backups"] },
    ] as const) {
        it(`is ${what}`, async () => {
            assert.deepEqual(await placeOf(cluster, clusters, backup), place);
        });
    }

    it("is a region of the same cloud by the cluster's own account, in that region", async () => {
        const planned = await planBackups([eks], { region: "eu-west-1" });
        const resources = planned.recording.resources.filter(({ type }) => type.startsWith("aws:s3/"));
        assert.equal(resources.length, 6);
        for (const resource of resources) {
            assert.deepEqual([inputsOf(resource)["region"], nameOf(resource.provider)], ["eu-west-1", "east-aws"]);
        }
        assert.deepEqual(Object.keys(locationsOn(planned, "east")), ["east"]);
        const inGoogle = await planBackups([gke], { region: "europe-west1" });
        assert.equal(inputsOf(find(inGoogle, types.gcs, "central-backups-central"))["location"], "EUROPE-WEST1");
    });

    it("is said plainly where the whole cloud's loss takes the backups too", () => {
        const warnings = (clusters: readonly RawConfig[], backup: unknown): readonly string[] =>
            configWarnings(parseConfig({ clusters, app, platform: { backup } }), { stack: "test", today: new Date("2026-01-01") }).filter(text => text.includes("backups stay with"));
        assert.deepEqual(warnings([eks], { region: "eu-west-1" }), [
            "east: its backups stay with AWS, in eu-west-1: the loss of the whole cloud, or of the account, takes them too",
        ]);
        assert.equal(warnings([eks, west], true).length, 2);
        assert.deepEqual(warnings([eks, gke], true), []);
    });

    it("is said where others of the project pass for a cluster that reads there", () => {
        const warnings = (clusters: readonly RawConfig[], backup: unknown): readonly string[] =>
            configWarnings(parseConfig({ clusters, app, platform: { backup } }), { stack: "test", today: new Date("2026-01-01") }).filter(text => text.includes("others may get at backups"));
        const [said, ...more] = warnings([eks, gke], true);
        assert.match(said ?? "", /^central: .* every GKE cluster of project acme-prod, .*: keep one project per environment$/);
        assert.deepEqual(more, []);
        assert.equal(warnings([gke], { region: "europe-west1" }).length, 1);
        // The second writes to S3 alone, by the tokens of its own issuer.
        const second = { ...gke, name: "far", region: "us-west1", zones: ["us-west1-a", "us-west1-b", "us-west1-c"], cidr: "10.96.0.0/16" };
        assert.deepEqual(warnings([eks, gke, second], { to: "central" }).map(text => text.split(":")[0]), ["central", "far"]);
        assert.deepEqual(warnings([eks, gke, { ...second, name: "zurich" }], true).map(text => text.split(":")[0]), ["central"]);
        assert.deepEqual(warnings([eks, west], true), []);
    });

    it("may be several clusters' with one: each has a bucket of its own, and one role for all", async () => {
        const planned = await planBackups([eks, west, gke]);
        assert.deepEqual(all(planned, types.gcs).map(({ name }) => name).sort(), ["central-backups-east", "central-backups-west"]);
        assert.deepEqual(Object.keys(locationsOn(planned, "central")).sort(), ["central", "east", "west"]);
        assert.deepEqual(all(planned, "gcp:serviceaccount/account:Account").map(({ name }) => name).filter(name => name.includes("-backup-")).sort(), ["central-backup-gcs", "east-backup-gcs", "west-backup-gcs"]);
        const one = await planBackups([eks, west]);
        // Its own place and the other's, both on S3: Pod Identity gives a service account one role.
        assert.equal(all(one, "aws:eks/podIdentityAssociation:PodIdentityAssociation").length, 2);
        assert.equal(statementsIn(inputsOf(find(one, "aws:iam/rolePolicy:RolePolicy", "east-backup-s3"))["policy"]).length, 5);
    });

    it("is a bucket of the user's with its key in a Secret, and nowhere else", async () => {
        const planned = await planBackups([bare], { bucket });
        const secret = find(planned, "kubernetes:core/v1:Secret", "local-backup-key");
        assert.deepEqual(inputsOf<{ stringData: unknown }>(secret).stringData, { cloud: "[default]\naws_access_key_id=backups\naws_secret_access_key=canary-key\n" });
        assert.doesNotMatch(JSON.stringify(secret.inputs), /canary-key/);
        for (const resource of planned.recording.resources.filter(one => one !== secret)) {
            assert.doesNotMatch(JSON.stringify(resource.wireInputs), /canary-key/, resource.name);
        }
        const { local } = locationsOn(planned, "local");
        assert.deepEqual(local?.["config"], { region: "eu-1", s3Url: "https://minio.example.com:9000", s3ForcePathStyle: "true", checksumAlgorithm: "" });
        // Stacks may share the bucket: neither may see, or expire, what another has there.
        assert.deepEqual(local["objectStorage"], { bucket: "acme-backups", prefix: "holdfast/test/local" });
        assert.equal((local["credential"] as { key: string }).key, "cloud");
        assert.deepEqual(valuesOn(planned, "local").configuration.extraEnvVars, [{ name: "HOME", value: "/scratch" }]);
        const { url: _, ...ofAws } = { ...bucket, region: "eu-west-1" };
        const onAws = locationsOn(await planBackups([bare], { bucket: ofAws }), "local");
        assert.deepEqual(onAws["local"]?.["config"], { region: "eu-west-1" });
    });
});
