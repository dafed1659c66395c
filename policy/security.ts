import { awsSecurity } from "./aws";
import { gcpSecurity } from "./gcp";
import { kubernetesSecurity } from "./kubernetes";
import type { Rule } from "./rule";

/** Who can get in, and what they would find. */
export const security: readonly Rule[] = [...awsSecurity, ...gcpSecurity, ...kubernetesSecurity];
