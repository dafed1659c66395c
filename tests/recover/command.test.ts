// What this can't prove: that the advice helps. It proves that everything that happened is told.
import assert from "node:assert/strict";

import { Stopped, UsageError, exitCodeAfter, isYes, run } from "../../recover/command";
import type { Fate, Finding } from "../../recover/finding";
import { renderFindings, renderOutcome, renderUnsolved } from "../../recover/report";
import { Interrupted } from "../../tools/execute";
import { operation, resource } from "./support";

function finding(fate: Fate, name: string, more: Partial<Finding> = {}): Finding {
    return { operation: operation("creating", resource("aws:ec2/vpc:Vpc", name)), fate, how: "its tag", ...more };
}

describe("the report of a recovery", () => {
    it("is a table, with what people must decide first", () => {
        const rows = renderFindings([finding("absent", "a"), finding("adopted", "b", { id: "vpc-1" }), finding("unsolved", "c", { how: "two are there" })]).split("\n");
        assert.deepEqual(
            rows.map(row => row.split(/ {2,}/)),
            [
                ["Resource", "Was", "Id", "Now", "Known by"],
                ["c (Vpc)", "creating", "–", "up to you", "two are there"],
                ["b (Vpc)", "creating", "vpc-1", "there, taken into the state", "its tag"],
                ["a (Vpc)", "creating", "–", "not there, the next update makes it", "its tag"],
                [""],
            ],
        );
    });

    it("leaves out components and providers, and says so where there is nothing else", () => {
        const component = finding("no thing", "part");
        assert.equal(renderFindings([component, finding("absent", "a")]), renderFindings([finding("absent", "a")]));
        assert.equal(renderFindings([component]), "Nothing was under way in any cloud.\n");
        assert.equal(renderFindings([]), "Nothing was under way in any cloud.\n");
    });

    it("says how to tell what only people can, by name and by URN", () => {
        const text = renderUnsolved([finding("adopted", "a"), finding("unsolved", "b"), finding("unsolved", "c")]);
        assert.match(text, /Nothing was written: of b, c only you can tell/);
        assert.match(text, /--id 'b=<its id/);
        assert.match(text, /--gone 'b'/);
        assert.match(text, /urn:pulumi:prod::holdfast::aws:ec2\/vpc:Vpc::c/);
        assert.equal(renderUnsolved([finding("adopted", "a")]), "");
    });

    it("advises no option where none helps", () => {
        const text = renderUnsolved([{ ...finding("unsolved", "b"), operation: operation("dreaming", resource("aws:ec2/vpc:Vpc", "b")) }]);
        assert.match(text, /of b only you can tell/);
        assert.doesNotMatch(text, /--id|--gone/);
    });

    it("ends with what was done and what comes next", () => {
        const findings = [finding("adopted", "a")];
        assert.equal(renderOutcome({ findings, written: true }, "prod"), "\nRecovery wrote the state, in which nothing is under way any more. Next: npx pulumi up --stack prod\n");
        assert.match(renderOutcome({ findings: [], written: true, unlocked: "…" }, "prod"), /took away the lock .* found that nothing was under way/);
    });
});

describe("npm run recover", () => {
    const unused = () => assert.fail("nothing may run");
    const quiet = (out: string[]) => ({ out: (text: string) => out.push(text), say: () => undefined, ask: undefined });

    it("explains itself without a CLI", async () => {
        const out: string[] = [];
        assert.equal(await run(["--help"], unused, quiet(out)), 0);
        for (const word of ["--stack", "--yes", "--id", "--gone", "no update of the stack runs", "Exit code 0"]) {
            assert.ok(out.join("").includes(word), word);
        }
    });

    it("wants a stack, and whole assignments", async () => {
        await assert.rejects(run([], unused, quiet([])), UsageError);
        for (const wrong of ["east-network", "=vpc-1", "east-network="]) {
            await assert.rejects(run(["--stack", "prod", "--id", wrong], unused, quiet([])), error => error instanceof UsageError && error.message.includes("NAME=ID"));
        }
    });

    it("knows no other options", async () => {
        await assert.rejects(run(["--stack", "prod", "--force"], unused, quiet([])), /Unknown option '--force'/);
    });

    it("takes only a yes for one, and says after Ctrl-C that nothing was written", async () => {
        for (const [answer, yes] of [["y", true], [" YES ", true], ["", false], ["no", false], ["yesterday", false]] as const) {
            assert.equal(await isYes(() => Promise.resolve(answer), "?"), yes, answer);
        }
        const aborted = Object.assign(new Error("Aborted with Ctrl+C"), { name: "AbortError" });
        await assert.rejects(isYes(() => Promise.reject(aborted), "?"), error => error instanceof Stopped && error.message.includes("nothing was written") && exitCodeAfter(error) === 130);
        await assert.rejects(isYes(() => Promise.reject(new Error("else")), "?"), /else/);
    });

    it("ends as a shell expects after a signal, and with 1 after other errors", () => {
        assert.equal(exitCodeAfter(new Interrupted("SIGINT")), 130);
        assert.equal(exitCodeAfter(new UsageError("x")), 1);
    });
});
