import * as aws from "@pulumi/aws";

import { ownerTags } from "../tags";
import { metricsRegion } from "./healthCheck";

/** The provider of the failover DNS. Route 53 is a global service; its metrics, and so its alarms, live in one region. */
export function createDnsProvider(): aws.Provider {
    return new aws.Provider("failover-aws", { region: metricsRegion, defaultTags: { tags: ownerTags() } });
}
