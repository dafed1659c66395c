import { type Rule, resourceRule, shown } from "../rule";
import { entries, isSaid, isSet } from "../values";
import { gkeCluster, gkePool } from "./gke";

/** Half of all flows is what Google takes where nothing is said, as the SDK has it. */
const usualSampling = 0.5;

/** What would grow on Google Cloud's bill without anyone seeing it. */
export const gcpCost: readonly Rule[] = [
    resourceRule(
        {
            name: "gke-pool-maximum",
            level: "mandatory",
            why: "Autoscaling without a most is a bill without one: a loop in one app buys nodes until a quota ends it.",
            ids: [],
            fix: "set autoscaling.totalMaxNodeCount",
        },
        gkePool,
        ({ autoscaling }) =>
            isSet(autoscaling) &&
            !isSet(autoscaling.totalMaxNodeCount) &&
            !isSet(autoscaling.maxNodeCount) &&
            "autoscaling.totalMaxNodeCount is not set",
    ),
    resourceRule(
        {
            name: "gke-cost-allocation",
            level: "advisory",
            why: "Without it the bill says what the cluster costs, and not which namespace does.",
            ids: [],
            fix: "set costManagementConfig.enabled to true",
        },
        gkeCluster,
        ({ costManagementConfig }) =>
            costManagementConfig?.enabled !== true && `costManagementConfig.enabled is ${shown(costManagementConfig?.enabled)}`,
    ),
    resourceRule(
        {
            name: "gke-labels",
            level: "advisory",
            why: "What has no label can't be found on the bill, nor its owner when it is to go.",
            ids: ["CKV_GCP_21"],
            fix: "set resourceLabels, with the stack that owns the cluster",
        },
        gkeCluster,
        ({ resourceLabels }) => entries(resourceLabels).length === 0 && `resourceLabels is ${shown(resourceLabels)}`,
    ),
    resourceRule(
        {
            name: "gcp-flow-log-volume",
            level: "advisory",
            why: "Logs are paid by volume: all of a busy network's flows cost more than the network does.",
            ids: [],
            fix: `set logConfig.flowSampling to ${usualSampling} or less, or a filterExpr`,
        },
        "gcp:compute/subnetwork:Subnetwork",
        ({ logConfig }) => {
            const { flowSampling, filterExpr } = logConfig ?? {};
            const isFiltered = isSaid(filterExpr) && filterExpr !== "true";
            return isSet(flowSampling) && flowSampling > usualSampling && !isFiltered && `logConfig.flowSampling is ${flowSampling}`;
        },
    ),
    resourceRule(
        {
            name: "gcp-nat-log-volume",
            level: "advisory",
            why: "Logs are paid by volume: a line for each connection tells little that flow logs don't, and its errors drown.",
            ids: [],
            fix: "set logConfig.filter to \"ERRORS_ONLY\"",
        },
        "gcp:compute/routerNat:RouterNat",
        ({ logConfig }) => logConfig?.enable === true && logConfig.filter !== "ERRORS_ONLY" && `logConfig.filter is ${shown(logConfig.filter)}`,
    ),
];
