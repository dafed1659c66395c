import { awsReliability } from "./aws";
import { failover } from "./failover";
import { gcpReliability } from "./gcp";
import { kubernetesReliability } from "./kubernetes";
import type { Rule } from "./rule";

/** What the app survives: the loss of a pod, a node, a zone, a cluster. */
export const reliability: readonly Rule[] = [...awsReliability, ...gcpReliability, ...kubernetesReliability, ...failover];
