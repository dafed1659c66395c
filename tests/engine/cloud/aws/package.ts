import type { Failure } from "../../provider/provider";
import type { Properties } from "../../provider/wire";
import { differenceOf } from "../difference";
import type { Package } from "../emulated";
import { inputFailures, isNamed } from "../inputs";
import { latencyOf } from "../latencies";
import { named } from "../madeUpName";
import { Refused, type World } from "../world";
import { awsInvokes } from "./invokes";
import { awsKinds } from "./kinds";

/** AWS, as its provider has it. */
export const aws: Package = {
    kind: type => {
        const kind = awsKinds[type];
        if (kind === undefined) {
            throw new Refused(`the emulated AWS knows no ${type}: tests/engine/cloud/aws/kinds.ts`);
        }
        return kind;
    },
    place: () => "aws",
    checkConfig: config => inputFailures("pulumi:providers:aws", config),
    diffConfig: (before, after) => differenceOf("pulumi:providers:aws", before, after),
    complete: ({ type, name }, before, after, seed) => (isNamed(type) ? named(name, before, after, seed) : after),
    check: (type, inputs) => inputFailures(type, inputs),
    diff: (type, before, after) => differenceOf(type, before, after),
    invoke: (world: World, settings: Properties, token: string, args: Properties) => {
        const failures: readonly Failure[] = inputFailures(token, args);
        const invoke = awsInvokes[token];
        if (invoke === undefined || failures.length > 0) {
            throw new Refused(invoke === undefined ? `the emulated AWS knows no ${token}` : failures.map(({ property, reason }) => `${token}: ${property} ${reason}`).join("; "));
        }
        return invoke(world, settings, args);
    },
    construct: type => {
        throw new Refused(`AWS has no component ${type}`);
    },
    latency: latencyOf,
};
