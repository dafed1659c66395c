// What this cannot prove: that Pulumi, a provider or a cloud keeps a secret out of its own messages.
import assert from "node:assert/strict";

import fc from "fast-check";

import { ConfigError, configSchema, formatProblem, parseConfig } from "../../components/config";
import { docOf, schemaAt } from "../../components/config/fields";
import { programConfig } from "../../components/config/load";
import { change, errorOf, full, local } from "./support";

const secret = "hunter2";

/** Ways to write a secret wrongly; each must be refused without showing it. */
const rows: readonly (readonly [title: string, raw: unknown])[] = [
    ["another secret is a number", change(full, "app.secrets", { API_TOKEN: secret, PIN: 5 })],
    ["under a name that no variable can have", change(full, "app.secrets", { "api-token": secret })],
    ["in a list", change(full, "app.secrets.API_TOKEN", [secret])],
    ["in a mapping", change(full, "app.secrets.API_TOKEN", { value: secret })],
    ["as the whole of secrets", change(full, "app.secrets", secret)],
    ["secrets as a list", change(full, "app.secrets", [{ name: "API_TOKEN", value: secret }])],
    ["under a misspelt secrets", change(full, "app.secret", { API_TOKEN: secret })],
    ["beside app", change(full, "secrets", { API_TOKEN: secret })],
    ["beside app, as text", change(full, "apiToken", secret)],
    ["app as a list", change(full, "app", [{ secrets: { API_TOKEN: secret } }])],
    ["the config as a list", [{ app: { secrets: { API_TOKEN: secret } } }]],
    ["a kubeconfig that is a mapping", change(local, "clusters[0].kubeconfig", { users: [{ token: secret }] })],
    ["a kubeconfig in a list", change(local, "clusters[0].kubeconfig", [secret])],
    ["a misspelt kubeconfig", change(local, "clusters[0].kubeConfig", secret)],
    ["a kubeconfig on another kind of cluster", change(full, "clusters[0].kubeconfig", secret)],
    ["a kubeconfig on a cluster without a kind", { clusters: [{ kubeconfig: secret }] }],
    ["a cluster in a list of its own", { clusters: [[{ kubeconfig: secret }]] }],
    ["a plain variable of a secret's name", change(full, "app.env.DB_PASSWORD", secret)],
    ["a plain variable of a secret's name, in a mapping", change(full, "app.env.DB_PASSWORD", { value: secret })],
    ["a variable both plain and secret", change(full, "app.env.API_TOKEN", secret)],
    ["all else is wrong", { clusters: [{ kind: "existing", kubeconfig: secret }], app: { secrets: { A: secret }, port: 1 }, failover: 5 }],
];

describe("secrets in errors", () => {
    for (const [title, raw] of rows) {
        it(`are not shown: ${title}`, () => {
            const error = errorOf(raw);
            assert.ok(!error.message.includes(secret), error.message);
            assert.ok(!error.problems.some(problem => formatProblem(problem).includes(secret)));
        });
    }

    it("a number is as secret as text", () => {
        const { message } = errorOf(change(full, "app.secrets.PIN", 914_237));
        assert.ok(!message.includes("914237"), message);
    });

    it("are not shown, whatever is put at their places", () => {
        const marker = "s3cr3t-marker";
        const holder = fc.letrec(tie => ({
            leaf: fc.constantFrom<unknown>(marker, `${marker}\n`, 1, null),
            node: fc.oneof({ depthSize: "small" }, tie("leaf"), fc.array(tie("node"), { maxLength: 3 }), fc.dictionary(fc.constantFrom("A", "b-c", "users"), tie("node"), { maxKeys: 3 })),
        })).node;
        const place = fc.constantFrom("app.secrets", "app.secrets.API_TOKEN", "app.secretz", "clusters[0].kubeconfig", "clusters[0].kubeconfg");
        let refused = 0;
        fc.assert(
            fc.property(place, holder, (path, value) => {
                const base = change(local, "app.secrets", { API_TOKEN: "x" });
                try {
                    parseConfig(change(base, path, value));
                } catch (error) {
                    assert.ok(error instanceof ConfigError);
                    assert.ok(!error.message.includes(marker), error.message);
                    refused++;
                }
            }),
            { numRuns: 300 },
        );
        assert.ok(refused > 50, "the inputs did not reach an error");
    });

    const texts: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
        ["a section that is text", { "holdfast:app": secret }],
        ["a section that is broken JSON", { "holdfast:app": `{"secrets":{"A":"${secret}"` }],
    ];
    for (const [title, config] of texts) {
        it(`are not shown by the reader: ${title}`, () => {
            assert.throws(
                () => programConfig(config),
                (error: unknown) => {
                    assert.ok(error instanceof ConfigError);
                    assert.ok(error.message.includes("holdfast:app: received "), error.message);
                    assert.ok(!error.message.includes(secret), error.message);
                    return true;
                },
            );
        });
    }

    it("an unknown key of the namespace is not shown: `pulumi config set --secret apiToken …`", () => {
        const { message } = errorOf(programConfig({ "holdfast:clusters": JSON.stringify(local.clusters), "holdfast:apiToken": secret }));
        assert.ok(message.includes("holdfast:apiToken: received "), message);
        assert.ok(!message.includes(secret), message);
    });
});

describe("places for secrets", () => {
    const places: readonly (readonly [readonly (string | number)[], boolean])[] = [
        [["app", "secrets"], true],
        [["clusters", 0, "kubeconfig"], true],
        [["app", "env"], false],
        [["app", "image"], false],
        [["clusters", 0, "context"], false],
    ];
    for (const [keys, expected] of places) {
        it(`${keys.join(".")} is ${expected ? "one" : "none"}`, () => {
            const schema = schemaAt(configSchema, { clusters: [{ kind: "existing" }] }, keys);
            assert.ok(schema !== undefined);
            assert.equal(docOf(schema)?.secret === true, expected);
        });
    }
});
