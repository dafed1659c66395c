/** The known word nearest to a misspelt one; undefined where none is near enough to be what was meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
    const ranked = known
        .map(candidate => ({ candidate, edits: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
        .sort((a, b) => a.edits - b.edits);
    const best = ranked[0];
    // Half the word may be wrong: past that a suggestion would be a guess.
    return best !== undefined && best.edits <= Math.ceil(word.length / 2) ? best.candidate : undefined;
}

/** Levenshtein's distance: the fewest single-letter insertions, deletions and substitutions. */
function editDistance(a: string, b: string): number {
    let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (const [row, letter] of Array.from(a).entries()) {
        const current = [row + 1];
        for (const [column, other] of Array.from(b).entries()) {
            const substitution = (previous[column] ?? 0) + (letter === other ? 0 : 1);
            current.push(Math.min(substitution, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
        }
        previous = current;
    }
    return previous[b.length] ?? 0;
}
