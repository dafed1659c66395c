// What this cannot prove: that Kubernetes, or Velero, runs anything at these times.
import assert from "node:assert/strict";

import { cronFault, recurrenceOf } from "../../components/config/cron";
import { type CalendarTimes, gapsOf } from "../../components/model/schedule";

const upTo = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const all: CalendarTimes = { minutes: upTo(0, 59), hours: upTo(0, 23), days: upTo(1, 31), months: upTo(1, 12), weekdays: upTo(0, 6), daysBy: "both" };

describe("when a schedule is due", () => {
    const cases: readonly (readonly [schedule: string, times: Partial<CalendarTimes>])[] = [
        ["* * * * *", {}],
        ["0 */6 * * *", { minutes: [0], hours: [0, 6, 12, 18] }],
        ["30 3 * * *", { minutes: [30], hours: [3] }],
        ["  30\t3  * *   * ", { minutes: [30], hours: [3] }],
        ["5,35 8-10 * * mon-fri", { minutes: [5, 35], hours: [8, 9, 10], weekdays: [1, 2, 3, 4, 5] }],
        ["0 0 1 JAN,jul ?", { minutes: [0], hours: [0], days: [1], months: [1, 7] }],
        ["10/20 0 * * *", { minutes: [10, 30, 50], hours: [0] }],
        ["1,1-3 0 * * *", { minutes: [1, 2, 3], hours: [0] }],
        ["@daily", { minutes: [0], hours: [0] }],
        ["@midnight", { minutes: [0], hours: [0] }],
        ["@hourly", { minutes: [0] }],
        ["@weekly", { minutes: [0], hours: [0], weekdays: [0] }],
        ["@monthly", { minutes: [0], hours: [0], days: [1] }],
        ["@yearly", { minutes: [0], hours: [0], days: [1], months: [1] }],
        // Days and weekdays: a field that begins with a star chooses nothing, and one with a step chooses (spec.go of robfig/cron v3).
        ["0 0 13 * 5", { minutes: [0], hours: [0], days: [13], weekdays: [5], daysBy: "either" }],
        ["0 0 13 * *", { minutes: [0], hours: [0], days: [13] }],
        ["0 0 */10 * 1", { minutes: [0], hours: [0], days: [1, 11, 21, 31], weekdays: [1], daysBy: "either" }],
        ["0 0 */1 * 1", { minutes: [0], hours: [0], weekdays: [1] }],
    ];
    for (const [schedule, times] of cases) {
        it(schedule, () => {
            assert.equal(cronFault(schedule), undefined);
            assert.deepEqual(recurrenceOf(schedule), { ...all, ...times });
        });
    }

    for (const [schedule, everySeconds] of [["@every 90m", 5400], ["@every 1h30m", 5400], ["@every 61s", 61], ["@every 1.5h", 5400]] as const) {
        it(schedule, () => {
            assert.equal(cronFault(schedule), undefined);
            assert.deepEqual(recurrenceOf(schedule), { everySeconds });
        });
    }

    it("is often enough to be reckoned with, by the words' own meaning", () => {
        const day = 86_400;
        for (const [schedule, longest] of [["@hourly", 3600], ["@daily", day], ["@weekly", 7 * day], ["@monthly", 31 * day], ["@yearly", 366 * day], ["@annually", 366 * day]] as const) {
            assert.equal(gapsOf(recurrenceOf(schedule))?.longest, longest, schedule);
        }
    });
});
