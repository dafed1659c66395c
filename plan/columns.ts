/** Rows with each column as wide as its widest cell; the last is left as it is. */
export function columns(rows: readonly (readonly string[])[]): string[] {
    const widths = rows.reduce<number[]>((widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, cell.length)), []);
    return rows.map(row => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join("  "));
}
