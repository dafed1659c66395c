// What an everyday change does to clusters with node pools, on the real engine. What replaces a resource is by the facts in
// plan/change/facts: that a cloud's provider goes by them today, only it can show.
import { everydayChanges } from "../changes";
import { describeChanges } from "../changes/describe";

describeChanges(everydayChanges.filter(({ from }) => from === "pools"));
