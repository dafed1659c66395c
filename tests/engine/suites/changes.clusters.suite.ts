// What an everyday change of clusters does, on the real engine. What replaces a resource is by the facts in plan/change/facts:
// that a cloud's provider goes by them today, only it can show.
import { clusterChanges } from "../changes/clusters";
import { describeChanges } from "../changes/describe";

describeChanges(clusterChanges.filter(({ from }) => from === "prod"));
