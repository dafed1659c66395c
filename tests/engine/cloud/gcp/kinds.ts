import type { Properties } from "../../provider/wire";
import { emptied } from "../kubernetes/emptied";
import { type Kind, type Kinds, type Making, text } from "../kind";

/** Type of a forwarding rule that a controller of a cluster made, with the groups of endpoints behind it. */
export const forwardingRule = "gcp:forwardingRule";

/** Project of what is made: its own, else its provider's. */
function projectOf({ inputs, settings }: Pick<Making, "inputs" | "settings">): string {
    return text(inputs, "project") || text(settings, "project");
}

/** Something of Compute Engine: in a region, or global. Its id is its path (https://cloud.google.com/apis/design/resource_names). */
function compute(collection: string, rules: Kind = {}): Kind {
    return {
        id: making => {
            const region = text(making.inputs, "region");
            return `projects/${projectOf(making)}/${region === "" ? "global" : `regions/${region}`}/${collection}/${text(making.inputs, "name")}`;
        },
        ...rules,
        outputs: making => ({ selfLink: `https://www.googleapis.com/compute/v1/${making.id}`, ...rules.outputs?.(making) }),
    };
}

/** An IP address that is made of a number. */
export function address(number: number): string {
    return `34.${100 + (number >> 16) % 100}.${(number >> 8) % 256}.${number % 256}`;
}

function accountOutputs(email: string): Properties {
    return { email, member: `serviceAccount:${email}` };
}

/** A role that someone has on something: giving it again changes nothing. */
function member(of: string): Kind {
    return {
        id: ({ inputs }) => [of, "role", "member"].map(property => text(inputs, property)).join("/"),
        importedBy: ({ inputs }) => [of, "role", "member"].map(property => text(inputs, property)).join(" "),
        repeatable: () => true,
    };
}

const cluster: Kind = {
    id: making => `projects/${projectOf(making)}/locations/${text(making.inputs, "location")}/clusters/${text(making.inputs, "name")}`,
    outputs: ({ world, place, type, id, inputs }) => ({
        endpoint: world.get(place, type, id)?.outputs["endpoint"] ?? address(world.nextNumber()),
        masterAuth: { clusterCaCertificate: Buffer.from(`authority of ${id}`).toString("base64"), clientCertificate: "", clientKey: "" },
        masterVersion: inputs["minMasterVersion"],
        selfLink: `https://container.googleapis.com/v1/${id}`,
    }),
    holds: ({ inputs }) => (inputs["deletionProtection"] === false ? undefined : "deletion protection is on"),
    goes: (thing, world) => {
        emptied(world, `https://${text(thing.outputs, "endpoint")}`);
        world.ofType("gcp:container/nodePool:NodePool").filter(({ inputs }) => inputs["cluster"] === thing.inputs["name"]).forEach(pool => {
            world.remove(pool);
        });
    },
};

/** A network is in use while something is in it (https://cloud.google.com/vpc/docs/create-modify-vpc-networks#delete_a_network). */
const inNetwork = [
    ...["compute/subnetwork:Subnetwork", "compute/firewall:Firewall", "compute/router:Router", "container/cluster:Cluster"].map(type => ({ type: `gcp:${type}`, through: "network" })),
    { type: forwardingRule, through: "network" },
];

/** Google Cloud's types of resources. */
export const gcpKinds: Kinds = {
    "gcp:compute/network:Network": compute("networks", { heldBy: inNetwork }),
    "gcp:compute/subnetwork:Subnetwork": compute("subnetworks", { heldBy: [{ type: "gcp:container/cluster:Cluster", through: "subnetwork" }] }),
    "gcp:compute/firewall:Firewall": compute("firewalls"),
    "gcp:compute/router:Router": compute("routers"),
    "gcp:compute/routerNat:RouterNat": {
        id: making => `${projectOf(making)}/${text(making.inputs, "region")}/${text(making.inputs, "router")}/${text(making.inputs, "name")}`,
        importedBy: ({ id }) => {
            const [project, region, router, name] = id.split("/");
            return `projects/${project ?? ""}/regions/${region ?? ""}/routers/${router ?? ""}/${name ?? ""}`;
        },
        refuse: ({ world, inputs }) => (world.ofType("gcp:compute/router:Router").some(router => router.inputs["name"] === inputs["router"]) ? undefined : `there is no router ${text(inputs, "router")}`),
    },
    "gcp:compute/globalAddress:GlobalAddress": compute("addresses", {
        outputs: ({ world, place, type, id }) => ({ address: world.get(place, type, id)?.outputs["address"] ?? address(world.nextNumber()) }),
        heldBy: [{ type: forwardingRule, through: "address" }],
    }),
    "gcp:compute/sSLPolicy:SSLPolicy": compute("sslPolicies", { heldBy: [{ type: forwardingRule, through: "sslPolicy" }] }),
    "gcp:container/cluster:Cluster": cluster,
    "gcp:container/nodePool:NodePool": {
        id: making => `projects/${projectOf(making)}/locations/${text(making.inputs, "location")}/clusters/${text(making.inputs, "cluster")}/nodePools/${text(making.inputs, "name")}`,
    },
    // Neither key rings nor keys can be deleted (https://cloud.google.com/kms/docs/object-hierarchy#key_ring_resource).
    "gcp:kms/keyRing:KeyRing": { id: making => `projects/${projectOf(making)}/locations/${text(making.inputs, "location")}/keyRings/${text(making.inputs, "name")}`, stays: true },
    "gcp:kms/cryptoKey:CryptoKey": { id: ({ inputs }) => `${text(inputs, "keyRing")}/cryptoKeys/${text(inputs, "name")}`, stays: true },
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": member("cryptoKeyId"),
    "gcp:projects/iAMMember:IAMMember": member("project"),
    "gcp:projects/service:Service": { id: ({ inputs }) => `${text(inputs, "project")}/${text(inputs, "service")}`, repeatable: () => true },
    "gcp:projects/serviceIdentity:ServiceIdentity": {
        id: ({ inputs }) => `projects/${text(inputs, "project")}/services/${text(inputs, "service")}`,
        repeatable: () => true,
        outputs: ({ inputs }) => accountOutputs(`service-1@${text(inputs, "service").split(".")[0] ?? ""}.iam.gserviceaccount.com`),
    },
    "gcp:serviceaccount/account:Account": {
        id: making => `projects/${projectOf(making)}/serviceAccounts/${text(making.inputs, "accountId")}@${projectOf(making)}.iam.gserviceaccount.com`,
        outputs: making => {
            const { id } = making;
            return { name: id, ...accountOutputs(id.split("/").at(-1) ?? "") };
        },
    },
};
