/** The page's whole style: system fonts, two palettes, and a light one for paper. */
export const STYLE = `
:root {
    color-scheme: light dark;
    --paper: #fcfcfb; --raised: #ffffff; --sunken: #f3f4f3; --rule: #d8dbdd; --edge: #b4bac0;
    --ink: #1c2329; --muted: #56616b; --active: #1d5fa8; --standby: #66707a;
    --pod: #2b8377; --disk: #c9d3da; --disk-edge: #6c7b86; --warn: #a15c00; --warn-back: #fdf5e6;
}
@media (prefers-color-scheme: dark) {
    :root {
        --paper: #14181b; --raised: #1d2327; --sunken: #191e22; --rule: #343c42; --edge: #55606a;
        --ink: #e7eaec; --muted: #a3adb5; --active: #7db4f0; --standby: #a3adb5;
        --pod: #4fae9f; --disk: #3b474f; --disk-edge: #93a3ae; --warn: #e5ad55; --warn-back: #2a2318;
    }
}
* { box-sizing: border-box; }
body {
    margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: break-word;
    font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header, main, footer { max-width: 1240px; margin: 0 auto; padding: 0 30px; }
header { padding-top: 36px; }
footer { padding-top: 8px; padding-bottom: 48px; color: var(--muted); font-size: 13px; }
h1 { margin: 0; font-size: 27px; line-height: 1.2; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 44px 0 12px; font-size: 18px; line-height: 1.3; }
h3 { margin: 20px 0 6px; font-size: 15px; }
header p, .quiet { margin: 6px 0 12px; color: var(--muted); }
ul { margin: 0; padding-left: 20px; }
code, .code, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code, .code { font-size: 13px; overflow-wrap: anywhere; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 24px 0 0; }
.tiles div {
    display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: 13px 16px 14px;
    background: var(--raised); border: 1px solid var(--rule); border-radius: 10px;
}
.tiles dt { color: var(--muted); font-size: 13px; line-height: 1.35; }
.tiles dd { margin: 0; font-size: 16px; line-height: 1.45; font-weight: 600; letter-spacing: -0.01em; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: 12px 28px; margin: 0 0 18px; }
.facts dt { color: var(--muted); font-size: 13px; }
.facts dd { margin: 0; }

.warnings { padding: 0; list-style: none; }
.warnings li, .alarm {
    margin: 0 0 8px; padding: 9px 14px; background: var(--warn-back);
    border-left: 3px solid var(--warn); border-radius: 0 6px 6px 0;
}
.scroll { position: relative; overflow-x: auto; }
.scroll:focus-visible, .canvas:focus-visible, summary:focus-visible { outline: 2px solid var(--active); outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
table.narrow { max-width: 680px; }
th, td { padding: 8px 20px 8px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-size: 13px; font-weight: 500; white-space: nowrap; border-color: var(--edge); }
tbody th { font-weight: 600; }
tbody th.code { font-weight: 400; }
tfoot th, tfoot td { font-weight: 600; border-bottom: 0; border-top: 1px solid var(--edge); }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th.number:not(:last-child), td.number:not(:last-child) { padding-right: 36px; }
summary { cursor: pointer; color: var(--active); }
details[open] summary { margin-bottom: 12px; }

figure { margin: 30px 0 0; }
.canvas { overflow-x: auto; }
.picture { display: block; width: 100%; min-width: 860px; height: auto; }
figcaption { display: flex; flex-wrap: wrap; justify-content: center; gap: 6px 26px; margin-top: 14px; color: var(--muted); font-size: 13px; }
figcaption span { display: inline-flex; align-items: center; gap: 8px; }
.key { width: 28px; height: 28px; flex: none; }
text.ink { fill: var(--ink); }
text.muted { fill: var(--muted); }
text.active { fill: var(--active); }
text.standby { fill: var(--standby); }
text.bold { font-weight: 600; }
.region { fill: var(--sunken); stroke: var(--rule); }
.card { fill: var(--raised); stroke: var(--edge); }
.gate { fill: var(--raised); stroke: var(--ink); stroke-width: 1.2; }
.column { fill: var(--paper); stroke: var(--rule); }
.panel { fill: var(--raised); stroke: var(--ink); stroke-width: 1.4; }
.dashed { stroke-dasharray: 5 4; }
.panel.dashed { stroke: var(--edge); }
.pill { fill: var(--raised); stroke: currentColor; }
.pill.active { color: var(--active); }
.pill.standby { color: var(--standby); }
.way { fill: none; stroke-width: 2; }
.way.active { stroke: var(--active); }
.way.standby { stroke: var(--standby); stroke-dasharray: 7 5; }
.way.bus { stroke: var(--edge); }
.head.active { fill: var(--active); }
.head.standby { fill: var(--standby); }
.pod, .swatch { fill: var(--pod); }
.volume { fill: var(--disk); stroke: var(--disk-edge); stroke-width: 1.3; }

@media print {
    :root {
        color-scheme: light;
        --paper: #ffffff; --raised: #ffffff; --sunken: #f6f6f6; --rule: #cccccc; --edge: #999999;
        --ink: #000000; --muted: #444444; --active: #1d5fa8; --standby: #555555;
        --pod: #2b8377; --disk: #d5dce1; --disk-edge: #66737d; --warn: #a15c00; --warn-back: #ffffff;
    }
    body { font-size: 12px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
    .picture { min-width: 0; max-height: 100vh; }
    .canvas, .scroll { overflow: visible; }
    details::details-content { content-visibility: visible; }
    h2, h3 { break-after: avoid; }
    thead { break-after: avoid; }
    tfoot { display: table-row-group; }
    tr, li, .tiles div, .facts div { break-inside: avoid; }
}
`;
