/** `npm run mutants`: every planted defect and the rules that saw it. Exit code 1 where one was not seen by its rule alone. */
import { columns } from "../../plan/columns";
import { rules } from "../../policy/rules";
import { mutants } from "./mutants";
import { rulesThatFire } from "./rulesThatFire";

async function report(): Promise<boolean> {
    const levels = new Map(rules.map(({ name, level }) => [name, level]));
    // All but the first and last cell is known before a defect is planted: so each row is shown as soon as it is there.
    const known = mutants.map(({ rule, stack = "prod" }) => [rule, levels.get(rule) ?? "no such rule", stack]);
    const [head = "", ...heads] = columns([["", "rule", "level", "stack", ""], ...known.map(cells => ["caught", ...cells, ""])]);
    const say = (line: string): boolean => process.stdout.write(`${line}\n`);
    say(`${head}planted defect`);
    let caught = 0;
    for (const [index, mutant] of mutants.entries()) {
        const fired = await rulesThatFire(mutant);
        const exact = fired.length === 1 && fired[0] === mutant.rule;
        caught += exact ? 1 : 0;
        const row = heads[index] ?? "";
        say(exact ? `${row}${mutant.defect}` : `${row.replace("caught", "MISSED")}${mutant.defect}: fired ${fired.join(", ") || "nothing"}`);
    }
    say(`\n${caught} of ${mutants.length} planted defects caught by exactly the rule meant; ${rules.length} rules`);
    return caught === mutants.length;
}

// Whoever reads may stop reading, as `| head` does: what is left to plant would be for no one.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") {
        throw error;
    }
    process.exit();
});

void report().then(all => {
    process.exitCode = all ? 0 : 1;
});
