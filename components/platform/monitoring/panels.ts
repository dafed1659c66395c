import { dataSource } from "./names";

/** What a panel shows: a line or a number for each query. */
export interface Query {
    readonly expression: string;
    /** Name of the line; labels in double braces. */
    readonly legend: string;
}

/** One panel, as it is written here. */
export interface PanelArgs {
    readonly title: string;
    readonly kind: "timeseries" | "stat";
    readonly queries: readonly Query[];
    /** Grafana's name of the unit. @default short */
    readonly unit?: "short" | "percentunit" | "reqps";
    /** Lines on top of each other, their sum above. @default false */
    readonly stacked?: boolean;
    /** Name of a line that is drawn by itself, and dashed: a bound. */
    readonly bound?: string;
    /** Value under which a number is red. */
    readonly redUnder?: number;
}

/** The part of Grafana's dashboard that is used: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/. */
export interface Dashboard {
    readonly uid: string;
    readonly title: string;
    readonly tags: readonly string[];
    readonly editable: boolean;
    readonly schemaVersion: number;
    readonly refresh: string;
    readonly time: { readonly from: string; readonly to: string };
    readonly timezone: string;
    readonly panels: readonly Panel[];
}

interface Panel {
    readonly id: number;
    readonly title: string;
    readonly type: PanelArgs["kind"];
    readonly datasource: { readonly type: "prometheus"; readonly uid: string };
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
    readonly fieldConfig: { readonly defaults: unknown; readonly overrides: readonly unknown[] };
    readonly options: unknown;
}

/** Grafana's grid is 24 wide; numbers are narrow, time series half of it. */
const gridWidth = 24;
const sizes = { stat: { w: 6, h: 4 }, timeseries: { w: 12, h: 8 } } as const;

/** Panels from left to right and from top to bottom, as they come. */
export function layOut(panels: readonly PanelArgs[]): readonly Panel[] {
    let x = 0;
    let y = 0;
    let rowHeight = 0;
    return panels.map((panel, index) => {
        const { w, h } = sizes[panel.kind];
        if (x + w > gridWidth || (rowHeight > 0 && h !== rowHeight)) {
            x = 0;
            y += rowHeight;
        }
        rowHeight = h;
        const placed = panelOf(panel, index + 1, { x, y, w, h });
        x += w;
        return placed;
    });
}

function panelOf({ title, kind, queries, unit = "short", stacked = false, bound, redUnder }: PanelArgs, id: number, gridPos: Panel["gridPos"]): Panel {
    return {
        id,
        title,
        type: kind,
        datasource: { type: "prometheus", uid: dataSource },
        gridPos,
        targets: queries.map(({ expression, legend }, index) => ({ refId: String.fromCharCode("A".charCodeAt(0) + index), expr: expression, legendFormat: legend })),
        fieldConfig: {
            defaults: {
                unit,
                min: 0,
                ...(redUnder === undefined ? {} : { color: { mode: "thresholds" }, thresholds: { mode: "absolute", steps: [{ color: "red", value: null }, { color: "green", value: redUnder }] } }),
                ...(kind === "timeseries" ? { custom: { fillOpacity: stacked ? 30 : 0, stacking: { mode: stacked ? "normal" : "none" } } } : {}),
            },
            overrides: bound === undefined ? [] : [boundOverride(bound)],
        },
        options: kind === "stat" ? { reduceOptions: { calcs: ["lastNotNull"] } } : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
    };
}

function boundOverride(line: string) {
    return {
        matcher: { id: "byName", options: line },
        properties: [
            { id: "custom.stacking", value: { mode: "none" } },
            { id: "custom.fillOpacity", value: 0 },
            { id: "custom.lineStyle", value: { fill: "dash", dash: [8, 8] } },
            { id: "color", value: { mode: "fixed", fixedColor: "red" } },
        ],
    };
}
