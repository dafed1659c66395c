// What this can't prove: that Elasticsearch and the API server answer as the stand-in for curl does. It proves what the script asks of them,
// in which order, what it does with their answers, and that no secret is on a command line.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type * as k8s from "@pulumi/kubernetes";

import type { Found } from "../../policy/inputs";
import { zonedCluster } from "../support/kubernetes";
import { all, find, inputsOf } from "../support/plan";
import { planPlatform } from "./support";

/** A request that the script made. */
interface Call {
    readonly args: readonly string[];
    readonly method: string;
    readonly path: string;
    readonly config: string;
    readonly body: string;
}

interface Run {
    readonly code: number;
    readonly calls: readonly Call[];
    /** The agents' Secret afterwards, decoded; undefined where nothing was handed over. */
    readonly handed: Readonly<Record<string, string>> | undefined;
}

const admin = "admin-password";
const token = "account-token";
const authority = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/**
 * Answers like Elasticsearch and the API server: state is in files beside it. It says no to the first look at Elasticsearch's health, to a stream that is
 * not there, and to what FAIL names.
 */
const curl = `
const fs = require("node:fs");
const args = process.argv.slice(2);
const after = name => args[args.indexOf(name) + 1];
const url = new URL(args.find(arg => arg.startsWith("https://")));
const data = args.includes("--data") ? after("--data") : undefined;
const body = data === undefined ? "" : fs.readFileSync(data === "@-" ? 0 : data.slice(1), "utf8");
const method = args.includes("--request") ? after("--request") : "GET";
const home = process.env.STATE;
const once = name => { const seen = fs.existsSync(home + "/" + name); fs.writeFileSync(home + "/" + name, ""); return seen; };
fs.appendFileSync(home + "/calls", JSON.stringify({ args, method, path: url.pathname, config: fs.readFileSync(after("--config"), "utf8"), body }) + "\\n");
const isStream = /^\\/_data_stream\\/[^/]+$/.test(url.pathname);
if (url.pathname === process.env.FAIL || (url.pathname === "/_cluster/health" && !once("healthy")) || (isStream && method === "GET" && !fs.existsSync(home + "/stream"))) process.exit(22);
if (isStream && method === "PUT") fs.writeFileSync(home + "/stream", "");
if (url.hostname !== "kubernetes.default.svc") process.stdout.write("{}");
else if (method === "PATCH") fs.writeFileSync(home + "/handed", body);
else process.stdout.write(JSON.stringify({ kind: "Secret", metadata: { managedFields: [{ fieldsV1: { "f:data": { "f:secret": {} } } }] }, data: fs.existsSync(home + "/handed") ? JSON.parse(fs.readFileSync(home + "/handed", "utf8")).data : undefined }));
`;

describe("the setup of the store of logs", () => {
    let home = "";
    let files: Readonly<Record<string, string>> = {};
    let job: Found<k8s.types.output.batch.v1.Job> = {};

    before(async () => {
        const plan = await planPlatform(zonedCluster, { logging: { retentionDays: 9 } });
        files = inputsOf<k8s.types.output.core.v1.ConfigMap>(find(plan, "kubernetes:core/v1:ConfigMap", "local-logging-store-setup")).data;
        job = inputsOf(find(plan, "kubernetes:batch/v1:Job", "local-logging-store-setup"));
    });

    beforeEach(() => {
        home = mkdtempSync(join(tmpdir(), "holdfast-setup-"));
        for (const directory of ["admin", "authority", "setup", "account", "bin", "state"]) {
            mkdirSync(join(home, directory));
        }
        writeFileSync(join(home, "admin", "elastic"), admin);
        writeFileSync(join(home, "authority", "ca.crt"), authority);
        writeFileSync(join(home, "account", "token"), token);
        writeFileSync(join(home, "bin", "curl.js"), curl);
        writeFileSync(join(home, "bin", "curl"), `#!/bin/sh\nexec "${process.execPath}" "${join(home, "bin", "curl.js")}" "$@"\n`);
        chmodSync(join(home, "bin", "curl"), 0o755);
        for (const [name, text] of Object.entries(files)) {
            writeFileSync(join(home, "setup", name), text.replaceAll(/(?<=[ @<])\/(?=(admin|authority|setup)\/)/g, `${home}/`).replace("sleep 5", "sleep 0"));
        }
    });

    afterEach(() => { rmSync(home, { recursive: true }); });

    async function run(fail = ""): Promise<Run> {
        const state = join(home, "state");
        const said = (job.spec?.template?.spec?.containers ?? []).flatMap(container => container.env ?? []);
        const variables: Readonly<Record<string, string>> = Object.fromEntries(said.map(({ name = "", value = "" }) => [name, value]));
        const env: NodeJS.ProcessEnv = { ...process.env, ...variables, PATH: `${join(home, "bin")}:${process.env["PATH"] ?? ""}`, ACCOUNT: join(home, "account"), STATE: state, FAIL: fail };
        rmSync(join(state, "calls"), { force: true });
        const code = await new Promise<number>(done => execFile("bash", [join(home, "setup", "setup.sh")], { env }, error => { done(error === null ? 0 : Number(error.code)); }));
        const calls = readFileSync(join(state, "calls"), "utf8").trim().split("\n").map(line => JSON.parse(line) as Call);
        const handed = existsSync(join(state, "handed")) ? (JSON.parse(readFileSync(join(state, "handed"), "utf8")) as { readonly data: Record<string, string> }).data : undefined;
        return { code, calls, handed: handed && Object.fromEntries(Object.entries(handed).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")])) };
    }

    const secretPath = "/api/v1/namespaces/logging/secrets/elasticsearch";

    it("waits, says who may add lines and how long they are kept, and hands the agents their access last", async () => {
        const { code, calls, handed } = await run();
        assert.equal(code, 0);
        assert.deepEqual(calls.map(({ method, path }) => `${method} ${path}`), [
            "GET /_cluster/health",
            "GET /_cluster/health",
            `GET ${secretPath}`,
            "PUT /_security/role/log-agent",
            "PUT /_security/user/log-agent",
            "PUT /_index_template/logs-kubernetes-local",
            "GET /_data_stream/logs-kubernetes-local",
            "PUT /_data_stream/logs-kubernetes-local",
            "PUT /_data_stream/logs-kubernetes-local/_lifecycle",
            `PATCH ${secretPath}`,
        ]);
        const { password, roles } = JSON.parse(calls[4]?.body ?? "") as { readonly password: string; readonly roles: readonly string[] };
        assert.deepEqual(roles, ["log-agent"]);
        assert.match(password, /^[-\w]{32}$/);
        assert.deepEqual(handed, { user: "log-agent", secret: password, "ca.crt": authority });
    });

    it("lets agents add lines to their stream, and nothing else", async () => {
        const { calls } = await run();
        assert.deepEqual(JSON.parse(calls[3]?.body ?? ""), { cluster: [], indices: [{ names: ["logs-kubernetes-local"], privileges: ["create_doc"] }] });
    });

    it("keeps lines as long as config says: in the template, and in the stream that is there", async () => {
        const { calls } = await run();
        const template = JSON.parse(calls[5]?.body ?? "") as { readonly priority: number; readonly data_stream: object; readonly index_patterns: readonly string[]; readonly template: Record<string, unknown> };
        assert.deepEqual([template.index_patterns, template.data_stream, template.template["lifecycle"]], [["logs-kubernetes-local"], {}, { data_retention: "9d" }]);
        assert.ok(template.priority > 200, "templates of Elasticsearch's own go first");
        assert.deepEqual(JSON.parse(calls[8]?.body ?? ""), { data_retention: "9d" });
        assert.equal((template.template["mappings"] as { readonly dynamic: unknown }).dynamic, false);
        assert.equal((template.template["settings"] as Record<string, unknown>)["index.number_of_replicas"], 1);
    });

    it("keeps the password and the stream that are there", async () => {
        const first = await run();
        const second = await run();
        assert.equal(second.code, 0);
        assert.deepEqual(second.handed, first.handed);
        assert.equal(second.calls.filter(({ method, path }) => method === "PUT" && path === "/_data_stream/logs-kubernetes-local").length, 0);
    });

    it("makes another password each time it makes one", async () => {
        const first = await run();
        rmSync(join(home, "state", "handed"));
        const second = await run();
        assert.notEqual(first.handed?.["secret"], second.handed?.["secret"]);
    });

    it("puts no secret on a command line", async () => {
        const { calls, handed } = await run();
        for (const secret of [admin, token, handed?.["secret"] ?? "", Buffer.from(handed?.["secret"] ?? "").toString("base64")]) {
            assert.ok(secret.length > 8 && calls.every(({ args }) => !args.join(" ").includes(secret)));
        }
        assert.ok(calls.every(({ path, config }) => config === (path === secretPath ? `header = "Authorization: Bearer ${token}"\n` : `user = "elastic:${admin}"\n`)));
        assert.ok(calls.every(({ args, path }) => args[args.indexOf("--cacert") + 1] === join(home, path === secretPath ? "account" : "authority", "ca.crt")));
    });

    for (const path of [secretPath, "/_security/role/log-agent", "/_security/user/log-agent", "/_index_template/logs-kubernetes-local", "/_data_stream/logs-kubernetes-local/_lifecycle"]) {
        it(`fails, and hands nothing over, where ${path} is refused`, async () => {
            const { code, handed } = await run(path);
            assert.notEqual(code, 0);
            assert.equal(handed, undefined);
        });
    }

    it("is a Job that ends, of an account that may do no more than read and fill the agents' Secret", async () => {
        const plan = await planPlatform(zonedCluster, { logging: true });
        const { spec } = job;
        assert.deepEqual([spec?.activeDeadlineSeconds, spec?.backoffLimit, spec?.template?.spec?.restartPolicy], [1200, 5, "Never"]);
        const roles = all(plan, "kubernetes:rbac.authorization.k8s.io/v1:Role").map(resource => inputsOf<k8s.types.output.rbac.v1.Role>(resource));
        assert.deepEqual(roles.map(({ metadata, rules }) => [metadata.namespace, rules]), [
            ["logging", [{ apiGroups: [""], resources: ["secrets"], resourceNames: ["elasticsearch"], verbs: ["get", "patch"] }]],
        ]);
        const bindings = all(plan, "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding").map(resource => inputsOf<k8s.types.output.rbac.v1.RoleBinding>(resource));
        assert.deepEqual(bindings.map(({ metadata, subjects }) => [metadata.namespace, subjects]), [["logging", [{ kind: "ServiceAccount", name: "logging-setup", namespace: "elasticsearch" }]]]);
    });

    it("runs anew with other files: these are an object of another name, and can't change", async () => {
        const plan = await planPlatform(zonedCluster, { logging: true });
        const map = inputsOf<k8s.types.output.core.v1.ConfigMap>(find(plan, "kubernetes:core/v1:ConfigMap", "local-logging-store-setup"));
        assert.deepEqual([map.immutable, map.metadata.name], [true, undefined]);
        assert.equal(inputsOf<k8s.types.output.batch.v1.Job>(find(plan, "kubernetes:batch/v1:Job", "local-logging-store-setup")).metadata.name, undefined);
    });
});
