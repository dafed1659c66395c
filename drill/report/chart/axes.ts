import { scaleLinear, type ScaleLinear } from "d3-scale";

import type { Panel } from "./panels";

export type Scale = ScaleLinear<number, number>;

export interface Tick {
    readonly value: number;
    readonly text: string;
}

/** Seconds along the width. Ends with the drill, not with a round number. */
export function timeScale(end: number, left: number, right: number): Scale {
    return scaleLinear().domain([0, end]).range([left, right]);
}

/** Values along the height, from zero (or the least, where that is below) to a round number over the highest line or floor. */
export function valueScale(panel: Panel, top: number, bottom: number, ticks: number): Scale {
    const values = [...panel.lines.flatMap(({ steps }) => steps.map(([, value]) => value)), ...panel.floors.map(({ value }) => value)];
    return scaleLinear()
        .domain([Math.min(0, ...values), Math.max(1, panel.peak, ...values)])
        .nice(ticks)
        .range([bottom, top]);
}

/** Round values, about `count`, and only whole ones where `whole`: there is no half replica. */
export function ticksOf(scale: Scale, count: number, whole: boolean): Tick[] {
    const format = scale.tickFormat(count);
    return scale
        .ticks(count)
        .filter(value => !whole || Number.isInteger(value))
        .map(value => ({ value, text: whole ? String(value) : format(value) }));
}

/** Whether a panel counts whole things. */
export function isWhole({ lines, floors }: Panel): boolean {
    return lines.every(({ steps }) => steps.every(([, value]) => Number.isInteger(value))) && floors.every(({ value }) => Number.isInteger(value));
}
