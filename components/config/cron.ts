import type { Recurrence } from "../model/schedule";
import { nearest } from "./suggest";

/** What is wrong with a schedule: what would be accepted in its place, and what to change. */
export interface CronFault {
    readonly allowed: string;
    readonly fix: string;
}

/** A field of a schedule: its bounds, and the words that may stand for its numbers, from the lowest on. */
interface Field {
    readonly name: string;
    readonly article: "a" | "an";
    readonly min: number;
    readonly max: number;
    readonly words: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fields: readonly Field[] = [
    { name: "minute", article: "a", min: 0, max: 59, words: [] },
    { name: "hour", article: "an", min: 0, max: 23, words: [] },
    { name: "day of the month", article: "a", min: 1, max: 31, words: [] },
    { name: "month", article: "a", min: 1, max: 12, words: months },
    { name: "weekday", article: "a", min: 0, max: 6, words: weekdays },
];

/** Words for a whole schedule, with what they stand for. */
const descriptions: Readonly<Record<string, string>> = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
};

const descriptors = Object.keys(descriptions);

/** What a schedule may be, for the docs and for errors. */
export const cronAllowed = "a cron schedule of five fields (minute, hour, day, month, weekday), @daily and the like, or @every 90m";

/**
 * What Kubernetes, or sense, has against a schedule; undefined where nothing.
 *
 * The API server takes what the standard parser of robfig/cron v3 takes (parser.go and spec.go in
 * https://github.com/robfig/cron/tree/v3), less a time zone in it (validateScheduleFormat in
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/batch/validation/validation.go). That
 * parser lets pass what can't be meant, which is refused here: empty parts of a list, signs, an end after
 * a star, a step over the field's range (every 90 minutes comes out as every hour), an interval under a
 * minute, and a day that no chosen month has, for which the CronJob controller only logs an error.
 */
export function cronFault(schedule: string): CronFault | undefined {
    if (schedule.includes("TZ=")) {
        return { allowed: `${cronAllowed}, in UTC`, fix: "leave the time zone out, and write the time in UTC" };
    }
    if (schedule.startsWith("@")) {
        return descriptorFault(schedule);
    }
    const texts = schedule.trim().split(/\s+/);
    if (texts.length !== fields.length) {
        const fix = texts.length === fields.length + 1 ? "leave the seconds out" : 'write five fields with spaces between them, for example "30 3 * * *"';
        return { allowed: cronAllowed, fix };
    }
    for (const [index, field] of fields.entries()) {
        const fault = (texts[index] ?? "").split(",").map(part => partFault(part, field)).find(found => found !== undefined);
        if (fault !== undefined) {
            return fault;
        }
    }
    return absentDay(texts);
}

/** When a schedule that has no fault is due. */
export function recurrenceOf(schedule: string): Recurrence {
    if (schedule.startsWith("@every ")) {
        return { everySeconds: secondsOf(schedule.slice("@every ".length)) };
    }
    const texts = (descriptions[schedule] ?? schedule).trim().split(/\s+/);
    const [minutes = [], hours = [], days = [], months = [], weekdays = []] = fields.map((field, index) => [
        ...new Set((texts[index] ?? "").split(",").flatMap(part => valuesOf(part, field))),
    ]);
    return { minutes, hours, days, months, weekdays, daysBy: choosesNothing(texts[2] ?? "") || choosesNothing(texts[4] ?? "") ? "both" : "either" };
}

function descriptorFault(schedule: string): CronFault | undefined {
    if (descriptors.includes(schedule)) {
        return undefined;
    }
    const [descriptor = "", duration] = schedule.split(" ", 2);
    if (descriptor !== "@every") {
        const meant = nearest(schedule, descriptors);
        return { allowed: `one of ${descriptors.join(", ")}, or @every 90m`, fix: meant === undefined ? 'write five fields, for example "30 3 * * *"' : `did you mean ${meant}?` };
    }
    // Durations as Go's time.ParseDuration reads them, in the units that make sense here.
    const seconds = /^@every (\d+(\.\d+)?[hms])+$/.test(schedule) ? secondsOf(duration ?? "") : 0;
    return seconds >= shortestInterval && seconds <= longestInterval
        ? undefined
        : { allowed: "@every with a duration from a minute to a year, in h, m and s", fix: "write it like @every 90m or @every 1h30m" };
}

/** A minute, which is as fine as five fields are, and a year, in seconds. */
const shortestInterval = 60;
const longestInterval = 366 * 86_400;

function secondsOf(duration: string): number {
    const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
    return [...duration.matchAll(/([\d.]+)([hms])/g)].reduce((sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0), 0);
}

/** One part of a field's list: `*`, `5`, `1-5`, `mon-fri`, each perhaps with a step. */
function partFault(part: string, field: Field): CronFault | undefined {
    const { name, article, min, max, words } = field;
    const range = `${article} ${name} from ${min} to ${max}${words.length === 0 ? "" : `, or ${words[0] ?? ""} to ${words.at(-1) ?? ""}`}`;
    const match = /^(?:[*?]|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) {
        return { allowed: `${range}, a range such as ${min}-${max}, or a list of them with commas alone between`, fix: part === "" ? `fill the gap in the ${name}` : `write ${part} in that form` };
    }
    const [, start, end, step] = match;
    for (const bound of [start, end].filter(text => text !== undefined)) {
        const value = numberOf(bound, field);
        if (value === undefined || value < min || value > max) {
            return { allowed: range, fix: value === 7 && words === weekdays ? "write 0 for Sunday" : `write another ${name} in place of ${bound}` };
        }
    }
    if (start !== undefined && end !== undefined && (numberOf(start, field) ?? 0) > (numberOf(end, field) ?? 0)) {
        return { allowed: `a range that begins with its lower ${name}`, fix: `split ${part} in two: ${start}-${max},${min}-${end}` };
    }
    return step !== undefined && (Number(step) < 1 || Number(step) > max)
        ? { allowed: `a step from 1 to ${max}: the ${name} starts over after each round`, fix: `choose another step in ${part}` }
        : undefined;
}

function numberOf(text: string, { min, words }: Field): number | undefined {
    const index = words.indexOf(text.toLowerCase());
    if (index >= 0) {
        return min + index;
    }
    return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Days of each month in a leap year. */
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * A day of the month that never comes. Where days and weekdays are both chosen, either is enough; a star
 * without a step chooses nothing.
 */
function absentDay([, , days = "", monthsText = "", weekday = ""]: readonly string[]): CronFault | undefined {
    const [, , dayField, monthField] = fields;
    if (choosesNothing(days) || !choosesNothing(weekday) || dayField === undefined || monthField === undefined) {
        return undefined;
    }
    const firstDay = Math.min(...days.split(",").flatMap(part => valuesOf(part, dayField)));
    const longest = Math.max(...monthsText.split(",").flatMap(part => valuesOf(part, monthField)).map(month => monthDays[month - 1] ?? 0));
    return firstDay <= longest
        ? undefined
        : { allowed: `a day that one of the months has: at most ${longest}`, fix: "lower the day of the month, or choose other months" };
}

/** Whether a field chooses nothing. */
function choosesNothing(text: string): boolean {
    return text.split(",").some(part => /^[*?](\/1)?$/.test(part));
}

/** The numbers that a part without faults stands for. */
function valuesOf(part: string, field: Field): number[] {
    const [range = "", step = "1"] = part.split("/");
    const [start = "", end] = range.split("-");
    const isStar = start === "*" || start === "?";
    const low = isStar ? field.min : (numberOf(start, field) ?? field.min);
    // A number with a step means "from there to the field's end".
    const high = isStar || (end === undefined && part.includes("/")) ? field.max : (numberOf(end ?? start, field) ?? field.max);
    return Array.from({ length: Math.floor((high - low) / Number(step)) + 1 }, (_, index) => low + index * Number(step));
}
