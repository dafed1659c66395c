const begin = "<!-- config table: npm run docs -->";
const end = "<!-- end of config table -->";

/** A README's text with its config table replaced. Throws where the marks that hold it are missing. */
export function withTable(readme: string, table: string): string {
    const from = readme.indexOf(begin);
    const to = readme.indexOf(end);
    if (from === -1 || to < from) {
        throw new Error(`README.md lacks ${begin} … ${end}`);
    }
    return `${readme.slice(0, from)}${begin}\n\n${table}\n\n${readme.slice(to)}`;
}
