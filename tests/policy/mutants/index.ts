import type { Mutant } from "../plant";
import { eksReliability } from "./eksReliability";
import { eksNodes } from "./eksNodes";
import { awsLoadBalancers } from "./awsLoadBalancers";
import { awsIdentity } from "./awsIdentity";
import { awsCost } from "./awsCost";
import { awsNetwork } from "./awsNetwork";
import { eksSecurity } from "./eksSecurity";
import { access } from "./access";
import { images } from "./images";
import { networkPolicies } from "./networkPolicies";
import { podSecurity } from "./podSecurity";
import { secrets } from "./secrets";
import { survival } from "./survival";
import { gkeSecurity } from "./gkeSecurity";
import { gkeNodes } from "./gkeNodes";
import { gkeIngress } from "./gkeIngress";
import { gcp } from "./gcp";
import { failover } from "./failover";

/** Every planted defect. */
export const mutants: readonly Mutant[] = [...eksSecurity, ...eksReliability, ...eksNodes, ...awsLoadBalancers, ...awsIdentity, ...awsCost, ...awsNetwork, ...podSecurity, ...access, ...networkPolicies, ...secrets, ...images, ...survival, ...gkeSecurity, ...gkeNodes, ...gkeIngress, ...gcp, ...failover];
