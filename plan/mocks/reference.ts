/** What stands in a plan where a value is known only after the update: where it will come from. */
export function reference(name: string, property: string): string {
    return `\${${name}.${property}}`;
}
