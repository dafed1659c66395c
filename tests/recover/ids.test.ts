// What this can't prove: that clouds and providers take these ids: each format is from the source that stands beside it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Identity, identityOf, settingsToLook } from "../../recover/ids";
import type { Properties } from "../../recover/state";
import { everyPlan } from "../plan/change/everyPlan";
import { answer, idOf, lookupOf, refs, sought } from "./support";

/** How a type is found. Fails where nobody knows. */
function identity(type: string): Identity {
    const found = identityOf(type);
    assert.ok(found !== undefined, type);
    return found;
}

/** Types with the inputs that tell an id, and the id. */
const told: readonly (readonly [type: string, inputs: Properties, id: string | undefined])[] = [
    ["aws:cloudwatch/logGroup:LogGroup", { name: "/aws/eks/east/cluster" }, "/aws/eks/east/cluster"],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", { name: "hold-4f2", region: "us-east-1" }, "hold-4f2"],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", { name: "hold-4f2", region: "eu-west-1" }, "hold-4f2@eu-west-1"],
    ["aws:cloudwatch/eventRule:EventRule", { name: "latch-1" }, "latch-1"],
    ["aws:cloudwatch/eventTarget:EventTarget", { rule: "latch-1", targetId: "machine" }, "latch-1/machine"],
    ["aws:cloudwatch/eventTarget:EventTarget", { rule: "latch-1" }, undefined],
    ["aws:ec2/route:Route", { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-1" }, "rtb-1_0.0.0.0/0"],
    ["aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId: "subnet-1", routeTableId: "rtb-1" }, "subnet-1/rtb-1"],
    ["aws:eks/accessEntry:AccessEntry", { clusterName: "east", principalArn: "arn:aws:iam::1:role/x" }, "east:arn:aws:iam::1:role/x"],
    ["aws:eks/accessPolicyAssociation:AccessPolicyAssociation", { clusterName: "east", principalArn: "arn:p", policyArn: "arn:q" }, "east#arn:p#arn:q"],
    ["aws:eks/addon:Addon", { clusterName: "east", addonName: "coredns" }, "east:coredns"],
    ["aws:eks/cluster:Cluster", { name: "holdfast-prod-east" }, "holdfast-prod-east"],
    ["aws:eks/nodeGroup:NodeGroup", { clusterName: "east", nodeGroupName: "general-a" }, "east:general-a"],
    ["aws:iam/role:Role", { name: "east-node-1a2b3c4" }, "east-node-1a2b3c4"],
    ["aws:iam/rolePolicy:RolePolicy", { role: "r", name: "p" }, "r:p"],
    ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "r", policyArn: "arn:aws:iam::aws:policy/P" }, "r/arn:aws:iam::aws:policy/P"],
    ["aws:route53/record:Record", { zoneId: "Z1", name: "_A.shop.example.com.", type: "CNAME" }, "Z1__a.shop.example.com_CNAME"],
    ["aws:route53/record:Record", { zoneId: "Z1", name: "shop.example.com", type: "A", setIdentifier: "primary" }, "Z1_shop.example.com_A_primary"],
    ["aws:s3/bucketVersioning:BucketVersioning", { bucket: "backups-1", region: "us-east-1" }, "backups-1"],
    ["gcp:compute/network:Network", { name: "n-1" }, "projects/acme-prod/global/networks/n-1"],
    ["gcp:compute/sSLPolicy:SSLPolicy", { name: "s-1", project: "other" }, "projects/other/global/sslPolicies/s-1"],
    ["gcp:compute/subnetwork:Subnetwork", { name: "s-1", region: "europe-west1" }, "projects/acme-prod/regions/europe-west1/subnetworks/s-1"],
    ["gcp:compute/routerNat:RouterNat", { name: "t-1", router: "r-1" }, "projects/acme-prod/regions/us-central1/routers/r-1/t-1"],
    ["gcp:container/cluster:Cluster", { name: "c-1", location: "us-central1" }, "projects/acme-prod/locations/us-central1/clusters/c-1"],
    ["gcp:container/nodePool:NodePool", { name: "p-1", location: "us-central1", cluster: "projects/acme-prod/locations/us-central1/clusters/c-1" }, "projects/acme-prod/locations/us-central1/clusters/c-1/nodePools/p-1"],
    ["gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", { workloadIdentityPoolId: "w", workloadIdentityPoolProviderId: "k" }, "projects/acme-prod/locations/global/workloadIdentityPools/w/providers/k"],
    ["gcp:kms/cryptoKey:CryptoKey", { keyRing: "projects/p/locations/l/keyRings/r", name: "k" }, "projects/p/locations/l/keyRings/r/cryptoKeys/k"],
    ["gcp:kms/keyRing:KeyRing", { name: "r", location: "us-central1" }, "projects/acme-prod/locations/us-central1/keyRings/r"],
    ["gcp:projects/iAMMember:IAMMember", { role: "roles/x", member: "serviceAccount:a@b" }, "acme-prod roles/x serviceAccount:a@b"],
    ["gcp:projects/service:Service", { service: "container.googleapis.com" }, "acme-prod/container.googleapis.com"],
    ["gcp:serviceaccount/account:Account", { accountId: "central-n-1" }, "projects/acme-prod/serviceAccounts/central-n-1@acme-prod.iam.gserviceaccount.com"],
    ["gcp:storage/bucketIAMMember:BucketIAMMember", { bucket: "b", role: "roles/x", member: "m", condition: { title: "Results of restores" } }, "b/b roles/x m Results of restores"],
    ["kubernetes:core/v1:ConfigMap", { metadata: { namespace: "shop", name: "shop-1f2e" } }, "shop/shop-1f2e"],
    ["kubernetes:core/v1:Namespace", { metadata: { name: "shop" } }, "shop"],
    ["kubernetes:core/v1:Namespace", { metadata: {} }, undefined],
    ["kubernetes:velero.io/v1:Schedule", { metadata: { namespace: "velero", name: "daily" } }, "velero/daily"],
    ["kubernetes:helm.sh/v3:Release", { namespace: "kube-system", name: "aws-load-balancer-controller" }, "kube-system/aws-load-balancer-controller"],
];

describe("ids that inputs tell", () => {
    for (const [type, inputs, id] of told) {
        it(`${type}: ${id ?? `nothing, by ${JSON.stringify(inputs)}`}`, () => {
            assert.equal(idOf(identity(type), sought(type, "x", inputs)), id);
        });
    }
});

const tagging = "aws:resourcegroupstaggingapi/getResources:getResources";

/** Types with an ARN, and the id that follows from it. */
const tagged: readonly (readonly [type: string, arn: string, id: string])[] = [
    ["aws:acm/certificate:Certificate", "arn:aws:acm:us-east-1:1:certificate/c", "arn:aws:acm:us-east-1:1:certificate/c"],
    ["aws:ec2/eip:Eip", "arn:aws:ec2:us-east-1:1:elastic-ip/eipalloc-1", "eipalloc-1"],
    ["aws:ec2/flowLog:FlowLog", "arn:aws:ec2:us-east-1:1:vpc-flow-log/fl-1", "fl-1"],
    ["aws:ec2/internetGateway:InternetGateway", "arn:aws:ec2:us-east-1:1:internet-gateway/igw-1", "igw-1"],
    ["aws:ec2/launchTemplate:LaunchTemplate", "arn:aws:ec2:us-east-1:1:launch-template/lt-1", "lt-1"],
    ["aws:ec2/natGateway:NatGateway", "arn:aws:ec2:us-east-1:1:natgateway/nat-1", "nat-1"],
    ["aws:ec2/routeTable:RouteTable", "arn:aws:ec2:us-east-1:1:route-table/rtb-1", "rtb-1"],
    ["aws:ec2/securityGroup:SecurityGroup", "arn:aws:ec2:us-east-1:1:security-group/sg-1", "sg-1"],
    ["aws:ec2/subnet:Subnet", "arn:aws:ec2:us-east-1:1:subnet/subnet-1", "subnet-1"],
    ["aws:ec2/vpc:Vpc", "arn:aws:ec2:us-east-1:1:vpc/vpc-1", "vpc-1"],
    ["aws:ec2/vpcEndpoint:VpcEndpoint", "arn:aws:ec2:us-east-1:1:vpc-endpoint/vpce-1", "vpce-1"],
    ["aws:eks/podIdentityAssociation:PodIdentityAssociation", "arn:aws:eks:us-east-1:1:podidentityassociation/east/a-1", "east,a-1"],
    ["aws:kms/key:Key", "arn:aws:kms:us-east-1:1:key/12-ab", "12-ab"],
    ["aws:route53/healthCheck:HealthCheck", "arn:aws:route53:::healthcheck/34-cd", "34-cd"],
    ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "arn:aws:ec2:us-east-1:1:security-group-rule/sgr-1", "sgr-1"],
];

describe("ids that AWS tells by a tag", () => {
    const label = "holdfast/prod/east-network";
    const withLabel = (name: string): Properties => ({ tags: { "holdfast:resource": `holdfast/prod/${name}` } });

    for (const [type, arn, id] of tagged) {
        it(`${type}: ${id}`, () => {
            const lookup = lookupOf(identity(type));
            const one = sought(type, "east-network", withLabel("east-network"));
            const [question] = lookup.questions([one]);
            assert.deepEqual(question, { provider: refs.aws, token: tagging, args: { tagFilters: [{ key: "holdfast:resource", values: [label] }] } });
            const found = tagged.map(([, resourceArn]) => ({ resourceArn, tags: { "holdfast:resource": label } }));
            const strangers = [{ resourceArn: `${arn}9`, tags: { "holdfast:resource": "holdfast/test/east-network" } }, { resourceArn: `${arn}8`, tags: { Name: "east-network" } }];
            assert.deepEqual(lookup.ids(one, [answer(question, { resourceTagMappingLists: [...found, ...strangers] })]), [id]);
        });
    }

    it("are asked for in one call for each provider, of twenty tags at most", () => {
        const lookup = lookupOf(identity("aws:ec2/subnet:Subnet"));
        const many = Array.from({ length: 21 }, (_, index) => sought("aws:ec2/subnet:Subnet", `subnet-${index}`, withLabel(`subnet-${index}`)));
        const elsewhere = { ...sought("aws:ec2/vpc:Vpc", "west", withLabel("west")), provider: { ref: "another", settings: {} } };
        const questions = lookup.questions([...many, sought("aws:ec2/routeTable:RouteTable", "subnet-0", withLabel("subnet-0")), elsewhere]);
        const values = ({ args }: (typeof questions)[number]): number => (args as { tagFilters: [{ values: string[] }] }).tagFilters[0].values.length;
        assert.deepEqual(questions.map(question => [question.provider, values(question)]), [[refs.aws, 20], [refs.aws, 1], ["another", 1]]);
    });

    it("are not taken from another provider's answer, nor from another question's", () => {
        const lookup = lookupOf(identity("aws:ec2/vpc:Vpc"));
        const one = sought("aws:ec2/vpc:Vpc", "east-network", withLabel("east-network"));
        const result = { resourceTagMappingLists: [{ resourceArn: "arn:aws:ec2:us-east-1:1:vpc/vpc-1", tags: { "holdfast:resource": label } }] };
        const args = {};
        assert.deepEqual(lookup.ids(one, [answer({ provider: "another", token: tagging, args }, result), answer({ provider: refs.aws, token: "other", args }, result)]), []);
    });

    it("can't be found by it where the tag was not asked for", () => {
        const lookup = lookupOf(identity("aws:ec2/vpc:Vpc"));
        assert.equal(lookup.hindrance?.(sought("aws:ec2/vpc:Vpc", "v", withLabel("v"))), undefined);
        assert.equal(lookup.hindrance?.(sought("aws:ec2/vpc:Vpc", "v", { tagsAll: withLabel("v")["tags"] })), undefined);
        assert.match(lookup.hindrance?.(sought("aws:ec2/vpc:Vpc", "v", { tags: { Name: "v" } })) ?? "", /without the tag holdfast:resource: look for it/);
    });

    it("are none where AWS lists nothing, and all where it lists several", () => {
        const lookup = lookupOf(identity("aws:ec2/vpc:Vpc"));
        const one = sought("aws:ec2/vpc:Vpc", "east-network", withLabel("east-network"));
        const [question] = lookup.questions([one]);
        assert.ok(question !== undefined);
        assert.deepEqual(lookup.ids(one, [answer(question, { resourceTagMappingLists: [] })]), []);
        const two = ["vpc-1", "vpc-2", "vpc-1"].map(id => ({ resourceArn: `arn:aws:ec2:us-east-1:1:vpc/${id}`, tags: { "holdfast:resource": label } }));
        assert.deepEqual(lookup.ids(one, [answer(question, { resourceTagMappingLists: two })]), ["vpc-1", "vpc-2"]);
    });
});

describe("ids that hold the account", () => {
    const caller = { arn: "arn:aws-cn:sts::123456789012:assumed-role/deployer/me", accountId: "123456789012" };
    const cases: readonly (readonly [string, Properties, readonly string[]])[] = [
        ["aws:iam/openIdConnectProvider:OpenIdConnectProvider", { url: "https://oidc.example.com/id/1" }, ["arn:aws-cn:iam::123456789012:oidc-provider/oidc.example.com/id/1"]],
        ["aws:sfn/stateMachine:StateMachine", { name: "latch-1", region: "eu-west-1" }, ["arn:aws-cn:states:eu-west-1:123456789012:stateMachine:latch-1"]],
        ["aws:sfn/stateMachine:StateMachine", { name: "latch-1" }, ["arn:aws-cn:states:us-east-1:123456789012:stateMachine:latch-1"]],
        ["aws:sfn/stateMachine:StateMachine", {}, []],
    ];

    for (const [type, inputs, ids] of cases) {
        it(`${type} by ${JSON.stringify(inputs)}`, () => {
            const lookup = lookupOf(identity(type));
            const one = sought(type, "x", inputs);
            const questions = lookup.questions([one, one]);
            assert.deepEqual(questions, [{ provider: refs.aws, token: "aws:index/getCallerIdentity:getCallerIdentity", args: {} }]);
            assert.deepEqual(lookup.ids(one, questions.map(question => answer(question, caller))), ids);
        });
    }
});

describe("what is known of what was found", () => {
    it("keeps a cluster of EKS from being replaced for what EKS does not tell", () => {
        const inputs = { bootstrapSelfManagedAddons: false, accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false } };
        const read = { name: "east", accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true }, __pulumi_raw_state_delta: {}, __meta: "{}" };
        assert.deepEqual(identity("aws:eks/cluster:Cluster").completed?.(read, inputs), {
            name: "east",
            bootstrapSelfManagedAddons: false,
            accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
            __meta: "{}",
        });
    });

    it("waits for a cluster and its nodes while they are made, and gives up on failed ones", () => {
        const { settling, flaw } = identity("aws:eks/cluster:Cluster");
        assert.deepEqual(["CREATING", "ACTIVE", "UPDATING", "FAILED"].map(status => settling?.({ status })), ["CREATING", undefined, undefined, undefined]);
        assert.match(flaw?.({ status: "FAILED" }) ?? "", /FAILED: delete it/);
        assert.equal(flaw?.({ status: "ACTIVE" }), undefined);
        assert.equal(identity("aws:eks/nodeGroup:NodeGroup").settling?.({ status: "CREATING" }), "CREATING");
        assert.equal(identity("aws:ec2/vpcEndpoint:VpcEndpoint").settling?.({ state: "pending" }), "pending");
    });

    it("knows an object of Kubernetes that Pulumi did not make", () => {
        const { owner } = identity("kubernetes:core/v1:ConfigMap");
        const by = (...managers: readonly string[]): Properties => ({ metadata: { managedFields: managers.map(manager => ({ manager, operation: "Apply" })) } });
        assert.deepEqual(owner?.(by("kubectl"), {}), { foreign: "an object of the name is there, and Pulumi did not make it" });
        assert.equal(owner(by("kubectl", "pulumi-kubernetes-1a2b"), {}), "ours");
        assert.equal(owner({ metadata: {} }, {}), "unknown");
        assert.equal(owner({ metadata: {} }, { metadata: { annotations: { "pulumi.com/autonamed": "true" } } }), "ours");
    });

    it("knows by the tag whose something of AWS is, where it was to have one", () => {
        const { owner } = identity("aws:eks/cluster:Cluster");
        const tags = (label: string): Properties => ({ tags: { "holdfast:resource": label } });
        assert.equal(owner?.(tags("holdfast/prod/east"), tags("holdfast/prod/east")), "ours");
        assert.equal(owner({ tagsAll: tags("holdfast/prod/east")["tags"] }, tags("holdfast/prod/east")), "ours");
        assert.deepEqual(owner(tags("holdfast/test/east"), tags("holdfast/prod/east")), { foreign: "one of the name is there, and its tag holdfast:resource is holdfast/test/east: it belongs to others" });
        assert.deepEqual(owner({}, tags("holdfast/prod/east")), { foreign: "one of the name is there, and its tag holdfast:resource is missing: it belongs to others" });
        assert.equal(owner(tags("holdfast/test/east"), {}), "unknown");
        assert.equal(owner({}, { ...tags("holdfast/prod/east"), name: "east-1f", __defaults: ["name"] }), "ours");
    });

    it("goes on applying fields of an object under the name that made it", () => {
        const { completed } = identity("kubernetes:core/v1:ConfigMap");
        const metadata = { managedFields: [{ manager: "pulumi-kubernetes-1a2b", operation: "Apply" }, { manager: "kube-controller-manager", operation: "Update" }] };
        assert.deepEqual(completed?.({ metadata, __fieldManager: "pulumi-kubernetes-9z" }, {}), { metadata, __fieldManager: "pulumi-kubernetes-1a2b" });
        assert.deepEqual(completed({ metadata: {}, __fieldManager: "pulumi-kubernetes-9z" }, {}), { metadata: {}, __fieldManager: "pulumi-kubernetes-9z" });
    });

    it("says what to do about a Helm release that was cut short", () => {
        const { flaw } = identity("kubernetes:helm.sh/v3:Release");
        assert.match(flaw?.({ status: { status: "pending-install" } }) ?? "", /helm uninstall/);
        assert.equal(flaw?.({ status: { status: "deployed" } }), undefined);
    });

    it("takes what importers say of what is not there for that", () => {
        assert.match("No association found between route table ID rtb-1 and target ID subnet-1", identity("aws:ec2/routeTableAssociation:RouteTableAssociation").absent ?? /^$/);
        assert.match('Cannot find binding for "project \\"p\\"" with role "r"', identity("gcp:projects/iAMMember:IAMMember").absent ?? /^$/);
        assert.match("importing x: googleapi: Error 404: Not found", identity("gcp:container/cluster:Cluster").absent ?? /^$/);
    });
});

describe("the table of ids", () => {
    it("has an entry for every type that a plan may register", async function () {
        this.timeout(120_000);
        const resources = (await everyPlan()).flatMap(({ recording }) => recording.resources);
        const types = [...new Set(resources.filter(({ custom }) => custom).map(({ type }) => type))].filter(type => !type.startsWith("pulumi:"));
        assert.ok(types.length > 100);
        assert.deepEqual(types.filter(type => identityOf(type) === undefined), []);
    });

    it("knows no other type", () => {
        assert.equal(identityOf("aws:ec2/instance:Instance"), undefined);
        assert.equal(identityOf("gcp:sql/databaseInstance:DatabaseInstance"), undefined);
        assert.equal(identityOf("azure:core/resourceGroup:ResourceGroup"), undefined);
    });
});

describe("settings of a provider for a look from another folder", () => {
    const strict = { deleteUnreachable: "false", skipUpdateUnreachable: "false" };
    let folder = "";
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-settings-"));
        writeFileSync(join(folder, "kubeconfig"), "{}");
    });
    after(() => {
        rmSync(folder, { recursive: true });
    });

    it("name a kubeconfig from the root", () => {
        assert.deepEqual(settingsToLook("kubernetes", { kubeconfig: "kubeconfig", context: "c" }, folder), { kubeconfig: join(folder, "kubeconfig"), context: "c", ...strict });
    });

    it("take a cluster that does not answer for no answer", () => {
        assert.deepEqual(settingsToLook("kubernetes", { deleteUnreachable: "true", skipUpdateUnreachable: "true" }, folder), strict);
    });

    it("are else as they were", () => {
        for (const kubeconfig of ["/etc/kubeconfig", "nothing-there", "apiVersion: v1\nkind: Config\n"]) {
            assert.deepEqual(settingsToLook("kubernetes", { kubeconfig }, folder), { kubeconfig, ...strict });
        }
        assert.deepEqual(settingsToLook("aws", { region: "us-east-1" }, folder), { region: "us-east-1" });
    });
});
