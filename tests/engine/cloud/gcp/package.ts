import { differenceOf } from "../difference";
import type { Package } from "../emulated";
import { inputFailures, isNamed } from "../inputs";
import { latencyOf } from "../latencies";
import { named } from "../madeUpName";
import { Refused } from "../world";
import { gcpKinds } from "./kinds";

/** Google Cloud, as its provider has it. */
export const gcp: Package = {
    kind: type => {
        const kind = gcpKinds[type];
        if (kind === undefined) {
            throw new Refused(`the emulated Google Cloud knows no ${type}: tests/engine/cloud/gcp/kinds.ts`);
        }
        return kind;
    },
    place: () => "gcp",
    checkConfig: config => inputFailures("pulumi:providers:gcp", config),
    diffConfig: (before, after) => differenceOf("pulumi:providers:gcp", before, after),
    complete: ({ type, name }, before, after, seed) => (isNamed(type) ? named(name, before, after, seed) : after),
    check: (type, inputs) => inputFailures(type, inputs),
    diff: (type, before, after) => differenceOf(type, before, after),
    invoke: (_world, _settings, token) => {
        throw new Refused(`the emulated Google Cloud knows no ${token}`);
    },
    construct: type => {
        throw new Refused(`Google Cloud has no component ${type}`);
    },
    latency: latencyOf,
};
