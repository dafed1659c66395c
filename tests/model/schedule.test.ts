// What this cannot prove: that whoever runs a schedule keeps to it.
import assert from "node:assert/strict";

import fc from "fast-check";

import { type CalendarTimes, durationWords, gapsOf } from "../../components/model/schedule";

const upTo = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Midnight of every day. */
const daily: CalendarTimes = { minutes: [0], hours: [0], days: upTo(1, 31), months: upTo(1, 12), weekdays: upTo(0, 6), daysBy: "both" };

const hour = 3600;
const day = 24 * hour;

const some = (first: number, last: number): fc.Arbitrary<number[]> => fc.uniqueArray(fc.integer({ min: first, max: last }), { minLength: 1, maxLength: 4 });

/** Times of the calendar that come within a month: by weekday, if not by day. */
const frequent: fc.Arbitrary<CalendarTimes> = fc.record({
    minutes: some(0, 59),
    hours: some(0, 23),
    days: fc.oneof(fc.constant(upTo(1, 31)), some(1, 28)),
    months: fc.constant(upTo(1, 12)),
    weekdays: fc.oneof(fc.constant(upTo(0, 6)), some(0, 6)),
    daysBy: fc.constantFrom("both", "either"),
});

/** Every minute at which it is due between two, looked at one by one. */
function dueMinutes(times: CalendarTimes, from: Date, days: number): number[] {
    return upTo(0, days * 24 * 60 - 1).filter(minute => {
        const date = new Date(from.getTime() + minute * 60_000);
        const [byDay, byWeekday] = [times.days.includes(date.getUTCDate()), times.weekdays.includes(date.getUTCDay())];
        return (
            times.minutes.includes(date.getUTCMinutes()) &&
            times.hours.includes(date.getUTCHours()) &&
            times.months.includes(date.getUTCMonth() + 1) &&
            (times.daysBy === "both" ? byDay && byWeekday : byDay || byWeekday)
        );
    });
}

describe("the time between two", () => {
    const cases: readonly { readonly what: string; readonly times: Partial<CalendarTimes>; readonly shortest: number; readonly longest: number }[] = [
        { what: "every day", times: {}, shortest: day, longest: day },
        { what: "every sixth hour", times: { hours: [0, 6, 12, 18] }, shortest: 6 * hour, longest: 6 * hour },
        { what: "every fifth hour, which starts over at midnight", times: { hours: [0, 5, 10, 15, 20] }, shortest: 4 * hour, longest: 5 * hour },
        { what: "office hours", times: { hours: upTo(9, 17), weekdays: upTo(1, 5) }, shortest: hour, longest: 2 * day + 16 * hour },
        { what: "every seventh minute", times: { minutes: upTo(0, 8).map(n => n * 7), hours: upTo(0, 23) }, shortest: 4 * 60, longest: 7 * 60 },
        { what: "the first of the month", times: { days: [1] }, shortest: 28 * day, longest: 31 * day },
        { what: "the 31st, which every other month lacks", times: { days: [31] }, shortest: 31 * day, longest: 61 * day },
        { what: "the 13th or a Friday", times: { days: [13], weekdays: [5], daysBy: "either" }, shortest: day, longest: 7 * day },
        { what: "a Friday the 13th", times: { days: [13], weekdays: [5], daysBy: "both" }, shortest: 28 * day, longest: 427 * day },
        // 1900, 2100 and the like have none.
        { what: "leap days", times: { days: [29], months: [2] }, shortest: 1461 * day, longest: 2921 * day },
        { what: "once a year, at the end of the day", times: { minutes: [59], hours: [23], days: [31], months: [12] }, shortest: 365 * day, longest: 366 * day },
    ];
    for (const { what, times, shortest, longest } of cases) {
        it(`of ${what}`, () => { assert.deepEqual(gapsOf({ ...daily, ...times }), { shortest, longest }); });
    }

    it("of an interval is the interval", () => { assert.deepEqual(gapsOf({ everySeconds: 5400 }), { shortest: 5400, longest: 5400 }); });

    it("of what never comes is none", () => {
        assert.equal(gapsOf({ ...daily, days: [31], months: [2] }), undefined);
        assert.equal(gapsOf({ ...daily, hours: [] }), undefined);
    });

    it("is within bounds at every time that a calendar of three months has", () => {
        fc.assert(
            fc.property(frequent, fc.date({ min: new Date("2020-01-01T00:00:00Z"), max: new Date("2099-01-01T00:00:00Z"), noInvalidDate: true }), (times, somewhere) => {
                const from = new Date(Math.floor(somewhere.getTime() / (day * 1000)) * day * 1000);
                const due = dueMinutes(times, from, 92);
                const gaps = due.slice(1).map((minute, index) => (minute - (due[index] ?? minute)) * 60);
                const bounds = gapsOf(times);
                fc.pre(gaps.length > 0);
                assert.ok(bounds !== undefined && Math.min(...gaps) >= bounds.shortest && Math.max(...gaps) <= bounds.longest, JSON.stringify(bounds));
            }),
            { numRuns: 15 },
        );
    });

    it("is both bounds somewhere, where every week is alike", () => {
        const weekly = frequent.map(times => ({ ...times, days: daily.days, daysBy: "both" as const }));
        fc.assert(
            fc.property(weekly, times => {
                const due = dueMinutes(times, new Date("2026-01-05T00:00:00Z"), 15);
                const gaps = due.slice(1).map((minute, index) => (minute - (due[index] ?? minute)) * 60);
                assert.deepEqual(gapsOf(times), { shortest: Math.min(...gaps), longest: Math.max(...gaps) });
            }),
            { numRuns: 30 },
        );
    });
});

describe("a duration in words", () => {
    for (const [seconds, words] of [
        [6 * hour, "6 hours"],
        [hour, "1 hour"],
        [90 * 60, "90 minutes"],
        [60, "1 minute"],
        [day, "24 hours"],
        [2 * day, "2 days"],
        [7 * day, "7 days"],
        [36 * hour, "36 hours"],
        [1000, "1000 seconds"],
        [1, "1 second"],
        [0, "0 seconds"],
    ] as const) {
        it(`of ${seconds} s is ${words}`, () => { assert.equal(durationWords(seconds), words); });
    }
});
