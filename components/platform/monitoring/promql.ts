/** A label's value, or what its value must look like (RE2, anchored at both ends). */
export type Matcher = string | { readonly like: string };

/** A selector of series: `up{job="shop"}`. */
export function series(metric: string, labels: Readonly<Record<string, Matcher>>): string {
    const matchers = Object.entries(labels).map(([label, value]) => (typeof value === "string" ? `${label}="${value}"` : `${label}=~"${value.like}"`));
    return `${metric}{${matchers.join(",")}}`;
}

/** The greatest of all series that agree in some labels: more than one source may report the same thing for a while. */
export function greatest(labels: readonly string[], expression: string): string {
    return `max by (${labels.join(", ")}) (${expression})`;
}

/** Any of several expressions. */
export function either(...expressions: readonly string[]): string {
    return expressions.join("\nor\n");
}

/** A number as PromQL has it, without the noise of binary fractions. */
export function decimal(value: number): string {
    return String(Number(value.toFixed(9)));
}
