// What this can't prove: what the engine makes of an answer; the suites run it. It proves what goes over the wire, with the
// client of Pulumi's own protocol.
import assert from "node:assert/strict";
import { promisify } from "node:util";

import { type ServiceError, credentials, status } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";

import { aws } from "../cloud/aws/package";
import { Emulated } from "../cloud/emulated";
import { World } from "../cloud/world";
import { type ServedProvider, serveProvider } from "./serve";
import { type Properties, struct } from "./wire";

const type = "aws:ec2/vpc:Vpc";
const urn = `urn:pulumi:test::holdfast::${type}::it`;
const secret = (value: unknown): object => ({ [specialSigKey]: specialSecretSig, value });

describe("a provider that is served", () => {
    let world: World;
    let served: ServedProvider;
    let client: ResourceProviderClient;

    beforeEach(async () => {
        world = new World();
        served = await serveProvider("7.48.0", new Emulated(world, aws));
        client = new ResourceProviderClient(`127.0.0.1:${served.port}`, credentials.createInsecure());
        const request = new proto.ConfigureRequest();
        request.setArgs(struct({ region: "us-east-1" }));
        await promisify<proto.ConfigureRequest, proto.ConfigureResponse>(client.configure.bind(client))(request);
    });

    afterEach(() => {
        client.close();
        served.close();
    });

    function create(inputs: Properties, preview = false): Promise<proto.CreateResponse> {
        const request = new proto.CreateRequest();
        request.setUrn(urn);
        request.setType(type);
        request.setName("it");
        request.setPreview(preview);
        request.setProperties(struct(inputs));
        return promisify<proto.CreateRequest, proto.CreateResponse>(client.create.bind(client))(request);
    }

    function remove(id: string): Promise<Empty> {
        const request = new proto.DeleteRequest();
        request.setUrn(urn);
        request.setType(type);
        request.setId(id);
        return promisify<proto.DeleteRequest, Empty>(client.delete.bind(client))(request);
    }

    it("says which version it is", async () => {
        const info = await promisify<Empty, PluginInfo>(client.getPluginInfo.bind(client))(new Empty());
        assert.equal(info.getVersion(), "7.48.0");
    });

    it("makes, reads and removes, and its cloud has it", async () => {
        const made = await create({ cidrBlock: "10.0.0.0/16", tags: secret({ a: "1" }) });
        assert.deepEqual(world.all().map(({ id, inputs }) => [id, inputs]), [[made.getId(), { cidrBlock: "10.0.0.0/16", tags: { a: "1" } }]]);
        const outputs = made.getProperties()?.toJavaScript() ?? {};
        assert.match(JSON.stringify(outputs["arn"]), /^"arn:aws:ec2:us-east-1:/);
        assert.deepEqual(outputs["tags"], secret({ a: "1" }));
        const request = new proto.ReadRequest();
        request.setUrn(urn);
        request.setType(type);
        request.setId(made.getId());
        const read = promisify<proto.ReadRequest, proto.ReadResponse>(client.read.bind(client));
        assert.equal((await read(request)).getId(), made.getId());
        await remove(made.getId());
        assert.equal((await read(request)).getId(), "");
    });

    it("makes nothing in a preview", async () => {
        assert.equal((await create({}, true)).getId(), "");
        assert.deepEqual(world.all(), []);
    });

    it("says what is wrong with inputs", async () => {
        const request = new proto.CheckRequest();
        request.setUrn(urn);
        request.setType(type);
        request.setNews(struct({ cidrBlok: "10.0.0.0/16" }));
        const checked = await promisify<proto.CheckRequest, proto.CheckResponse>(client.check.bind(client))(request);
        assert.deepEqual(checked.getFailuresList().map(failure => failure.toObject()), [{ property: "cidrBlok", reason: "is no property of it; did you mean cidrBlock?" }]);
    });

    it("says what differs, and what that replaces", async () => {
        const request = new proto.DiffRequest();
        request.setUrn(urn);
        request.setType(type);
        request.setOldInputs(struct({ cidrBlock: "10.0.0.0/16" }));
        request.setNews(struct({ cidrBlock: "10.1.0.0/16", enableDnsSupport: true }));
        const diff = promisify<proto.DiffRequest, proto.DiffResponse>(client.diff.bind(client));
        const differs = await diff(request);
        assert.deepEqual([differs.getDiffsList(), differs.getReplacesList(), differs.getDeletebeforereplace()], [["cidrBlock", "enableDnsSupport"], ["cidrBlock"], false]);
        assert.equal(differs.getChanges(), proto.DiffResponse.DiffChanges.DIFF_SOME);
        request.setNews(request.getOldInputs());
        assert.equal((await diff(request)).getChanges(), proto.DiffResponse.DiffChanges.DIFF_NONE);
    });

    it("passes a refusal on in its own words", async () => {
        const made = await create({});
        world.add({ place: "aws", type: "aws:networkInterface", id: "eni-1", urn: undefined, inputs: { vpcId: made.getId() }, outputs: {} });
        await assert.rejects(remove(made.getId()), { code: status.UNKNOWN, details: `${type} ${made.getId()} can't be deleted: aws:networkInterface eni-1 uses it` });
    });

    it("says beside a failure what was made all the same", async () => {
        world.interference = (_call, moment) => {
            if (moment === "made") {
                throw new Error("the cloud stumbled");
            }
        };
        const error: unknown = await create({ cidrBlock: "10.0.0.0/16" }).catch((caught: unknown) => caught);
        const [bytes] = (error as ServiceError).metadata.get("grpc-status-details-bin");
        assert.ok(bytes instanceof Buffer);
        const [detail] = Status.deserializeBinary(bytes).getDetailsList();
        assert.equal(detail?.getTypeUrl(), "type.googleapis.com/pulumirpc.ErrorResourceInitFailed");
        const made = proto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
        assert.deepEqual([made.getId(), made.getReasonsList(), made.getInputs()?.toJavaScript()], [world.all()[0]?.id, ["the cloud stumbled"], { cidrBlock: "10.0.0.0/16" }]);
    });

    it("says nothing was made where nothing was", async () => {
        world.interference = () => {
            throw new Error("the cloud is away");
        };
        const error: unknown = await create({}).catch((caught: unknown) => caught);
        assert.equal((error as ServiceError).details, "the cloud is away");
        assert.deepEqual((error as ServiceError).metadata.get("grpc-status-details-bin"), []);
        assert.deepEqual(world.all(), []);
    });

    it("tells connections apart: each has settings of its own", async () => {
        const other = new ResourceProviderClient(`127.0.0.1:${served.port}`, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
        try {
            const request = new proto.ConfigureRequest();
            request.setArgs(struct({ region: "us-west-2" }));
            await promisify<proto.ConfigureRequest, proto.ConfigureResponse>(other.configure.bind(other))(request);
            const made = await create({});
            assert.match(JSON.stringify(made.getProperties()?.toJavaScript()["arn"]), /:us-east-1:/);
        } finally {
            other.close();
        }
    });
});
