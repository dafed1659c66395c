import type { InputsByType } from "../inputs";
import { type Labels, selects } from "./pods";
import { isMapping, items } from "../values";

/** A label selector as Deployments, budgets and spread constraints have it. */
export type LabelSelector = NonNullable<NonNullable<InputsByType["kubernetes:policy/v1:PodDisruptionBudget"]["spec"]>["selector"]>;
type Requirement = NonNullable<LabelSelector["matchExpressions"]>[number];

/** Whether a selector picks these labels: an empty one picks all, and where there is none it picks nothing. */
export function picks(selector: LabelSelector | undefined, labels: Labels): boolean {
    return isMapping(selector) && selects(selector.matchLabels, labels) && items(selector.matchExpressions).every(each => meets(each, labels));
}

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
    const value = labels[key ?? ""];
    switch (operator) {
        case "In":
            return value !== undefined && items(values).includes(value);
        case "NotIn":
            return value === undefined || !items(values).includes(value);
        case "Exists":
            return value !== undefined;
        case "DoesNotExist":
            return value === undefined;
        case undefined:
        default:
            return false;
    }
}
