import { el, type Child, type Markup } from "./markup";

export interface Column {
    readonly head: string;
    /** "number" aligns right with even digits; "code" is for names that are typed or copied. */
    readonly as?: "text" | "number" | "code";
}

export interface TableArgs {
    /** What the table holds, for those who jump from table to table. */
    readonly caption: string;
    readonly columns: readonly Column[];
    /** The first cell of a row is its header. */
    readonly rows: readonly (readonly Child[])[];
    /** A last row that sums up, aligned like the others. */
    readonly foot?: readonly Child[];
    /** For short cells, which would stand far apart over the page's whole width. */
    readonly narrow?: boolean;
}

/** A table that scrolls sideways on its own where the screen is narrow. */
export function table(args: TableArgs): Markup {
    const { caption, columns, rows, foot, narrow } = args;
    return el(
        "div",
        { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" },
        el(
            "table",
            { class: narrow === true ? "narrow" : undefined },
            el("caption", { class: "unseen" }, caption),
            el(
                "thead",
                {},
                el("tr", {}, columns.map((column) => el("th", { scope: "col", class: column.as }, column.head))),
            ),
            el("tbody", {}, rows.map((cells) => row(columns, cells))),
            foot === undefined ? "" : el("tfoot", {}, row(columns, foot)),
        ),
    );
}

/** Names with their values, such as the settings of the failover. */
export function facts(entries: readonly (readonly [name: string, value: Child])[]): Markup {
    return el(
        "dl",
        { class: "facts" },
        entries.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    );
}

export function code(text: string): Markup {
    return el("code", {}, text);
}

function row(columns: readonly Column[], cells: readonly Child[]): Markup {
    return el(
        "tr",
        {},
        cells.map((given, i) => {
            const kind = columns[i]?.as;
            const cell = given === "" ? el("span", {}, "\u2013") : given;
            return i === 0 ? el("th", { scope: "row", class: kind }, cell) : el("td", { class: kind }, cell);
        }),
    );
}
