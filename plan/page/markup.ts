/** Text that is HTML or SVG already. Everything else is escaped on its way into an element. */
export class Markup {
    constructor(readonly source: string) {}
}

export type Child = Markup | string | readonly Child[];

export type Attributes = Readonly<Record<string, string | number | undefined>>;

const VOID_ELEMENTS: ReadonlySet<string> = new Set(["meta", "br"]);

const ENTITIES: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
};

/**
 * One element of HTML or SVG. Attributes that are `undefined` are left out; numbers are rounded to a
 * tenth, which is finer than any screen shows and keeps the page small.
 */
export function el(name: string, attributes: Attributes = {}, ...children: readonly Child[]): Markup {
    const open = `<${name}${Object.entries(attributes).map(attribute).join("")}>`;
    return new Markup(VOID_ELEMENTS.has(name) ? open : `${open}${children.map(source).join("")}</${name}>`);
}

/** Escapes for element content and quoted attributes alike; control characters become U+FFFD. */
export function escapeText(text: string): string {
    return text
        .replace(/(?![\t\n\r])\p{Cc}/gu, "\ufffd")
        .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function attribute([name, value]: readonly [string, string | number | undefined]): string {
    if (value === undefined) {
        return "";
    }
    return ` ${name}="${typeof value === "number" ? round(value) : escapeText(value)}"`;
}

/** A coordinate as it is written into a path. */
export function round(value: number): string {
    return String(Math.round(value * 10) / 10);
}

function source(child: Child): string {
    if (child instanceof Markup) {
        return child.source;
    }
    return typeof child === "string" ? escapeText(child) : child.map(source).join("");
}
