/** What the drills' page adds to the plan's style: lines that differ in lightness and in dashes, not in colour alone. */
export const drillStyle = `
:root { --naive: #b96a10; --second: #2b8377; --third: #1c2329; --good: #1b7048; --bad: #b3261e; --bad-back: #fcefed; --under: #fbf0ee; }
@media (prefers-color-scheme: dark) {
    :root { --naive: #c57c2c; --second: #4fae9f; --third: #e7eaec; --good: #63c596; --bad: #f28b82; --bad-back: #33201f; --under: #261b1c; }
}
a { color: var(--active); }
.capital::first-letter { text-transform: uppercase; }
.verdict { font-weight: 600; }
.kept { color: var(--good); }
.broken { color: var(--bad); }
.naive-broken { color: var(--warn); }
.alarms li { background: var(--bad-back); border-left-color: var(--bad); }
.promises td, .promises th { padding-top: 5px; padding-bottom: 5px; }

.runs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); gap: 28px 36px; }
.runs > article { min-width: 0; }
.runs h3 { margin: 0 0 4px; }
.runs figure { margin: 10px 0 0; }
.chart { display: block; width: 100%; min-width: 500px; height: auto; }
.runs figcaption { justify-content: flex-start; margin-top: 6px; gap: 2px 14px; }
.sample { width: 40px; height: 16px; flex: none; }
.sample.upright { width: 8px; }
.told { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 230px), 1fr)); gap: 4px 28px; margin-top: 14px; font-size: 13.5px; }
.told h4 { margin: 6px 0 2px; font-size: 13.5px; }
.told p { margin: 2px 0 6px; }
.told ul, .told ol { margin: 4px 0 8px; padding: 0; list-style: none; }
.promises-of li { padding-left: 18px; text-indent: -18px; }
.timeline li { display: grid; grid-template-columns: 4.6em 1fr; gap: 8px; }
.timeline .at { text-align: right; color: var(--muted); font-variant-numeric: tabular-nums; white-space: nowrap; }
.notes li { padding-left: 10px; border-left: 2px solid var(--edge); margin-bottom: 4px; }

.under { fill: var(--under); }
.axis { stroke: var(--edge); fill: none; }
.rule { stroke: var(--rule); fill: none; }
.mark { stroke: var(--muted); fill: none; stroke-dasharray: 1.5 2.5; }
.naive-mark { stroke: var(--naive); fill: none; stroke-width: 2; }
.floor { stroke: var(--bad); fill: none; stroke-width: 1.4; stroke-dasharray: 9 3 2 3; }
text.promise { fill: var(--bad); }
text.halo { fill: var(--ink); stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
.line { fill: none; stroke-linejoin: round; }
.line.stack { stroke-width: 2.4; stroke: var(--active); }
.line.stack.look1 { stroke: var(--second); stroke-dasharray: 12 3; }
.line.stack.look2 { stroke: var(--third); stroke-dasharray: 3 3; }
.line.naive { stroke-width: 2; stroke: var(--naive); stroke-dasharray: 6 4; }
.line.naive.look1 { stroke-dasharray: 2 4; }
.line.naive.look2 { stroke-dasharray: 10 3 2 3; }

@media (max-width: 700px) {
    header, main, footer { padding-left: 16px; padding-right: 16px; }
    .promises td, .promises th { padding-right: 12px; }
    .promises table { font-size: 13px; }
}
@media print {
    :root { --naive: #b96a10; --second: #2b8377; --third: #000000; --good: #1b7048; --bad: #b3261e; --bad-back: #ffffff; --under: #f8edeb; }
    .promises table { font-size: 11.5px; }
    .promises td, .promises th { padding-right: 12px; }
    .runs { display: block; }
    .runs > article { break-inside: avoid; margin-bottom: 14px; }
    .runs figcaption, .told, .told h4 { font-size: 11px; }
    .told { margin-top: 8px; line-height: 1.35; }
    .chart { min-width: 0; max-width: 450px; }
    h2 { margin-top: 24px; }
    figcaption, figure { break-inside: avoid; }
}
`;

/** What the live drills' page adds to that: each drill over the whole width, its chart beside what happened when. */
export const liveStyle = `
.fall { fill: var(--bad); fill-opacity: 0.65; stroke: var(--bad); stroke-width: 1; }
.quieter, .of-naive { color: var(--muted); }
.clients td, .clients th { padding-top: 5px; padding-bottom: 5px; }
.figures td, .figures th { padding-top: 3px; padding-bottom: 3px; }
.figures { margin-bottom: 14px; }
.clients th.number:not(:last-child), .clients td.number:not(:last-child) { padding-right: 20px; }
.incidents { display: grid; gap: 30px; }
.incidents > article { min-width: 0; padding-top: 10px; border-top: 1px solid var(--edge); }
.incidents h3 { margin: 0; }
.incidents .lead { margin: 4px 0 10px; max-width: 75ch; }
.incidents figure { margin: 0; }
.incidents figcaption { justify-content: flex-start; margin-top: 6px; gap: 2px 14px; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 18px 40px; }
.beside > div { min-width: 0; }
.incidents .told { display: block; margin-top: 0; }
.incidents .told > div + div { margin-top: 14px; padding-top: 6px; border-top: 1px solid var(--rule); }
.incidents .timeline { border-left: 2px solid var(--edge); padding-left: 0; }
.figures table { font-size: 13.5px; }
.figures tbody th { font-weight: 400; color: var(--muted); white-space: nowrap; }

@media (max-width: 700px) {
    .clients table { font-size: 13px; }
    .figures tbody th { white-space: normal; }
    .figures td, .figures th { padding-right: 10px; overflow-wrap: anywhere; }
    .figures tbody th { min-width: 5.5em; }
}
@media print {
    .incidents > article { break-inside: avoid; }
    .incidents .chart { min-width: 0; max-width: none; }
    .incidents figcaption { font-size: 10px; }
    .beside { grid-template-columns: 1.15fr 1fr; gap: 8px 20px; }
    .clients table { font-size: 11px; }
    .clients td, .clients th { padding-right: 10px; }
    .clients th.number:not(:last-child), .clients td.number:not(:last-child) { padding-right: 10px; }
    .figures table { font-size: 10px; }
    .figures td, .figures th { padding: 1px 8px 1px 0; overflow-wrap: anywhere; }
}
`;
