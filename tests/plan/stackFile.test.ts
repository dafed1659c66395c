// What this cannot prove: that `pulumi` reads the same from the same files. The engine tests do.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { stringify } from "yaml";

import { ConfigError, parseConfig } from "../../components/config";
import { programConfig } from "../../components/config/load";
import { StackFileError, engineConfig, readStackFile, stacksIn } from "../../plan/stackFile";
import { masked } from "../../plan/wire";
import { projectDirectory } from "../support/plan";

const minimalProject = "name: holdfast\nruntime: nodejs\n";

describe("stack files", () => {
    let directory = "";

    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), "holdfast-stack-"));
    });
    afterEach(() => { rmSync(directory, { recursive: true, force: true }); });

    function write(files: Readonly<Record<string, string>>): void {
        for (const [name, text] of Object.entries(files)) {
            writeFileSync(join(directory, name), text);
        }
    }

    function read(stack: string, project = minimalProject): ReturnType<typeof readStackFile> {
        write({ "Pulumi.yaml": project, "Pulumi.dev.yaml": stack });
        return readStackFile(directory, "dev");
    }

    /** The ConfigError that a stack file gives. */
    function refused(stack: string): ConfigError {
        try {
            read(stack);
        } catch (error) {
            assert.ok(error instanceof ConfigError, String(error));
            return error;
        }
        assert.fail("was accepted");
    }

    describe("of a directory", () => {
        it("are listed by name, in order, and nothing else is", () => {
            assert.deepEqual(stacksIn(directory), []);
            write({ "Pulumi.yaml": "", "Pulumi.prod.yaml": "", "Pulumi.dev.yaml": "", "Pulumi.eu.prod.yaml": "", "Pulumi.dev.yml": "", "Pulumi.dev.yaml.bak": "", "README.md": "" });
            assert.deepEqual(stacksIn(directory), ["dev", "eu.prod", "prod"]);
        });

        it("of this project are read, and accepted", () => {
            const stacks = stacksIn(projectDirectory);
            assert.ok(stacks.includes("prod"));
            for (const stack of stacks) {
                const file = readStackFile(projectDirectory, stack);
                assert.deepEqual([file.project, file.stack], ["holdfast", stack]);
                const config = parseConfig(programConfig(engineConfig(file.config)));
                assert.ok(config.clusters.length + (config.failover?.members.length ?? 0) > 0);
            }
        });
    });

    describe("are read", () => {
        it("with the project's name, and keys as they are", () => {
            assert.deepEqual(read('config:\n  holdfast:clusters: [{ name: a }]\n  aws:region: us-east-1\n'), {
                project: "holdfast",
                stack: "dev",
                config: { "holdfast:clusters": [{ name: "a" }], "aws:region": "us-east-1" },
                warnings: [],
            });
        });

        it("with a warning for each secret that nobody encrypted, which is not shown", () => {
            const text = [
                "config:",
                "  holdfast:clusters:",
                "    - { name: a, kind: existing, kubeconfig: /etc/kubeconfig }",
                '    - { name: b, kind: existing, kubeconfig: "apiVersion: v1\\ntoken: hunter2" }',
                "  holdfast:app: { secrets: { TOKEN: hunter2, KEY: { secure: v1:abc } }, env: { PLAIN: text } }",
                "",
            ].join("\n");
            const { warnings = [] } = read(text);
            assert.deepEqual(
                warnings.map(warning => warning.split(" is in the clear")[0]),
                ["holdfast:clusters[1].kubeconfig", "holdfast:app.secrets.TOKEN"],
            );
            assert.ok(warnings.every(warning => warning.includes("config set --secret --path") && !warning.includes("hunter2")));
        });

        it("with keys without a namespace as the project's", () => {
            assert.deepEqual(read("config:\n  app: { name: a }\n").config, { "holdfast:app": { name: "a" } });
            assert.deepEqual(read("config:\n  app: 1\n", "name: other\n").config, { "other:app": 1 });
            assert.deepEqual(read("config:\n  holdfast:config:app: { name: a }\n").config, { "holdfast:app": { name: "a" } });
        });

        it("with the project's defaults, where the stack says nothing", () => {
            const project = `${minimalProject}config:\n  holdfast:clusters: { type: array, default: [] }\n  app: { type: object, default: { name: a } }\n  failover: { type: object }\n`;
            assert.deepEqual(read("config:\n  holdfast:app: { name: b }\n", project).config, { "holdfast:clusters": [], "holdfast:app": { name: "b" } });
            assert.deepEqual(read("", project).config, { "holdfast:clusters": [], "holdfast:app": { name: "a" } });
        });

        for (const empty of ["", "# nothing\n", "config:\n", "config: {}\n", "encryptionsalt: v1:abc\n"]) {
            it(`as empty: ${JSON.stringify(empty)}`, () => { assert.deepEqual(read(empty).config, {}); });
        }
    });

    describe("that cannot be read name the file and what to do", () => {
        const rows: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
            ["no project", {}, /Pulumi\.yaml: run this in the directory that holds Pulumi\.yaml/],
            ["no stack at all", { "Pulumi.yaml": minimalProject }, /Pulumi\.dev\.yaml: choose a stack that has a file: there is none/],
            ["another stack", { "Pulumi.yaml": minimalProject, "Pulumi.prod.yaml": "", "Pulumi.eu.yaml": "" }, /Pulumi\.dev\.yaml: .*: eu, prod/],
            ["no YAML", { "Pulumi.yaml": minimalProject, "Pulumi.dev.yaml": "config: [" }, /Pulumi\.dev\.yaml is no YAML: /],
            ["a key twice", { "Pulumi.yaml": minimalProject, "Pulumi.dev.yaml": "config:\n  a: 1\n  a: 2\n" }, /Pulumi\.dev\.yaml is no YAML: /],
            ["a broken project", { "Pulumi.yaml": "name: [" }, /Pulumi\.yaml is no YAML: /],
            ["an alias of what it stands in", { "Pulumi.yaml": minimalProject, "Pulumi.dev.yaml": "config:\n  app: &a { name: *a }\n" }, /Pulumi\.dev\.yaml: an alias stands for what it is part of/],
            ["aliases of aliases of aliases", { "Pulumi.yaml": minimalProject, "Pulumi.dev.yaml": `a: &a [1,1,1,1,1,1,1,1]\nb: &b [${"*a,".repeat(8)}]\nc: &c [${"*b,".repeat(8)}]\nconfig: { app: [${"*c,".repeat(8)}] }\n` }, /Pulumi\.dev\.yaml is no YAML: /],
            ["two documents", { "Pulumi.yaml": minimalProject, "Pulumi.dev.yaml": "config: {}\n---\nconfig: {}\n" }, /Pulumi\.dev\.yaml is no YAML: /],
            ["a word", { "Pulumi.yaml": minimalProject, "Pulumi.dev.yaml": "config" }, /Pulumi\.dev\.yaml holds no mapping: /],
            ["a list for config", { "Pulumi.yaml": minimalProject, "Pulumi.dev.yaml": "config: [app]\n" }, /Pulumi\.dev\.yaml: config is no mapping: /],
            ["an alias of nothing", { "Pulumi.yaml": minimalProject, "Pulumi.dev.yaml": "config:\n  app: *missing\n" }, /Pulumi\.dev\.yaml is no YAML: /],
        ];
        for (const [title, files, message] of rows) {
            it(title, () => {
                write(files);
                assert.throws(
                    () => readStackFile(directory, "dev"),
                    (error: unknown) => error instanceof StackFileError && message.test(error.message),
                );
            });
        }
    });

    it("that can't be read at all say why", () => {
        write({ "Pulumi.yaml": minimalProject });
        mkdirSync(join(directory, "Pulumi.dev.yaml"));
        assert.throws(() => readStackFile(directory, "dev"), (error: unknown) => error instanceof StackFileError && error.message.includes("can't be read: EISDIR"));
    });

    it("whatever text they hold, are a config, a StackFileError or a ConfigError", () => {
        const signs = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom("&a ", "*a", "<<: ", "? ", "!!str ", "\t", "---\n", "holdfast:"));
        const real = readFileSync(join(projectDirectory, "Pulumi.hello.yaml"), "utf8").replace(/ *#.*/g, "");
        const broken = fc.tuple(fc.nat(real.length), fc.nat(30), signs).map(([at, length, sign]) => real.slice(0, at) + sign + real.slice(at + length));
        const keys = fc.oneof(fc.constantFrom("config", "holdfast:app", "holdfast:clusters", "__proto__", "secure"), fc.string());
        const written = fc.dictionary(keys, fc.jsonValue(), { maxKeys: 4 }).map(value => stringify({ config: value }));
        fc.assert(
            fc.property(fc.oneof(fc.string(), broken, written), text => {
                try {
                    parseConfig(programConfig(engineConfig(read(text).config)));
                } catch (error) {
                    assert.ok(error instanceof StackFileError || error instanceof ConfigError, error instanceof Error ? error.stack : String(error));
                }
            }),
            { numRuns: 150 },
        );
    });

    describe("with encrypted values", () => {
        it("have them masked where a secret may be", () => {
            const { config } = read(
                [
                    "config:",
                    "  holdfast:app: { name: a, secrets: { TOKEN: { secure: v1:abc }, PLAIN: b } }",
                    "  holdfast:clusters: [{ kind: existing, kubeconfig: { secure: v1:def } }]",
                ].join("\n"),
            );
            assert.deepEqual(config, {
                "holdfast:app": { name: "a", secrets: { TOKEN: masked, PLAIN: "b" } },
                "holdfast:clusters": [{ kind: "existing", kubeconfig: masked }],
            });
            assert.ok(!JSON.stringify(config).includes("v1:"));
        });

        it("are still a config that is accepted", () => {
            const { config } = read(
                [
                    "config:",
                    "  holdfast:app: { name: shop, image: 'nginx:1.29', secrets: { TOKEN: { secure: v1:abc } } }",
                    "  holdfast:clusters: [{ name: local, kind: existing, kubeconfig: { secure: v1:def } }]",
                ].join("\n"),
            );
            assert.deepEqual(parseConfig(programConfig(engineConfig(config))).app?.secrets, { TOKEN: masked });
        });

        it("are refused where a plain value must be, all at once", () => {
            const error = refused(
                [
                    "config:",
                    "  holdfast:app: { name: { secure: v1:abc }, env: { A: { secure: v1:abc } }, constructor: { secure: v1:abc } }",
                    "  holdfast:clusters: [{ kind: existing, context: { secure: v1:abc } }, { secure: v1:abc }]",
                    "  failover: { secure: v1:abc }",
                ].join("\n"),
            );
            assert.deepEqual(
                error.problems.map(problem => problem.path),
                ["holdfast:app.name", "holdfast:app.env.A", "holdfast:app.constructor", "holdfast:clusters[0].context", "holdfast:clusters[1]", "holdfast:failover"],
            );
            assert.ok(!error.message.includes("v1:"), error.message);
        });

        it("are left alone in other namespaces, and where `secure` is one key of several, or no text", () => {
            const { config } = read(
                ["config:", "  aws:token: { secure: v1:abc }", "  holdfast:app: { a: { secure: v1:abc, b: 1 }, c: { secure: 1 } }"].join("\n"),
            );
            assert.deepEqual(config, { "aws:token": { secure: "v1:abc" }, "holdfast:app": { a: { secure: "v1:abc", b: 1 }, c: { secure: 1 } } });
        });
    });
});

describe("config for the engine", () => {
    it("is text as it is, and everything else as JSON", () => {
        assert.deepEqual(engineConfig({ "a:text": "x y", "a:list": [1, "b"], "a:map": { c: null }, "a:number": 5, "a:flag": false }), {
            "a:text": "x y",
            "a:list": '[1,"b"]',
            "a:map": '{"c":null}',
            "a:number": "5",
            "a:flag": "false",
        });
    });

    it("gives the program back what the file said", () => {
        const raw = { clusters: [{ name: "a", zones: ["x"] }], app: { name: "b", env: { C: "d" } } };
        const qualified = Object.fromEntries(Object.entries(raw).map(([key, value]) => [`holdfast:${key}`, value]));
        assert.deepEqual(programConfig(engineConfig(qualified)), raw);
    });
});
