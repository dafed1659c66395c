import type { Binaries } from "../binaries";
import { customTypesOf, unprovedOfCustomTypes } from "./customTypes";
import { unprovedOfFleet } from "./fleet";
import type { Subject } from "./subject";

const ofPods =
    "no container runs: a pod is ready when its fake node says so, so that probes, readiness gates, network policies and what a program does with its signals, memory and files are not seen";

const ofSecrets = "secrets are masked, and neither Helm charts nor add-ons are applied";

/** What no drill of a subject can prove, a sentence each, beside what the stand-ins leave open. */
export function unprovedOf({ objects, replaced, version }: Subject, { kubernetesVersion }: Pick<Binaries, "kubernetesVersion">): readonly string[] {
    const drilled = kubernetesVersion.replace(/^v/, "");
    return [
        ofPods,
        ofSecrets,
        unprovedOfFleet,
        ...(customTypesOf(objects).length > 0 ? [unprovedOfCustomTypes] : []),
        ...(replaced.length > 0 ? ["what only an update knows, such as the name of a certificate, is made up"] : []),
        ...(version === undefined || drilled.startsWith(`${version}.`) ? [] : [`config asks for Kubernetes ${version}, and ${drilled} was drilled`]),
    ];
}
