/** `npm run mutants`: every planted defect and the rules that saw it. Exit code 1 where one was not seen by its rule alone. */
import { columns } from "../../plan/columns";
import { rules } from "../../policy/rules";
import { mutants } from "./mutants";
import { rulesThatFire } from "./rulesThatFire";

async function report(): Promise<boolean> {
    const levels = new Map(rules.map(({ name, level }) => [name, level]));
    const rows: string[][] = [];
    let caught = 0;
    for (const mutant of mutants) {
        const { defect, rule, stack = "prod" } = mutant;
        const fired = await rulesThatFire(mutant);
        const exact = fired.length === 1 && fired[0] === rule;
        caught += exact ? 1 : 0;
        rows.push([exact ? "caught" : "MISSED", rule, levels.get(rule) ?? "no such rule", stack, exact ? defect : `${defect}: fired ${fired.join(", ") || "nothing"}`]);
    }
    const table = columns([["", "rule", "level", "stack", "planted defect"], ...rows]);
    process.stdout.write(`${table.join("\n")}\n\n${caught} of ${mutants.length} planted defects caught by exactly the rule meant; ${rules.length} rules\n`);
    return caught === mutants.length;
}

void report().then(all => {
    process.exitCode = all ? 0 : 1;
});
