import type { styleText } from "node:util";

import { linesOf } from "../../plan/words";

/** Colours and the like for text, as `util.styleText` names them. */
export type Format = Parameters<typeof styleText>[0];

export type Paint = (format: Format, text: string) => string;

/** One cell of a table, with how it is painted. */
export interface Cell {
    readonly text: string;
    readonly format?: Format;
    /** Whether the text stands at the column's right end, as numbers do. */
    readonly end?: boolean;
}

const gap = 2;
/** Columns are not made narrower than this, even if not everything fits. */
const narrowest = 6;

/**
 * The lines of each row of a table that is at most `width` columns wide. Cells that have to give way are wrapped; the
 * columns that give way are those that make the table the least longer. Painted last, so that colours take no room.
 */
export function grid(rows: readonly (readonly Cell[])[], width: number, paint: Paint): string[][] {
    const widths = columnWidths(rows, width);
    return rows.map(row => {
        const cells = row.map(({ text }, index) => wrap(text, widths[index] ?? narrowest));
        return Array.from({ length: heightOf(row, widths) }, (_, line) =>
            row
                .map(({ format, end }, index) => {
                    const text = cells[index]?.[line] ?? "";
                    const room = " ".repeat(Math.max(0, (widths[index] ?? 0) - text.length));
                    const painted = format === undefined || text === "" ? text : paint(format, text);
                    return end === true ? `${room}${painted}` : `${painted}${room}`;
                })
                .join(" ".repeat(gap))
                .trimEnd(),
        );
    });
}

/** Breaks a text at spaces, and inside a word that is longer than a line. */
export function wrap(text: string, width: number): string[] {
    return linesOf(text.split(" ").flatMap(long => pieces(long, width)), width);
}

/** A text behind a lead such as "  ✗ ", its further lines under its first word. */
export function hanging(lead: string, text: string, width: number): string[] {
    return wrap(text, width - lead.length).map((line, index) => `${index === 0 ? lead : " ".repeat(lead.length)}${line}`);
}

function columnWidths(rows: readonly (readonly Cell[])[], width: number): number[] {
    const columns = Math.max(0, ...rows.map(row => row.length));
    let widths = Array.from({ length: columns }, (_, column) => Math.max(0, ...rows.map(row => row[column]?.text.length ?? 0)));
    for (let excess = sum(widths) + gap * (columns - 1) - width; excess > 0; excess--) {
        const narrower = widths.flatMap((own, column) => (own > narrowest ? [widths.map((given, index) => (index === column ? given - 1 : given))] : []));
        const [first, ...rest] = narrower.map(given => ({ given, cost: costOf(rows, given) }));
        if (first === undefined) {
            break;
        }
        widths = rest.reduce((best, other) => (other.cost < best.cost ? other : best), first).given;
    }
    return widths;
}

/** Lines of the table; where as many, the sum over its cells decides. A broken word is worse than any of them. */
function costOf(rows: readonly (readonly Cell[])[], widths: readonly number[]): number {
    const cells = rows.flatMap(row => row.map(({ text }, column) => ({ text, width: widths[column] ?? 0 })));
    const broken = cells.filter(({ text, width }) => text.split(" ").some(word => word.length > width)).length;
    return 1e6 * broken + 1e3 * sum(rows.map(row => heightOf(row, widths))) + sum(cells.map(({ text, width }) => wrap(text, width).length));
}

function heightOf(row: readonly Cell[], widths: readonly number[]): number {
    return Math.max(1, ...row.map(({ text }, column) => wrap(text, widths[column] ?? narrowest).length));
}

function pieces(word: string, width: number): string[] {
    const size = Math.max(1, width);
    return word.length <= size ? [word] : Array.from({ length: Math.ceil(word.length / size) }, (_, index) => word.slice(index * size, (index + 1) * size));
}

function sum(numbers: readonly number[]): number {
    return numbers.reduce((total, number) => total + number, 0);
}
