// What this cannot prove: that a cloud behaves as a rule's reason says. It proves that each rule sees the
// defect it is for, that no other rule cries with it, and that the project's own stacks are clean.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { evaluate } from "../../policy/evaluate";
import { StackGraph } from "../../policy/graph";
import { rules } from "../../policy/rules";
import { projectDirectory } from "../support/plan";
import { mutants } from "./mutants";
import { rulesThatFire } from "./rulesThatFire";
import { capture, stackNames } from "./stacks";

describe("the policy pack", () => {
    for (const name of stackNames) {
        it(`finds nothing in stack ${name} as it is`, async () => {
            assert.deepEqual(evaluate(rules, new StackGraph(await capture(name))), []);
        });
    }

    it("has a planted defect for every rule, and a rule for every defect", () => {
        const names = rules.map(({ name }) => name);
        assert.deepEqual(names.filter(name => !mutants.some(({ rule }) => rule === name)), [], "rules without a defect");
        assert.deepEqual(mutants.filter(({ rule }) => !names.includes(rule)), [], "defects without a rule");
    });

    it("is as large as the README says", () => {
        const readme = readFileSync(`${projectDirectory}/README.md`, "utf8");
        assert.ok(readme.includes(`holds ${rules.length} rules`), `${rules.length} rules`);
        assert.ok(readme.includes(`plants ${mutants.length} defects`), `${mutants.length} defects`);
    });

    it("plants each defect once", () => {
        const titles = mutants.map(({ defect, stack }) => `${stack ?? "prod"}: ${defect}`);
        assert.deepEqual(titles.filter((title, index) => titles.indexOf(title) !== index), []);
    });

    for (const mutant of mutants) {
        it(`sees ${mutant.defect}${mutant.stack === undefined ? "" : `, in ${mutant.stack}`}`, async () => {
            assert.deepEqual(await rulesThatFire(mutant), [mutant.rule]);
        });
    }
});
