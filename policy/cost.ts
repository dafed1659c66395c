import { awsCost } from "./aws";
import { gcpCost } from "./gcp";
import { kubernetesCost } from "./kubernetes";
import type { Rule } from "./rule";

/** What would be paid for and not used, or grow without end. */
export const cost: readonly Rule[] = [...awsCost, ...gcpCost, ...kubernetesCost];
