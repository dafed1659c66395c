// What this can't prove: that Google Cloud refuses in these words. It proves that the emulated one says no where Google does.
import assert from "node:assert/strict";

import type { Properties } from "../../provider/wire";
import { Desk } from "../desk";
import { World } from "../world";
import { gcp } from "./package";

const clusterType = "gcp:container/cluster:Cluster";
const where = { location: "us-central1" };

describe("the emulated Google Cloud", () => {
    let desk: Desk;

    beforeEach(() => {
        desk = new Desk(new World(), gcp, { project: "acme" });
    });

    it("keeps a network while something is in it, by its path and by its name", async () => {
        const network = await desk.make("gcp:compute/network:Network", { name: "central" });
        assert.equal(network.id, "projects/acme/global/networks/central");
        for (const [type, inputs] of [
            ["gcp:compute/subnetwork:Subnetwork", { name: "s", region: "us-central1" }],
            ["gcp:compute/firewall:Firewall", { name: "f" }],
            ["gcp:compute/router:Router", { name: "r", region: "us-central1" }],
            [clusterType, { ...where, name: "c", deletionProtection: false }],
        ] as const) {
            for (const by of [network.id, "central"]) {
                const inside = await desk.make(type, { ...inputs, network: by });
                await assert.rejects(desk.remove(network), new RegExp(`${type} projects/acme/.* uses it`));
                await desk.remove(inside);
            }
        }
        await desk.remove(network);
    });

    it("keeps a network, an address and a policy while a controller's rule uses them", async () => {
        const network = await desk.make("gcp:compute/network:Network", { name: "central" });
        const address = await desk.make("gcp:compute/globalAddress:GlobalAddress", { name: "entry" });
        const policy = await desk.make("gcp:compute/sSLPolicy:SSLPolicy", { name: "strict" });
        const rule = desk.world.add({ place: "gcp", type: "gcp:forwardingRule", id: "k8s-fr-1", urn: undefined, inputs: { network: network.id, address: "entry", sslPolicy: "strict" }, outputs: {} });
        for (const each of [network, address, policy]) {
            await assert.rejects(desk.remove(each), /gcp:forwardingRule k8s-fr-1 uses it/);
        }
        desk.world.remove(rule);
        for (const each of [network, address, policy]) {
            await desk.remove(each);
        }
    });

    it("keeps a subnetwork while a cluster is in it", async () => {
        const subnetwork = await desk.make("gcp:compute/subnetwork:Subnetwork", { name: "s", region: "us-central1" });
        const cluster = await desk.make(clusterType, { ...where, name: "c", subnetwork: subnetwork.id, deletionProtection: false });
        await assert.rejects(desk.remove(subnetwork), /Cluster .* uses it/);
        await desk.remove(cluster);
        await desk.remove(subnetwork);
    });

    it("protects a cluster unless it is told not to", async () => {
        const inputs: Properties = { ...where, name: "central" };
        const cluster = await desk.make(clusterType, inputs);
        await assert.rejects(desk.remove(cluster), /can't be deleted: deletion protection is on/);
        await desk.change(cluster, { deletionProtection: true });
        await assert.rejects(desk.remove(cluster), /deletion protection is on/);
        await desk.change(cluster, { deletionProtection: false });
        await desk.remove(cluster);
    });

    it("takes pools of nodes with their cluster, and no others", async () => {
        const cluster = await desk.make(clusterType, { ...where, name: "central", deletionProtection: false });
        const own = await desk.make("gcp:container/nodePool:NodePool", { ...where, name: "general", cluster: "central" });
        const other = await desk.make("gcp:container/nodePool:NodePool", { ...where, name: "general", cluster: "west" }, "other");
        await desk.remove(cluster);
        assert.deepEqual([desk.has(own), desk.has(other)], [false, true]);
    });

    it("never lets go of keys and their rings, and refuses their names from then on", async () => {
        const ring = await desk.make("gcp:kms/keyRing:KeyRing", { ...where, name: "central" });
        const key = await desk.make("gcp:kms/cryptoKey:CryptoKey", { keyRing: ring.id, name: "secrets" });
        await desk.remove(key);
        await desk.remove(ring);
        assert.deepEqual([desk.has(ring), desk.has(key)], [true, true]);
        await assert.rejects(desk.make("gcp:kms/keyRing:KeyRing", { ...where, name: "central" }, "again"), /exists already/);
        await assert.rejects(desk.make("gcp:kms/cryptoKey:CryptoKey", { keyRing: ring.id, name: "secrets" }, "again"), /exists already/);
    });

    it("has no way out of a router that is not there", async () => {
        const nat = { region: "us-central1", router: "r", name: "nat" };
        await assert.rejects(desk.make("gcp:compute/routerNat:RouterNat", nat), /there is no router r/);
        await desk.make("gcp:compute/router:Router", { name: "r", region: "us-central1" });
        const made = await desk.make("gcp:compute/routerNat:RouterNat", nat);
        assert.equal((await desk.provider.read(made.asked, "projects/acme/regions/us-central1/routers/r/nat"))?.id, "acme/us-central1/r/nat");
    });

    it("refuses a name that is taken, in one project", async () => {
        await desk.make("gcp:serviceaccount/account:Account", { accountId: "central-nodes" });
        await assert.rejects(desk.make("gcp:serviceaccount/account:Account", { accountId: "central-nodes" }, "twin"), /exists already/);
        await desk.make("gcp:serviceaccount/account:Account", { accountId: "central-nodes", project: "other" }, "elsewhere");
    });

    it("gives a role to someone twice without harm", async () => {
        const inputs = { project: "acme", role: "roles/viewer", member: "user:a@example.com" };
        await desk.make("gcp:projects/iAMMember:IAMMember", inputs);
        const again = await desk.make("gcp:projects/iAMMember:IAMMember", inputs, "again");
        assert.equal(desk.world.all().length, 1);
        assert.equal((await desk.provider.read(again.asked, "acme roles/viewer user:a@example.com"))?.id, again.id);
    });

    it("keeps the address of a cluster and of a name through changes", async () => {
        const cluster = await desk.make(clusterType, { ...where, name: "central" });
        const address = await desk.make("gcp:compute/globalAddress:GlobalAddress", { name: "entry" });
        assert.notEqual(cluster.outputs["endpoint"], address.outputs["address"]);
        assert.equal((await desk.change(cluster, { minMasterVersion: "1.36" }))["endpoint"], cluster.outputs["endpoint"]);
        assert.equal((await desk.change(address, { labels: {} }))["address"], address.outputs["address"]);
    });
});
