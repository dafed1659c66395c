import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { dashboardOf } from "../components/platform/monitoring/dashboard";
import { ruleGroups } from "../components/platform/monitoring/ruleGroups";
import { type Subject, runbook, ruleSpec } from "../components/platform/monitoring/rules";
import { type Case, type Expectation, cases } from "./cases";

/** Files for promtool: one with the rules of a subject, and one with cases that try them. */
export interface TestFiles {
    readonly rules: string;
    readonly tests: string;
}

/** Time between two evaluations, by the time between two samples: a case of months is not looked at every minute. */
const evaluations: Readonly<Record<Case["interval"], string>> = { "1m": "1m", "5m": "2m", "1h": "1h" };

/** Writes rules and cases below a folder. The dashboard's queries are among the rules, to be read too. */
export function writeFiles(folder: string): readonly TestFiles[] {
    mkdirSync(folder, { recursive: true });
    const subjects = [...new Set(cases.map(({ subject }) => subject))];
    return subjects.flatMap((subject, index) => {
        const rules = join(folder, `rules-${index}.json`);
        writeFileSync(rules, JSON.stringify({ groups: [...ruleSpec(ruleGroups(subject)).groups, { name: "dashboard", rules: queriesOf(subject) }] }));
        const own = cases.filter(one => one.subject === subject);
        return [...new Set(own.map(({ interval }) => interval))].map(interval => {
            const tests = join(folder, `tests-${index}-${interval}.json`);
            const chosen = own.filter(one => one.interval === interval).map(testOf);
            writeFileSync(tests, JSON.stringify({ rule_files: [rules], evaluation_interval: evaluations[interval], tests: chosen }));
            return { rules, tests };
        });
    });
}

/** The dashboard's queries as recordings: promtool reads no others. */
function queriesOf({ app, ...subject }: Subject): readonly { readonly record: string; readonly expr: string }[] {
    const panels = app === undefined ? [] : dashboardOf({ ...subject, app }).panels;
    return panels.flatMap(({ id, targets }) => targets.map(({ refId, expr }) => ({ record: `dashboard:panel_${id}:${refId}`, expr })));
}

function testOf({ title, interval, series, names, at }: Case) {
    return {
        name: title,
        interval,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: at.flatMap(expectation => names.map(name => alertTest(expectation, name))),
    };
}

/** Exactly these alerts of a name, with labels and texts. */
function alertTest({ time, fires }: Expectation, name: string) {
    return {
        eval_time: time,
        alertname: name,
        exp_alerts: fires
            .filter(fired => fired.name === name)
            .map(({ severity, labels, summary }) => ({
                exp_labels: { severity, ...labels },
                exp_annotations: { summary, runbook: `${runbook}#${name.toLowerCase()}` },
            })),
    };
}
