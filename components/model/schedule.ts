/** How often something that recurs is due. Times are in UTC, in which every day has 24 hours. */

/** When something is due: at times of the calendar, or at one interval after another. */
export type Recurrence = CalendarTimes | { readonly everySeconds: number };

/** Times of the calendar, each list without repetition. */
export interface CalendarTimes {
    /** Minutes of the hour, 0 to 59. */
    readonly minutes: readonly number[];
    /** Hours of the day, 0 to 23. */
    readonly hours: readonly number[];
    /** Days of the month, 1 to 31. */
    readonly days: readonly number[];
    /** Months, 1 to 12. */
    readonly months: readonly number[];
    /** Days of the week, 0 for Sunday to 6. */
    readonly weekdays: readonly number[];
    /** Whether a day needs to be among `days` and `weekdays` both, or is due by either. */
    readonly daysBy: "both" | "either";
}

/** Seconds between two times that follow each other. */
export interface Gaps {
    readonly shortest: number;
    readonly longest: number;
}

const secondsPerMinute = 60;
const secondsPerDay = 86_400;

/** Years after which the calendar repeats, weekdays and all: 146 097 days are 20 871 weeks. */
const cycleYears = 400;
const firstYear = 2000;

/** Thursday: the weekday of 1970-01-01, from which days are counted. */
const firstWeekday = 4;

/** The shortest and the longest time between two; undefined where it is never due. */
export function gapsOf(recurrence: Recurrence): Gaps | undefined {
    if ("everySeconds" in recurrence) {
        return { shortest: recurrence.everySeconds, longest: recurrence.everySeconds };
    }
    const times = timesOfDay(recurrence);
    const between = daysBetween(recurrence);
    const [first, last] = [times[0], times.at(-1)];
    if (first === undefined || last === undefined || between === undefined) {
        return undefined;
    }
    const withinDay = times.slice(1).map((time, index) => time - (times[index] ?? time));
    const overNight = [between.shortest, between.longest].map(days => days * secondsPerDay - last + first);
    return { shortest: Math.min(...withinDay, ...overNight), longest: Math.max(...withinDay, ...overNight) };
}

/** Seconds since midnight, in order. */
function timesOfDay({ hours, minutes }: CalendarTimes): readonly number[] {
    return hours.flatMap(hour => minutes.map(minute => (hour * 60 + minute) * secondsPerMinute)).sort((a, b) => a - b);
}

/** Days on which it is due, counted from the start of a cycle that repeats for ever. */
interface DueDays {
    readonly due: readonly number[];
    readonly cycle: number;
}

/** Days from one day on which it is due to the next, in all the ways that the calendar has. */
function daysBetween(times: CalendarTimes): Gaps | undefined {
    const { due, cycle } = times.days.length === 31 && times.months.length === 12 ? dueInWeek(times) : dueInCalendar(times);
    const [first, last] = [due[0], due.at(-1)];
    if (first === undefined || last === undefined) {
        return undefined;
    }
    let [shortest, longest] = [first + cycle - last, first + cycle - last];
    for (const [index, day] of due.entries()) {
        const gap = index === 0 ? longest : day - (due[index - 1] ?? day);
        shortest = Math.min(shortest, gap);
        longest = Math.max(longest, gap);
    }
    return { shortest, longest };
}

/** Where every day of the month will do, all weeks are alike. */
function dueInWeek({ weekdays, daysBy }: CalendarTimes): DueDays {
    return { due: daysBy === "either" ? [0] : [...weekdays].sort((a, b) => a - b), cycle: daysBy === "either" ? 1 : 7 };
}

function dueInCalendar({ days, months, weekdays, daysBy }: CalendarTimes): DueDays {
    const dayOf = (year: number, month: number): number => Date.UTC(year, month) / (secondsPerDay * 1000);
    const start = dayOf(firstYear, 0);
    const due: number[] = [];
    for (let year = firstYear; year < firstYear + cycleYears; year++) {
        for (let month = 0; month < 12; month++) {
            const first = dayOf(year, month);
            const length = months.includes(month + 1) ? dayOf(year, month + 1) - first : 0;
            for (let index = 0; index < length; index++) {
                const [byDay, byWeekday] = [days.includes(index + 1), weekdays.includes((first + index + firstWeekday) % 7)];
                if (daysBy === "both" ? byDay && byWeekday : byDay || byWeekday) {
                    due.push(first + index - start);
                }
            }
        }
    }
    return { due, cycle: dayOf(firstYear + cycleYears, 0) - start };
}

/** Units from the greatest on that a duration is said in, with the least number of them that sounds right. */
const units = [
    { seconds: secondsPerDay, least: 2, one: "day" },
    { seconds: 3600, least: 1, one: "hour" },
    { seconds: secondsPerMinute, least: 1, one: "minute" },
    { seconds: 1, least: 0, one: "second" },
] as const;

/** A whole number of seconds in the greatest unit that it is a whole number of: "6 hours", "90 minutes", "7 days". */
export function durationWords(seconds: number): string {
    const unit = units.find(({ seconds: each, least }) => seconds % each === 0 && seconds / each >= least);
    const count = seconds / (unit?.seconds ?? 1);
    return `${count} ${unit?.one ?? "second"}${count === 1 ? "" : "s"}`;
}
