// What an everyday change of failover and add-ons does, on the real engine. What replaces a resource is by the facts in plan/change/facts:
// that a cloud's provider goes by them today, only it can show.
import { failoverChanges } from "../changes/failover";
import { describeChanges } from "../changes/describe";

describeChanges(failoverChanges.filter(({ from }) => from === "prod"));
