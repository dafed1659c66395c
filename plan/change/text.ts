import { columns } from "../columns";
import { type Paint, type TextOptions, painter } from "../text";
import { named, wrap } from "../words";
import type { Change, PlanDiff } from "./diff";
import { byDanger, countsInWords, dangerInWords, detailsOf, remarksOf, shortType } from "./words";

/** Changes that are listed of a kind, before "and 7 more". */
const listed = 12;

/** What an update would do, for a terminal: the dangerous changes first. */
export function renderDiff(diff: PlanDiff, { color, width }: TextOptions): string {
    const paint = painter(color);
    const { dangerous, others } = byDanger(diff);
    const lines = [
        ...wrap(`Against ${diff.base}: ${countsInWords(diff)}`, width).map((line, index) => (index === 0 ? line.replace(/^Against/, paint("bold", "Against")) : `  ${line}`)),
        ...section("Dangerous", dangerous, dangerInWords, width, text => paint(["bold", "red"], text)),
        ...others.flatMap(([heading, changes]) => section(heading, changes, detailsOf, width, text => text)),
        ...remarkLines(remarksOf(diff), paint, width),
    ];
    return `${lines.join("\n")}\n`;
}

function section(heading: string, changes: readonly Change[], details: (change: Change) => readonly string[], width: number, mark: (text: string) => string): string[] {
    if (changes.length === 0) {
        return [];
    }
    const shown = changes.slice(0, listed);
    const heads = columns(shown.map(({ name, type }) => [name, shortType(type), ""]));
    const rows = shown.map((change, index) => [(heads[index] ?? "").trimEnd(), details(change).join("; ")] as const);
    const more = changes.length - shown.length;
    return [
        `  ${mark(heading)}`,
        ...named(rows, width - 4).map(line => `    ${line}`.trimEnd()),
        ...(more > 0 ? [`    and ${more} more (see diff.json)`] : []),
    ];
}

function remarkLines(remarks: readonly string[], paint: Paint, width: number): string[] {
    return remarks.flatMap(remark => wrap(remark, width - 4).map((line, index) => `${index === 0 ? `  ${paint("yellow", "!")} ` : "    "}${line}`));
}
