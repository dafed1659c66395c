// What this can't prove: that a CLI that is killed at the wrong moment leaves such a file. It does now and then in the engine's suites.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { PulumiError, type PulumiStack } from "../../recover/pulumi";
import { mayBeSidecar, removeSidecars } from "../../recover/sidecar";

describe("a state whose sidecar was cut short", () => {
    let folder: string;
    let stacks: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-sidecar-"));
        stacks = join(folder, ".pulumi", "stacks", "holdfast");
        mkdirSync(stacks, { recursive: true });
    });
    afterEach(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    function stackAt(url: string): PulumiStack {
        return { name: "prod", directory: folder, command: "pulumi", env: {}, execute: () => Promise.resolve({ code: 0, stdout: JSON.stringify({ user: "me", url }), stderr: "" }) };
    }

    function put(files: Readonly<Record<string, string>>): void {
        Object.entries(files).forEach(([name, text]) => {
            writeFileSync(join(stacks, name), text);
        });
    }

    it("is known by what the CLI says", () => {
        assert.ok(mayBeSidecar(new PulumiError("pulumi stack export failed:\n      error: failed to load checkpoint: EOF")));
        assert.ok(mayBeSidecar(new PulumiError("error: failed to load checkpoint: unexpected EOF")));
        assert.ok(!mayBeSidecar(new PulumiError("error: no stack named 'prod' found")));
        assert.ok(!mayBeSidecar(new Error("failed to load checkpoint: EOF")));
    });

    it("is read again once the sidecar is gone; states, and what other stacks have, stay", async () => {
        put({ "prod.json": "{", "prod.json.attrs": "", "dev.json": "{}", "dev.json.attrs": "", "my-prod.json.attrs": "" });
        const said: string[] = [];
        assert.ok(await removeSidecars(stackAt(pathToFileURL(folder).href), line => said.push(line)));
        assert.deepEqual(readdirSync(stacks).sort(), ["dev.json", "dev.json.attrs", "my-prod.json.attrs", "prod.json"]);
        assert.match(said.join(), /taking away holdfast.prod\.json\.attrs/);
    });

    it("is found by the last part of the stack's name, and where states are compressed", async () => {
        put({ "prod.json.gz": "", "prod.json.gz.attrs": "" });
        assert.ok(await removeSidecars({ ...stackAt(pathToFileURL(folder).href), name: "organization/holdfast/prod" }, () => undefined));
        assert.deepEqual(readdirSync(stacks), ["prod.json.gz"]);
    });

    it("is not looked for where none was cut short, nor where state is kept elsewhere", async () => {
        put({ "prod.json": "{}", "prod.json.attrs": "{}" });
        assert.equal(await removeSidecars(stackAt(pathToFileURL(folder).href), () => undefined), false);
        put({ "prod.json.attrs": "" });
        assert.equal(await removeSidecars(stackAt("s3://bucket"), () => undefined), false);
        assert.deepEqual(readdirSync(stacks).sort(), ["prod.json", "prod.json.attrs"]);
    });
});
