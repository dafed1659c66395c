// Widths are those of the widest usual font, as the page estimates them: this cannot prove what a browser draws.
import assert from "node:assert/strict";

import fc from "fast-check";

import { isWhole, ticksOf, timeScale, valueScale } from "../../drill/report/chart/axes";
import { describe as inWords } from "../../drill/report/chart/describe";
import { drawChart } from "../../drill/report/chart";
import { lanesOf, placeLabels, spread, type PlacedLabel } from "../../drill/report/chart/labels";
import { legend } from "../../drill/report/chart/legend";
import { panelsOf } from "../../drill/report/chart/panels";
import { factsOf, stepsOf } from "../../drill/report/chart/steps";
import { drillsOf, pairsOf, type Pair } from "../../drill/report/compare";
import type { DrillReport } from "../../drill/result";
import { textWidth } from "../../plan/page/svg";
import { BROKEN, KEPT, polled, report, result, steps } from "./fixtures";
import { LIVE } from "./live/liveReport";

const face = { size: 11.5 };

interface Box {
    readonly text: string;
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
}

function pairs(given: DrillReport): Pair[] {
    return drillsOf(given).flatMap(drill => pairsOf(given, drill));
}

function svgOf(pair: Pair): string {
    return drawChart(pair, "chart")?.svg.source ?? "";
}

/** The boxes of a chart's texts: from the top of a capital to the end of a descender. */
function textBoxes(svg: string): Box[] {
    return [...svg.matchAll(/<text ([^>]*)>(?:<title>[^<]*<\/title>)?([^<]*)<\/text>/g)].map(([, given = "", text = ""]) => {
        const attribute = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(given)?.[1] ?? "";
        const [x, y, size] = [Number(attribute(" x")), Number(attribute(" y")), Number(attribute("font-size"))];
        const width = textWidth(text, { size, bold: attribute("class").includes("bold") });
        const left = { end: x - width, middle: x - width / 2 }[attribute("text-anchor")] ?? x;
        return { text, left, right: left + width, top: y - 0.74 * size, bottom: y + 0.24 * size };
    });
}

function overlaps(boxes: readonly Box[]): string[] {
    return boxes.flatMap((a, index) =>
        boxes.slice(index + 1).flatMap(b => (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom ? [`${a.text} / ${b.text}`] : [])),
    );
}

function outside(svg: string): string[] {
    const [, width = 0, height = 0] = /viewBox="0 0 (\S+) (\S+)"/.exec(svg)?.map(Number) ?? [];
    return textBoxes(svg)
        .filter(({ left, right, top, bottom }) => left < 0 || right > width + 0.5 || top < 0 || bottom > height)
        .map(({ text }) => text);
}

/** Every line's corners, in the picture's pixels. */
function corners(svg: string, tone: string): [x: number, y: number][][] {
    return [...svg.matchAll(new RegExp(`<path class="line ${tone}" d="([^"]*)"`, "g"))].map(([, d = ""]) =>
        [...d.matchAll(/[ML]([\d.-]+),([\d.-]+)/g)].map(([, x, y]): [number, number] => [Number(x), Number(y)]),
    );
}

describe("a chart's labels", () => {
    const marks = fc.array(fc.record({ x: fc.double({ min: 40, max: 560, noNaN: true }), text: fc.string({ unit: fc.constantFrom("a", "i", "m", " ", "-", "1"), minLength: 1, maxLength: 40 }) }), { maxLength: 25 });
    const byTime = marks.map(given => [...given].sort((a, b) => a.x - b.x));
    const place = (given: readonly { readonly x: number; readonly text: string }[]): readonly PlacedLabel[] => placeLabels({ marks: given, face, left: 40, right: 580 }).labels;

    it("never lie on each other or leave the chart", () => {
        fc.assert(
            fc.property(byTime, given => {
                const labels = place(given);
                assert.equal(labels.length, given.length);
                for (const [index, a] of labels.entries()) {
                    assert.ok(a.left >= 40 - 1e-6 && a.right <= 580 + 1e-6, `${a.text} ends at ${a.right}`);
                    assert.ok(a.anchor === "start" ? a.left > a.x : a.right < a.x);
                    for (const b of labels.slice(index + 1)) {
                        assert.ok(a.lane !== b.lane || a.right < b.left || b.right < a.left, `${a.text} / ${b.text}`);
                    }
                }
            }),
        );
    });

    it("are crossed by no line where all have room to run the same way", () => {
        const roomy = byTime.map(given => given.slice(0, 6).map(({ x, text }) => ({ x: x / 2, text: text.slice(0, 20) })));
        fc.assert(
            fc.property(roomy, given => {
                const labels = place(given);
                const crossed = labels.flatMap(a => labels.filter(b => b.lane > a.lane && b.x > a.left && b.x < a.right).map(b => `${b.text} through ${a.text}`));
                assert.deepEqual(crossed, []);
            }),
        );
    });

    it("share a lane where there is room, and stand over each other at the same moment", () => {
        const apart = place([{ x: 50, text: "first" }, { x: 300, text: "second" }]);
        assert.deepEqual(apart.map(({ lane }) => lane), [0, 0]);
        assert.deepEqual(place([{ x: 50, text: "one" }, { x: 50, text: "two" }]).map(({ lane }) => lane), [1, 0]);
    });

    it("are numbers where they are too many", () => {
        const crowd = Array.from({ length: 20 }, (_, index) => ({ x: 100 + index, text: `pod shop-${index} was evicted` }));
        const { labels, numbered } = placeLabels({ marks: crowd, face, left: 40, right: 580 });
        assert.equal(numbered, true);
        assert.deepEqual(labels.map(({ text }) => text), crowd.map((_, index) => String(index + 1)));
        assert.ok(lanesOf(labels) <= 20);
        const drains = placeLabels({ marks: crowd.map(({ text }, index) => ({ x: 50 + index * 6, text })), face, left: 40, right: 580 });
        assert.ok(lanesOf(drains.labels) <= 5, `${lanesOf(drains.labels)} lanes`);
        assert.equal(placeLabels({ marks: crowd.slice(0, 6), face, left: 40, right: 580 }).numbered, false);
        assert.equal(lanesOf([]), 0);
    });

    it("are cut where the chart is too narrow, on the roomier side", () => {
        const [label] = place([{ x: 400, text: "m".repeat(100) }]);
        assert.equal(label?.anchor, "end");
        assert.match(label.text, /^m+\u2026$/);
    });

    it("of floors keep their distance and their order", () => {
        assert.deepEqual(spread([100, 101, 40], 15, 20, 110), [95, 110, 40]);
        assert.deepEqual(spread([5, 50], 15, 20, 110), [20, 50]);
        assert.deepEqual(spread([], 15, 0, 1), []);
    });
});

describe("a series' steps", () => {
    const samples = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 200 }).map(values => values.map((value, index): [number, number] => [index / 2, value]));

    it("lose no change and repeat nothing", () => {
        fc.assert(
            fc.property(samples, given => {
                const kept = stepsOf(steps("ready", "pods", given));
                for (const [seconds, value] of given) {
                    assert.equal(kept.filter(([from]) => from <= seconds).at(-1)?.[1], value);
                }
                assert.ok(kept.every(([, value], index) => index === 0 || kept[index - 1]?.[1] !== value));
            }),
        );
    });

    it("are few where little changes: ten minutes of half seconds are three", () => {
        const long = polled("ready", "pods", [[0, 3], [100, 2], [100.5, 3]], 600);
        assert.equal(long.samples.length, 1201);
        assert.deepEqual(stepsOf(long), [[0, 3], [100, 2], [100.5, 3]]);
        assert.deepEqual(stepsOf(steps("ready", "pods", [[0, 3], [1, NaN], [2, 3]])), [[0, 3]]);
    });

    it("come to what they were at first, at least, at most and at last", () => {
        const facts = factsOf([[0, 3], [10, 1], [14, 2], [20, 5], [30, 3]], 60);
        assert.deepEqual([facts?.first, facts?.lowest, facts?.highest, facts?.last], [[0, 3], [10, 1], [20, 5], [30, 3]]);
        assert.deepEqual([1, 2, 3, 4].map(floor => facts?.secondsUnder(floor)), [0, 4, 10, 50]);
        assert.equal(factsOf([], 60), undefined);
    });
});

describe("a chart's axes", () => {
    it("rise with time and value, with round ticks in order and in the plot", () => {
        fc.assert(
            fc.property(fc.double({ min: 1, max: 4000, noNaN: true }), fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 8 }), (end, values) => {
                const [panel] = panelsOf({ drill: "a", cluster: "b", ours: result("a", "stack", "b", { seconds: end, series: [steps("s", "%", values.map((value, at) => [at, value]))] }), naive: undefined });
                assert.ok(panel !== undefined);
                const x = timeScale(end, 40, 500);
                const y = valueScale(panel, 30, 200, 5);
                for (const [scale, from, to] of [[x, 40, 500], [y, 200, 30]] as const) {
                    const at = ticksOf(scale, 6, isWhole(panel)).map(({ value }) => scale(value));
                    assert.ok(at.every((position, index) => index === 0 || (position - (at[index - 1] ?? 0)) * (to - from) > 0));
                    assert.ok(at.every(position => position >= Math.min(from, to) - 1e-6 && position <= Math.max(from, to) + 1e-6));
                }
                assert.ok(values.every(value => y(value) >= 30 - 1e-6 && y(value) <= 200 + 1e-6));
            }),
        );
    });

    it("count whole replicas in whole numbers, and seconds in round ones", () => {
        const [pair] = pairsOf(KEPT, "zone loss");
        assert.ok(pair !== undefined);
        const texts = textBoxes(svgOf(pair)).map(({ text }) => text);
        assert.deepEqual(texts.filter(text => /^\d+$/.test(text)), ["0", "1", "2", "3", "0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100", "110"]);
    });
});

describe("a chart", () => {
    for (const [name, given] of [["all kept", KEPT], ["one broken", BROKEN], ["live", LIVE]] as const) {
        it(`has no texts on each other or outside, ${name}`, () => {
            for (const pair of pairs(given)) {
                const svg = svgOf(pair);
                assert.ok(textBoxes(svg).length > 8);
                assert.deepEqual(overlaps(textBoxes(svg)), [], `${pair.drill}, ${pair.cluster}`);
                assert.deepEqual(outside(svg), [], `${pair.drill}, ${pair.cluster}`);
            }
        });
    }

    it("has none whatever happens when", () => {
        const marks = fc.array(fc.record({ at: fc.double({ min: 0, max: 300, noNaN: true }), text: fc.constantFrom("a node dies", "zone europe-west4-a returns", "all ready", "x") }), { maxLength: 12 });
        const series = fc.array(fc.record({ name: fc.constantFrom("ready replicas", "replicas wanted", "CPU"), unit: fc.constantFrom("replicas", "%"), values: fc.array(fc.nat(4000), { minLength: 1, maxLength: 5 }), floor: fc.option(fc.nat(12), { nil: undefined }), more: fc.constantFrom({}, { panel: "by Ingress" }, { panel: "by Ingress", tone: "broken" as const }, { tone: "broken" as const }) }), { minLength: 1, maxLength: 4 });
        fc.assert(
            fc.property(marks, series, series, (given, left, right) => {
                const side = (subject: "stack" | "naive", own: typeof left): ReturnType<typeof result> =>
                    result("a", subject, "b", { seconds: 300, marks: [...given].sort((a, b) => a.at - b.at), series: own.map(({ name, unit, values, floor, more }) => ({ ...steps(name, unit, values.map((value, index) => [index * 50, value]), floor), ...more })) });
                const svg = svgOf({ drill: "a", cluster: "b", ours: side("stack", left), naive: side("naive", right) });
                assert.deepEqual(overlaps(textBoxes(svg)), []);
                assert.deepEqual(outside(svg), []);
            }),
            { numRuns: 60 },
        );
    });

    it("draws each change as a step, ours and the naive stack's on the same axes", () => {
        const [pair] = pairsOf(KEPT, "zone loss");
        assert.ok(pair !== undefined);
        const svg = svgOf(pair);
        const [ours = [], ...moreOurs] = corners(svg, "stack look0");
        const [naive = [], ...moreNaive] = corners(svg, "naive look0");
        assert.deepEqual([moreOurs, moreNaive], [[], []]);
        const ys = (line: readonly [number, number][]): number[] => line.map(([, y]) => y).filter((y, index, all) => y !== all[index - 1]);
        const [three = NaN, two = NaN] = ys(ours);
        assert.deepEqual(ys(ours), [three, two, three]);
        assert.deepEqual(ys(naive), [three, three + (two - three) * 3]);
        assert.deepEqual([ours[0]?.[0], ours.at(-1)?.[0]], [naive[0]?.[0], naive.at(-1)?.[0]]);
        for (const [index, [x, y]] of ours.slice(1).entries()) {
            const [fromX = NaN, fromY = NaN] = ours[index] ?? [];
            assert.ok((x === fromX || y === fromY) && x >= fromX, `from ${fromX},${fromY} to ${x},${y}`);
        }
        const floor = Number(/<path class="floor" d="M\S+ ([\d.]+)H/.exec(svg)?.[1]);
        assert.ok(Math.abs(floor - two) <= 0.5, `the floor is at ${floor}, two replicas at ${two}`);
    });

    it("ends its plot early enough that all labels run the same way and no line crosses one", () => {
        for (const pair of pairs(KEPT)) {
            const svg = svgOf(pair);
            const labels = [...svg.matchAll(/<text class="halo" [^>]*text-anchor="([^"]*)"/g)].map(([, anchor]) => anchor);
            assert.deepEqual(labels, (pair.ours?.marks ?? []).map(() => "start"), `${pair.drill}, ${pair.cluster}`);
            const lines = [...svg.matchAll(/<path class="mark" d="M(\S+) ([\d.-]+)V/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
            const own = textBoxes(svg).filter(({ text }) => pair.ours?.marks.some(mark => mark.text === text));
            const crossed = own.filter(({ left, right, bottom }) => lines.some(({ x, y }) => x > left && x < right && y < bottom));
            assert.deepEqual(crossed.map(({ text }) => text), [], `${pair.drill}, ${pair.cluster}`);
        }
    });

    it("names every event of the stack at its moment, and notches those of the naive one", () => {
        for (const pair of pairs(BROKEN)) {
            const svg = svgOf(pair);
            const texts = textBoxes(svg).map(({ text }) => text);
            for (const { text } of pair.ours?.marks ?? []) {
                assert.ok(texts.includes(text), text);
            }
            assert.equal(svg.split('class="mark"').length - 1, pair.ours?.marks.length);
            assert.equal(svg.split('class="naive-mark"').length - 1, pair.naive?.marks.length);
        }
    });

    it("puts other units into plots of their own, below", () => {
        const [pair] = pairsOf(KEPT, "load");
        assert.ok(pair !== undefined);
        assert.deepEqual(panelsOf(pair).map(({ title, unit, lines }) => [title, unit, lines.length]), [
            ["ready replicas", "replicas", 2],
            ["replicas wanted", "replicas", 2],
            ["CPU of target", "%", 2],
        ]);
        const mixed = result("a", "stack", "b", { series: [steps("CPU", "%", [[0, 1]]), steps("ready pods", "pods", [[0, 1]]), steps("nothing", "pods", [])] });
        assert.deepEqual(panelsOf({ drill: "a", cluster: "b", ours: mixed, naive: undefined }).map(({ title }) => title), ["ready pods", "CPU"]);
    });

    it("gives what was promised something else a plot of its own, and says what only the naive stack was promised", () => {
        const side = (subject: "stack" | "naive", floor: number): ReturnType<typeof result> =>
            result("a", subject, "b", { series: [steps("ready replicas", "replicas", [[0, 6]], floor), steps("ready, state", "replicas", [[0, 3]], 2)] });
        const pair = { drill: "a", cluster: "b", ours: side("stack", 4), naive: side("naive", 1) };
        assert.deepEqual(panelsOf(pair).map(({ title, floors }) => [title, floors.map(({ value }) => value)]), [["ready replicas", [4, 1]], ["ready, state", [2]]]);
        const texts = textBoxes(svgOf(pair)).map(({ text }) => text);
        assert.deepEqual(texts.filter(text => /promised|naive/.test(text)), ["promised 4", "naive: 1", "promised 2"]);
        assert.equal(svgOf(pair).split('class="under"').length - 1, 2);
    });

    it("tells lines of one plot apart, and says which is which", () => {
        const [pair] = pairsOf(KEPT, "loss of a cluster");
        assert.ok(pair !== undefined);
        assert.deepEqual([...svgOf(pair).matchAll(/class="(line [^"]*)"/g)].map(([, look]) => look), ["line stack look0", "line stack look1", "line naive look0"]);
        for (const text of ["the stack: ready replicas, east", "the stack: ready replicas, central", "naive stack: ready replicas, east", "event"]) {
            assert.ok(legend(pair).source.includes(`</svg>${text}</span>`), text);
        }
        const [zone] = pairsOf(KEPT, "zone loss");
        assert.ok(zone !== undefined && legend(zone).source.includes("</svg>the stack</span>"));
    });

    it("says itself in words", () => {
        const [east, central] = pairsOf(BROKEN, "zone loss");
        assert.ok(east !== undefined && central !== undefined);
        assert.equal(
            inWords(east),
            "ready replicas, stack: 3 at first, lowest 2 from 47.5 s, 3 at the end since 82.0 s; never under the promised 2. " +
                "ready replicas, naive stack: 3 at first, lowest 0 from 47.5 s, 0 at the end since 47.5 s; under the promised 2 for 64.5 s. " +
                "Marks of the stack: 5.0 s zone us-east-1a dies; 47.2 s its nodes are not ready; 77.9 s lost replicas are asked for anew; 81.6 s all ready again; 100.0 s zone us-east-1a returns. " +
                "Marks of the naive stack: 5.4 s zone us-east-1a dies.",
        );
        assert.match(svgOf(central), /^<svg class="chart" viewBox="0 0 580 \d+" role="img" aria-labelledby="chart-title chart-desc"><title id="chart-title">zone loss, central: ready replicas over time<\/title><desc id="chart-desc">ready replicas, stack: 3 at first/);
    });

    it("is left out where nothing was counted", () => {
        const [pair] = pairs(report([result("a", "stack", "b")]));
        assert.ok(pair !== undefined);
        assert.equal(drawChart(pair, "chart"), undefined);
    });
});
