import { type ClusterConfig, kindOf } from "../../components/cluster";
import { clusterOfProvider } from "../../components/kubernetesProviders";
import type { AskedResource, CloudAnswers } from "../recorder";
import { awsCalls, awsOutputs } from "./aws";
import { gcpOutputs } from "./gcp";
import { kubernetesOutputs } from "./kubernetes";
import { reference } from "./reference";

/** Outputs of a resource type, computed from what was asked for. */
export type Outputs = Readonly<Record<string, (resource: AskedResource) => Readonly<Record<string, unknown>>>>;

/** What the answers rest on. */
export interface AnswersArgs {
    readonly clusters: readonly ClusterConfig[];
    /** Outputs of another stack; undefined where nothing is known of it. */
    stackOutputs(stack: string): Readonly<Record<string, unknown>> | undefined;
}

/** Answers for the whole program: every output that it reads has one, and reads as a reference to its source. */
export function cloudAnswers(args: AnswersArgs): CloudAnswers {
    const byName = new Map(args.clusters.map(cluster => [cluster.name, kindOf(cluster).addressKind]));
    const outputs: Outputs = {
        ...awsOutputs,
        ...gcpOutputs,
        ...kubernetesOutputs(provider => byName.get(clusterOfProvider(provider) ?? "")),
        "pulumi:pulumi:StackReference": ({ name }) => ({ outputs: args.stackOutputs(name) ?? {} }),
    };
    return {
        outputs: resource => ({ ...named(resource), ...outputs[resource.type]?.(resource) }),
        call: (token, inputs) => {
            const answer = awsCalls[token];
            if (answer === undefined) {
                throw new Error(`${token} asks a cloud, which a plan can't: make its answer part of the config`);
            }
            return answer(inputs);
        },
    };
}

/** What almost every cloud resource has: a name, which is made up where none is given, and an ARN. */
function named({ type, name, inputs }: AskedResource): Readonly<Record<string, unknown>> {
    if (type.startsWith("kubernetes:")) {
        return {};
    }
    return { name: inputs["name"] ?? reference(name, "name"), arn: reference(name, "arn") };
}
