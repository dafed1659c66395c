import type { Rule } from "../rule";
import { addonReliability } from "./addonReliability";
import { certificateReliability } from "./certificates";
import { resourceCost } from "./cost";
import { eksReliability } from "./eksReliability";
import { eksSecurity } from "./eksSecurity";
import { endpointCost, endpointReliability } from "./endpoints";
import { identitySecurity } from "./identity";
import { loadBalancerReliability } from "./loadBalancerReliability";
import { loadBalancerSecurity } from "./loadBalancerSecurity";
import { networkReliability } from "./networkReliability";
import { networkSecurity } from "./networkSecurity";
import { nodeReliability } from "./nodeReliability";
import { nodeSecurity } from "./nodeSecurity";

/** Rules for AWS, and for what Kubernetes asks of it. */
export const awsSecurity: readonly Rule[] = [...eksSecurity, ...nodeSecurity, ...networkSecurity, ...identitySecurity, ...loadBalancerSecurity];

export const awsReliability: readonly Rule[] = [
    ...eksReliability,
    ...addonReliability,
    ...nodeReliability,
    ...networkReliability,
    ...endpointReliability,
    ...loadBalancerReliability,
    ...certificateReliability,
];

export const awsCost: readonly Rule[] = [...resourceCost, ...endpointCost];
