// What this cannot prove: that a doc is true. It proves that there is one for each key, and that the
// example in it is accepted.
import assert from "node:assert/strict";

import { z } from "zod";

import { configSchema, parseConfig } from "../../components/config";
import { type FieldDoc, docOf, optionsFor, schemaAt, shapeOf, unwrap } from "../../components/config/fields";
import { clusterConfigs, minimalApp } from "../support/plan";

interface Place {
    readonly path: string;
    readonly schema: z.core.$ZodType;
}

/** The schemas right below one: keys of an object, items of a list, values of a mapping, options of a union. */
function below({ path, schema }: Place): readonly Place[] {
    const inner = unwrap(schema);
    if (inner instanceof z.core.$ZodReadonly) {
        return below({ path, schema: inner._zod.def.innerType });
    }
    if (inner instanceof z.core.$ZodUnion) {
        return optionsFor(inner, undefined).flatMap(option => below({ path: `${path}${kindOf(option)}`, schema: option }));
    }
    if (inner instanceof z.core.$ZodArray) {
        return below({ path: `${path}[]`, schema: inner._zod.def.element });
    }
    if (inner instanceof z.core.$ZodRecord) {
        return below({ path: `${path}{}`, schema: inner._zod.def.valueType });
    }
    const keys = Object.entries(shapeOf(inner) ?? {}).map(([key, child]) => ({ path: path === "" ? key : `${path}.${key}`, schema: child }));
    return keys.flatMap(place => [place, ...below(place)]);
}

/** What tells an option of a union from the others: `<eks>`. */
function kindOf(option: z.core.$ZodType): string {
    const shape = shapeOf(option) ?? {};
    const literal = shape["kind"] ?? shape["mode"];
    return literal instanceof z.core.$ZodLiteral ? `<${literal._zod.def.values.join("|")}>` : "";
}

const places = below({ path: "", schema: configSchema });

function docAt(path: string): FieldDoc {
    const place = places.find(one => one.path === path);
    const doc = place === undefined ? undefined : docOf(place.schema);
    assert.ok(doc !== undefined, `there is no doc at ${path}`);
    return doc;
}

describe("every key of the config", () => {
    it("is walked: all kinds, unions, lists and mappings", () => {
        const paths = places.map(place => place.path);
        assert.ok(places.length > 120, `${places.length} keys`);
        for (const path of [
            "clusters[]<eks>.nodes<pools>.pools[].machine",
            "clusters[]<gke>.channel",
            "clusters[]<existing>.kubeconfig",
            "app.jobs[].resources.cpu",
            "app.ingress.tls.issuer",
            "app.scheduling.tolerations[].effect",
            "failover.failback.holdMinutes",
            "failover.members[].stack",
        ]) {
            assert.ok(paths.includes(path), `${path} is not among them`);
        }
    });

    for (const { path, schema } of places) {
        it(`${path} says what it means and what is allowed, with an example that is accepted`, () => {
            const doc = docOf(schema);
            assert.ok(doc !== undefined, "there is no doc");
            assert.match(doc.about, /^\S.*\.$/);
            assert.ok(doc.allowed.length > 3);
            assert.notEqual(doc.example, undefined);
            const result = z.safeParse(schema, doc.example);
            assert.ok(result.success, `${JSON.stringify(doc.example)} is refused: ${JSON.stringify(result.error?.issues)}`);
        });
    }
});

describe("a doc belongs to its key alone, though keys share a form", () => {
    const expected: readonly (readonly [string, RegExp, unknown])[] = [
        ["clusters[]<eks>.name", /of the cluster/, "east"],
        ["clusters[]<eks>.nodes<pools>.pools[].name", /of the node pool/, "general"],
        ["app.name", /of the app/, "shop"],
        ["app.jobs[].name", /of the job/, "migrate"],
        ["app.state.volume", /volume claim/, "my-data"],
        ["failover.primary", /answers while it is healthy/, "east"],
        ["failover.members[].name", /of the cluster/, "east"],
        ["clusters[]<eks>.cidr", /cluster's network/, "10.16.0.0/16"],
        ["app.network.egress[].cidr", /may connect to/, "0.0.0.0/0"],
        ["app.image", /Container image/, "ghcr.io/stefanprodan/podinfo:6.9.2"],
        ["app.state.image", /Container image/, "docker.io/library/redis:8.2.1"],
        ["app.ingress.host", /users ask for/, "shop.example.com"],
        ["app.ingress.tls.zone", /proves a cloud-made certificate/, "example.com"],
        ["failover.domain", /reaches the app by/, "shop.example.com"],
        ["failover.zone", /hosted zone in Route 53/, "example.com"],
        ["app.files.mountPath", /Directory of the files/, "/etc/shop"],
        ["app.health.live", /process works/, "/healthz"],
        ["app.health.ready", /can serve/, "/readyz"],
        ["failover.check.path", /health checkers ask for/, "/readyz"],
        ["app.ingress.path", /Path prefix/, "/"],
    ];
    for (const [path, about, example] of expected) {
        it(path, () => {
            const doc = docAt(path);
            assert.match(doc.about, about);
            assert.deepEqual(doc.example, example);
        });
    }

    it("items of a list too: a block that may reach the API server", () => {
        const schema = schemaAt(configSchema, { clusters: [clusterConfigs.eks] }, ["clusters", 0, "apiAccess", 0]);
        assert.ok(schema !== undefined);
        assert.match(docOf(schema)?.about ?? "", /may reach the API server/);
    });
});

describe("the schema at a path", () => {
    const pools = { clusters: [{ kind: "eks", nodes: { mode: "pools" } }] };
    const found: readonly (readonly [unknown, readonly PropertyKey[]])[] = [
        [{}, ["app", "replicas", "min"]],
        [{}, ["failover", "failback", "holdMinutes"]],
        [{}, ["app", "env", "ANY"]],
        [pools, ["clusters", 0, "nodes", "pools", 0, "machine"]],
    ];
    for (const [value, keys] of found) {
        it(`is there for ${keys.join(".")}`, () => { assert.ok(schemaAt(configSchema, value, keys) !== undefined); });
    }

    const missing: readonly (readonly [unknown, readonly PropertyKey[]])[] = [
        [{}, ["nonsense"]],
        [{}, ["constructor"]],
        [{}, ["app", "toString"]],
        [{ clusters: [{ kind: "gke" }] }, ["clusters", 0, "admins"]],
        [{}, ["app", "port", "x"]],
    ];
    for (const [value, keys] of missing) {
        it(`is none for ${keys.join(".")}`, () => { assert.equal(schemaAt(configSchema, value, keys), undefined); });
    }
});

describe("the examples of whole sections", () => {
    it("make a config that is accepted", () => {
        const config = parseConfig({ clusters: docAt("clusters").example, app: docAt("app").example });
        assert.equal(config.clusters[0]?.kind, "existing");
        assert.equal(config.app?.name, "shop");
    });

    it("of failover fits two clusters", () => {
        const { failover } = parseConfig({ clusters: [clusterConfigs.eks, clusterConfigs.gke], app: minimalApp, failover: docAt("failover").example });
        assert.equal(failover?.primary, "east");
    });
});
