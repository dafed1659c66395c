/** "1 zone", "3 zones". */
export function count(n: number, noun: string, plural = `${noun}s`): string {
    return `${n} ${n === 1 ? noun : plural}`;
}

/** Breaks a sentence at spaces, so that no line is longer than `width` unless a word is. */
export function wrap(text: string, width: number): string[] {
    return linesOf(text.split(" "), width);
}

/** Puts words into lines of at most `width`; a longer word has a line of its own. */
export function linesOf(words: readonly string[], width: number): string[] {
    const lines: string[] = [];
    let line = "";
    for (const word of words) {
        if (line !== "" && line.length + 1 + word.length > width) {
            lines.push(line);
            line = word;
        } else {
            line = line === "" ? word : `${line} ${word}`;
        }
    }
    return [...lines, line];
}

/** Rows of a name and a text, which is wrapped beside the name. */
export function named(rows: readonly (readonly [name: string, text: string])[], width: number): string[] {
    const gap = 2;
    const nameWidth = Math.max(0, ...rows.map(([name]) => name.length));
    return rows.flatMap(([name, text]) =>
        wrap(text, width - nameWidth - gap).map((line, index) => `${(index === 0 ? name : "").padEnd(nameWidth + gap)}${line}`),
    );
}
