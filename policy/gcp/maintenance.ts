import type { InputsByType } from "../inputs";
import { shown } from "../rule";
import { isSet } from "../values";

type Policy = InputsByType["gcp:container/cluster:Cluster"]["maintenancePolicy"];
type Window = NonNullable<NonNullable<Policy>["recurringWindow"]>;

/**
 * What GKE asks for: only windows of at least 4 hours count, and they must come to 48 hours in 32 days
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/maintenance-window).
 */
const shortestHours = 4;
const leastHours = 48;
const daysCounted = 32;
const daysPerWeek = 7;
const msPerHour = 3_600_000;

/** What is wrong with when GKE may do maintenance; undefined for nothing. */
export function maintenanceFault(policy: Policy): string | undefined {
    const window = policy?.recurringWindow;
    if (isSet(window)) {
        return windowFault(window);
    }
    // A daily window is of 4 hours, always; the newer form of a recurring one is taken as it is.
    return isSet(policy?.dailyMaintenanceWindow) || isSet(policy?.recurringMaintenanceWindow) ? undefined : "maintenancePolicy names no window";
}

function windowFault({ startTime, endTime, recurrence }: Window): string | undefined {
    const hours = (Date.parse(endTime ?? "") - Date.parse(startTime ?? "")) / msPerHour;
    if (hours < shortestHours) {
        return `maintenancePolicy.recurringWindow is of ${hours} hours, from ${shown(startTime)} to ${shown(endTime)}`;
    }
    const total = hours * timesCounted(recurrence ?? "");
    return total < leastHours ? `maintenancePolicy.recurringWindow comes to ${total} hours in ${daysCounted} days: ${shown(recurrence)}` : undefined;
}

/** How often a window surely comes in the days that are counted; NaN for a rule that this doesn't read. */
function timesCounted(recurrence: string): number {
    const parts = new Map(recurrence.split(";").map(part => part.split("=", 2) as [string, string | undefined]));
    if (parts.has("INTERVAL")) {
        return NaN;
    }
    const frequency = parts.get("FREQ");
    if (frequency === "DAILY") {
        return daysCounted;
    }
    return frequency === "WEEKLY" ? Math.floor(daysCounted / daysPerWeek) * (parts.get("BYDAY") ?? "MO").split(",").length : NaN;
}
