import type { Alert, Severity, Subject } from "../components/platform/monitoring/rules";
import { certificateCases } from "./certificateCases";
import { replicaCases } from "./replicaCases";
import { requestCases } from "./requestCases";
import { volumeCases } from "./volumeCases";

/** One made-up course of measurements, and which alerts it brings at which time. */
export interface Case {
    readonly title: string;
    readonly subject: Subject;
    /** Time between two samples. */
    readonly interval: "1m" | "5m" | "1h";
    /** Series with their samples in promtool's notation: "6x30" is 6 and 30 times more. */
    readonly series: Readonly<Record<string, string>>;
    /** Alerts that are looked at: what a course leaves out is missed by others. */
    readonly names: readonly Alert["name"][];
    readonly at: readonly Expectation[];
}

/** What fires at a time, and nothing else of what the rules have, unless only some names are looked at. */
export interface Expectation {
    readonly time: string;
    readonly fires: readonly Fired[];
}

/** An alert that fires, with all that it says. */
export interface Fired {
    readonly name: Alert["name"];
    readonly severity: Severity;
    /** Its labels beside the severity. */
    readonly labels: Readonly<Record<string, string>>;
    readonly summary: string;
}

/** Every case there is. */
export const cases: readonly Case[] = [...replicaCases, ...requestCases, ...volumeCases, ...certificateCases];
