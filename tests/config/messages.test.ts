// What this cannot prove: that a reader understands. The rows of badInput show what each line says.
import assert from "node:assert/strict";

import { change, errorOf, full, local, problemAt } from "./support";

describe("a line of the error", () => {
    it("names the key that is missing", () => {
        const { received, fix } = problemAt(errorOf(change(full, "app.image", undefined)), "app.image");
        assert.equal(received, undefined);
        assert.equal(fix, 'add image, for example image: "ghcr.io/stefanprodan/podinfo:6.9.2"');
    });

    it("says what it received as JSON, cut where it is long", () => {
        const { message } = errorOf(change(full, "clusters[0].region", "x".repeat(500)));
        assert.ok(message.includes(`received "xxx`) && message.includes("…"));
        assert.ok(!message.includes("x".repeat(100)));
    });

    it("stays one line, whatever breaks there are in a value", () => {
        const { message } = errorOf(change(full, "app.port", "a\nb\u2028c\u2029d\u0085e"));
        assert.equal(message.split(/[\n\u2028\u2029\u0085]/).length, 2, message);
    });

    it("is one for each value, however many rules it breaks", () => {
        for (const [path, value] of [["failover.domain", `${"x".repeat(300)} y`], ["app.port", -0.5], ["app.jobs[0].schedule", 5]] as const) {
            const { problems } = errorOf(change(full, path, value));
            assert.equal(problems.filter(problem => problem.path === `holdfast:${path}`).length, 1, path);
        }
    });

    const secret = "hunter2";
    for (const [path, value] of [
        ["app.image", `https://shop:${secret}@registry.example.com/shop:1.0`],
        ["app.health.live", `https://shop:${secret}@shop.example.com/healthz`],
        ["failover.domain", [`https://shop:${secret}@shop.example.com`]],
        ["app.jobs[0].schedule", `https://shop:${secret}@cron.example.com`],
    ] as const) {
        it(`does not show a credential that stands at ${path}`, () => {
            const { message } = errorOf(change(full, path, value));
            assert.ok(message.includes(`holdfast:${path}: received what looks like a URL with a password; `), message);
            assert.ok(!message.includes(secret), message);
        });
    }

    it("counts the problems at its head", () => {
        assert.match(errorOf(change(local, "app.port", 80)).message, /^the config has 1 problem:\n {2}holdfast:app\.port: /);
        assert.match(errorOf(change(change(local, "app.port", 80), "app.name", "A")).message, /^the config has 2 problems:\n/);
    });
});
