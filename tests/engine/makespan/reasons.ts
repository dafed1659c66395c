import { shortName } from "../support/operations";
import type { CostlyWait } from "./criticalPath";

/** Why something waits for what no value of it needs: by short names of both. */
const reasons: readonly { readonly step: RegExp; readonly on: RegExp; readonly because: string }[] = [
    { step: /^kubernetes \w+-kubernetes/, on: /^AccessPolicyAssociation /, because: "the API lets nobody in before, and must not shut the door before all is gone" },
    { step: /^Namespace /, on: /^ConfigMap \w+-nodes-network-policies$/, because: "policies that nobody enforces yet would let everyone reach the first pods" },
    { step: /^ClusterIssuer /, on: /^Chart \w+-certificates$/, because: "its kind, and the webhook that checks it, are the chart's" },
    { step: /^Namespace /, on: /^ClusterIssuer /, because: "whoever ends a proof that has begun must go after the namespace that it is in" },
];

/** Why there is a wait that makes an update longer; undefined where nobody has said. */
export function reasonFor({ step, on }: CostlyWait): string | undefined {
    return reasons.find(reason => reason.step.test(shortName(step.urn)) && reason.on.test(shortName(on)))?.because;
}
