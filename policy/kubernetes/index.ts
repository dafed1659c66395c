import type { Rule } from "../rule";
import { accessNamespaces } from "./accessNamespaces";
import { accessPods } from "./accessPods";
import { accessRoles } from "./accessRoles";
import { containerResources } from "./containerResources";
import { images } from "./images";
import { networkPolicies } from "./networkPolicies";
import { networkReachability } from "./networkReachability";
import { networkServices } from "./networkServices";
import { podSecurityBaseline } from "./podSecurityBaseline";
import { podHardening, podSecurityRestricted } from "./podSecurityRestricted";
import { secrets } from "./secrets";
import { survival } from "./survival";
import { waste } from "./waste";

export const kubernetesSecurity: readonly Rule[] = [
    ...podSecurityBaseline,
    ...podSecurityRestricted,
    ...podHardening,
    ...accessPods,
    ...accessRoles,
    ...accessNamespaces,
    ...networkPolicies,
    ...networkServices,
    ...secrets,
    ...images,
];

export const kubernetesReliability: readonly Rule[] = [...containerResources, ...networkReachability, ...survival];

export const kubernetesCost: readonly Rule[] = waste;
