// What an everyday change of the app does, on the real engine. What replaces a resource is by the facts in plan/change/facts:
// that a cloud's provider goes by them today, only it can show.
import { appChanges } from "../changes/app";
import { describeChanges } from "../changes/describe";

describeChanges(appChanges.filter(({ from }) => from === "prod"));
