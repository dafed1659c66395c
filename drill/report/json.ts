import type { DrillReport, DrillResult, LeftOut, Series, Traffic, WriteCount } from "../result";

/** Samples a line: a drill of ten minutes has over a thousand. */
const samplesPerLine = 12;

/**
 * The text of drill.json or live.json: every fact of the report, keys in the contract's order whatever order they came in, samples packed
 * several to a line so that the file can still be read and compared.
 */
export function drillJson(report: DrillReport): string {
    return `${pretty(ordered(report), "")}\n`;
}

function ordered({ formatVersion, live, project, stack, set, startedAt, seconds, setting, unproved, drills, leftOut, mustBreak }: DrillReport): DrillReport {
    return { formatVersion, ...(live === undefined ? {} : { live }), project, stack, set, startedAt, seconds, setting, unproved, leftOut: leftOut.map(orderedLeftOut), mustBreak, drills: drills.map(orderedResult) };
}

function orderedLeftOut({ drill, cluster, why, lacking }: LeftOut): LeftOut {
    return { drill, cluster, why, ...(lacking === undefined ? {} : { lacking }) };
}

function orderedResult({ drill, subject, cluster, what, seconds, promises, series, marks, notes, traffic, fullStrengthSeconds, writes }: DrillResult): DrillResult {
    return {
        drill,
        subject,
        cluster,
        what,
        seconds,
        promises: promises.map(({ name, promised, measured, kept }) => ({ name, promised, measured, kept })),
        series: series.map(orderedSeries),
        marks: marks.map(({ at, text }) => ({ at, text })),
        notes,
        ...(traffic === undefined ? {} : { traffic: traffic.map(orderedTraffic) }),
        ...(fullStrengthSeconds === undefined ? {} : { fullStrengthSeconds }),
        ...(writes === undefined ? {} : { writes: orderedWrites(writes) }),
    };
}

function orderedWrites({ acknowledged, readBack, lost, copies }: WriteCount): WriteCount {
    return { acknowledged, readBack, lost, ...(copies === undefined ? {} : { copies }) };
}

function orderedTraffic({ client, sent, failed, longestGapSeconds, p99Seconds, errors }: Traffic): Traffic {
    return { client, sent, failed, longestGapSeconds, p99Seconds, errors: errors.map(({ error, count }) => ({ error, count })) };
}

function orderedSeries({ name, unit, samples, floor, panel, tone }: Series): Series {
    return {
        name,
        unit,
        ...(floor === undefined ? {} : { floor }),
        ...(panel === undefined ? {} : { panel }),
        ...(tone === undefined ? {} : { tone }),
        samples,
    };
}

function pretty(value: unknown, indent: string): string {
    const deeper = `${indent}  `;
    if (Array.isArray(value)) {
        const items: readonly unknown[] = value;
        return block("[", isSamples(items) ? packed(items) : items.map(item => pretty(item, deeper)), "]", indent);
    }
    if (typeof value === "object" && value !== null) {
        const known = Object.entries(value).filter(([, item]) => item !== undefined);
        return block("{", known.map(([key, item]) => `${JSON.stringify(key)}: ${pretty(item, deeper)}`), "}", indent);
    }
    return JSON.stringify(value);
}

function block(open: string, lines: readonly string[], close: string, indent: string): string {
    return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.map(line => `${indent}  ${line}`).join(",\n")}\n${indent}${close}`;
}

function isSamples(items: readonly unknown[]): boolean {
    return items.every(item => Array.isArray(item));
}

function packed(samples: readonly unknown[]): string[] {
    const texts = samples.map(sample => JSON.stringify(sample));
    return Array.from({ length: Math.ceil(texts.length / samplesPerLine) }, (_, index) =>
        texts.slice(index * samplesPerLine, (index + 1) * samplesPerLine).join(", "),
    );
}
