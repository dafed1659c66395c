import type { Rule } from "../rule";
import { failoverDns } from "./dns";
import { failoverEndpoints } from "./endpoints";
import { failoverHealthChecks } from "./healthChecks";
import { failoverHoldDown } from "./holdDown";
import { failoverReach } from "./reach";

/** Rules for DNS that fails over between clusters. */
export const failover: readonly Rule[] = [...failoverDns, ...failoverHealthChecks, ...failoverEndpoints, ...failoverHoldDown, ...failoverReach];
