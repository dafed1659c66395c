// What this can't prove: that the CLI reads the files as its own validation does today. Its rules were
// read in the CLI's source (sdk/go/common/workspace): a declared key without a default must be in
// every stack.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { parse } from "yaml";

import { configSchema } from "../components/config";
import { stacksIn } from "../plan/stackFile";
import { planProjectStack, projectDirectory } from "./support/plan";

interface ProjectFile {
    readonly name: string;
    readonly runtime: { readonly options: { readonly tsconfig: string } };
    readonly config: Readonly<Record<string, { readonly type: string; readonly description: string; readonly default?: unknown }>>;
}

describe("Pulumi.yaml", () => {
    const project = parse(readFileSync(`${projectDirectory}/Pulumi.yaml`, "utf8")) as ProjectFile;

    it("declares every key of the schema, with a type, a description and a default", () => {
        assert.deepEqual(
            Object.keys(project.config),
            Object.keys(configSchema.shape).map(key => `holdfast:${key}`),
        );
        for (const [key, { type, description, default: fallback }] of Object.entries(project.config)) {
            assert.ok(["array", "object"].includes(type), key);
            assert.ok(description.length > 20, key);
            assert.deepEqual(fallback, type === "array" ? [] : {}, `${key}: without a default, a stack that leaves it out is refused`);
        }
    });

    it("names a tsconfig that turns type checking off by itself: the runner does not follow extends for it", () => {
        const tsconfig = JSON.parse(readFileSync(`${projectDirectory}/${project.runtime.options.tsconfig}`, "utf8")) as {
            compilerOptions: { noCheck?: boolean };
        };
        assert.equal(tsconfig.compilerOptions.noCheck, true);
    });
});

describe("the project's stacks", () => {
    it("are those that the README names", () => {
        assert.deepEqual(stacksIn(projectDirectory), ["dev", "hello", "prod", "prod-central", "prod-east", "prod-global"]);
    });

    it("split prod without changing it: the same clusters, app and failover", async () => {
        const prod = (await planProjectStack("prod")).config;
        const east = (await planProjectStack("prod-east")).config;
        const central = (await planProjectStack("prod-central")).config;
        const global = (await planProjectStack("prod-global")).config;
        assert.deepEqual([...east.clusters, ...central.clusters], prod.clusters);
        const withoutTls = (app: unknown): unknown => JSON.parse(JSON.stringify(app, (key, value: unknown) => (key === "tls" ? undefined : value)));
        assert.deepEqual(withoutTls(east.app), withoutTls(prod.app));
        assert.deepEqual(withoutTls(central.app), withoutTls(prod.app));
        const { members, ...failover } = global.failover ?? { members: [] };
        assert.deepEqual(members.map(({ name }) => name), ["east", "central"]);
        assert.deepEqual({ ...failover, members: [] }, prod.failover);
    });
});
