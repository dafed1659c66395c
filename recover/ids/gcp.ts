import { type Identity, type Sought, byInputs, byRepetition, joined, text } from "./identity";

/** What the API answers for what is not there; importers of clusters and of policies pass it on. */
const notFound = /Error 404/;

function project({ inputs, provider }: Sought): string | undefined {
    return text(inputs, "project") ?? text(provider.settings, "project");
}

function region({ inputs, provider }: Sought): string | undefined {
    return text(inputs, "region") ?? text(provider.settings, "region");
}

/** A thing of a project. Undefined as soon as one of the parts is missing. */
function path(...parts: readonly (string | undefined)[]): string | undefined {
    return joined("/", "projects", ...parts);
}

/** A thing of Compute Engine that is in no region. */
function global(collection: string): Identity {
    return byInputs(sought => path(project(sought), "global", collection, text(sought.inputs, "name")));
}

function regional(collection: string): Identity {
    return byInputs(sought => path(project(sought), "regions", region(sought), collection, text(sought.inputs, "name")));
}

/** The last part of a path, or all of what has none. */
function last(value: string | undefined): string | undefined {
    return value?.split("/").at(-1);
}

/**
 * A member of a role, in the policy of something: what it is, role, member, and the condition's title where there is one, with blanks
 * between (google/tpgiamresource/resource_iam_member.go of hashicorp/terraform-provider-google: `iamMemberImport`, also for how one that is
 * not there is told).
 */
function member(of: (sought: Sought) => string | undefined): Identity {
    return {
        ...byInputs(sought => {
            const { title } = (sought.inputs["condition"] ?? {}) as { readonly title?: string };
            return joined(" ", of(sought), text(sought.inputs, "role"), text(sought.inputs, "member"), ...(title === undefined ? [] : [title]));
        }),
        absent: new RegExp(`Cannot find binding|${notFound.source}`),
    };
}

function pool(sought: Sought): string | undefined {
    return path(project(sought), "locations", "global", "workloadIdentityPools", text(sought.inputs, "workloadIdentityPoolId"));
}

/**
 * How resources of Google Cloud are found again: all by names, which Pulumi has made up where the program gives none. Where nothing else is
 * said, formats of ids are those of each type's own documentation: "Import" in its .d.ts of @pulumi/gcp 9.37.0, in the longest form.
 * Importers of clusters and node pools wait until Google has made them.
 */
const table: Readonly<Record<string, Identity>> = {
    "gcp:compute/firewall:Firewall": global("firewalls"),
    "gcp:compute/globalAddress:GlobalAddress": global("addresses"),
    "gcp:compute/network:Network": global("networks"),
    "gcp:compute/router:Router": regional("routers"),
    "gcp:compute/routerNat:RouterNat": byInputs(sought => {
        const { inputs } = sought;
        return path(project(sought), "regions", region(sought), "routers", last(text(inputs, "router")), text(inputs, "name"));
    }),
    "gcp:compute/sSLPolicy:SSLPolicy": global("sslPolicies"),
    "gcp:compute/subnetwork:Subnetwork": regional("subnetworks"),
    "gcp:container/cluster:Cluster": {
        ...byInputs(sought => path(project(sought), "locations", text(sought.inputs, "location"), "clusters", text(sought.inputs, "name"))),
        absent: notFound,
    },
    // `resourceContainerNodePoolStateImporter` in google/services/container/resource_container_node_pool.go takes the whole path too.
    "gcp:container/nodePool:NodePool": {
        ...byInputs(sought => {
            const { inputs } = sought;
            return path(project(sought), "locations", text(inputs, "location"), "clusters", last(text(inputs, "cluster")), "nodePools", text(inputs, "name"));
        }),
        absent: notFound,
    },
    "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": byInputs(pool),
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": byInputs(sought => joined("/", pool(sought), "providers", text(sought.inputs, "workloadIdentityPoolProviderId"))),
    "gcp:kms/cryptoKey:CryptoKey": byInputs(({ inputs }) => joined("/", text(inputs, "keyRing"), "cryptoKeys", text(inputs, "name"))),
    // `ParseKmsCryptoKeyId` in google/services/kms/kms_utils.go takes the key's whole path.
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": member(({ inputs }) => text(inputs, "cryptoKeyId")),
    "gcp:kms/keyRing:KeyRing": byInputs(sought => path(project(sought), "locations", text(sought.inputs, "location"), "keyRings", text(sought.inputs, "name"))),
    // website/docs/r/google_project_iam.html.markdown.
    "gcp:projects/iAMMember:IAMMember": member(project),
    "gcp:projects/service:Service": byInputs(sought => joined("/", project(sought), text(sought.inputs, "service"))),
    // It can't be imported, says its documentation.
    "gcp:projects/serviceIdentity:ServiceIdentity": byRepetition("a project has one such account for a service, which is asked for"),
    // website/docs/r/google_service_account.html.markdown, and the address that Google gives an account
    // (https://docs.cloud.google.com/iam/docs/service-accounts-create).
    "gcp:serviceaccount/account:Account": byInputs(sought => {
        const email = joined("@", text(sought.inputs, "accountId"), joined(".", project(sought), "iam.gserviceaccount.com"));
        return path(project(sought), "serviceAccounts", email);
    }),
    "gcp:serviceaccount/iAMMember:IAMMember": member(({ inputs }) => text(inputs, "serviceAccountId")),
    // website/docs/r/storage_bucket.html.markdown.
    "gcp:storage/bucket:Bucket": byInputs(({ inputs }) => text(inputs, "name")),
    "gcp:storage/bucketIAMMember:BucketIAMMember": member(({ inputs }) => joined("/", "b", text(inputs, "bucket"))),
};

/** How resources of a type of Google Cloud's are found again; undefined for a type that is not in the table. */
export function gcpIdentity(type: string): Identity | undefined {
    return table[type];
}
