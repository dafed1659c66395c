import type { Rule } from "../rule";
import { gcpFirewalls } from "./firewalls";
import { gcpNetworkReliability } from "./gcpNetworkReliability";
import { gkeIngressReliability, gkeIngressSecurity } from "./gkeIngress";
import { gkeNodeSecurity } from "./gkeNodeSecurity";
import { gkePools } from "./gkePools";
import { gkeReliability } from "./gkeReliability";
import { gkeSecurity } from "./gkeSecurity";
import { projectSecurity } from "./projectSecurity";

/** Rules for Google Cloud. */
export const gcpSecurity: readonly Rule[] = [...gkeSecurity, ...gkeNodeSecurity, ...projectSecurity, ...gkeIngressSecurity];
export const gcpReliability: readonly Rule[] = [...gkeReliability, ...gkePools, ...gcpNetworkReliability, ...gcpFirewalls, ...gkeIngressReliability];
export { gcpCost } from "./gcpCost";
