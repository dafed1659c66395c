import { z } from "zod";

import { resourceTag } from "../../components/aws/resourceTag";
import { hasMadeUpName } from "../alike";
import type { Properties } from "../state";
import { type Answer, type Identity, type Owner, type Question, type Sought, text } from "./identity";

const taggingToken = "aws:resourcegroupstaggingapi/getResources:getResources";
const callerToken = "aws:index/getCallerIdentity:getCallerIdentity";

/** Most values of one key in a question (https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html). */
const mostValues = 20;

/** The parts of an ARN (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */
interface Arn {
    readonly whole: string;
    readonly partition: string;
    readonly service: string;
    readonly account: string;
    /** Such as `subnet/subnet-0123`. */
    readonly resource: string;
}

function parseArn(whole: string): Arn {
    const [, partition = "", service = "", , account = "", ...resource] = whole.split(":");
    return { whole, partition, service, account, resource: resource.join(":") };
}

/** What the tag of a resource says, or of what was read; undefined where it has none. All tags include those that a provider gives by default. */
export function labelOf(properties: Properties): string | undefined {
    const tags = { ...(properties["tagsAll"] as object | undefined), ...(properties["tags"] as object | undefined) };
    return text(tags, resourceTag);
}

/**
 * Found by its tag, in one question for up to 20 resources of a provider. `GetResources` knows every type that has tags, but IAM's users and
 * roles (https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html). It also knows what was deleted
 * lately: whoever asks must look whether it is there.
 *
 * @param kind service and type as ARNs have them: `ec2`, `subnet`.
 * @param id from the ARN; by default what follows the type.
 * @param untold why one may be there without its tag.
 */
export function byTag(kind: readonly [service: string, type: string], id: (arn: Arn) => string = arn => arn.resource.slice(kind[1].length + 1), untold?: string): Identity {
    return {
        way: {
            by: "lookup",
            lookup: {
                title: `its tag ${resourceTag}`,
                questions: taggingQuestions,
                ids: (sought, answers) =>
                    [...new Set(taggedWith(labelOf(sought.inputs), sought, answers))]
                        .map(parseArn)
                        .filter(({ service, resource }) => service === kind[0] && resource.startsWith(`${kind[1]}/`))
                        .map(id),
                hindrance: ({ inputs }) => (labelOf(inputs) === undefined ? `it was made without the tag ${resourceTag}: look for it in the cloud` : undefined),
                lags: true,
                ...(untold === undefined ? {} : { untold }),
            },
        },
    };
}

function taggingQuestions(sought: readonly Sought[]): readonly Question[] {
    return byProvider(sought).flatMap(([provider, own]) => {
        const values = [...new Set(own.flatMap(({ inputs }) => labelOf(inputs) ?? []))];
        return Array.from({ length: Math.ceil(values.length / mostValues) }, (_, index) => ({
            provider,
            token: taggingToken,
            args: { tagFilters: [{ key: resourceTag, values: values.slice(index * mostValues, (index + 1) * mostValues) }] },
        }));
    });
}

const taggedSchema = z.looseObject({
    resourceTagMappingLists: z.array(z.looseObject({ resourceArn: z.string(), tags: z.record(z.string(), z.string()).optional() })).nullish(),
});

function taggedWith(label: string | undefined, { provider }: Sought, answers: readonly Answer[]): readonly string[] {
    return answers
        .filter(answer => answer.token === taggingToken && answer.provider === provider.ref)
        .flatMap(({ result }) => taggedSchema.parse(result).resourceTagMappingLists ?? [])
        .filter(({ tags }) => label !== undefined && tags?.[resourceTag] === label)
        .map(({ resourceArn }) => resourceArn);
}

/** Whose something of AWS is, by its tag, where it was to have one. Nobody else has a name that was made up, and a tag may come by a second call. */
export function ownerByTag(outputs: Properties, inputs: Properties): Owner {
    const wanted = labelOf(inputs);
    if (hasMadeUpName(inputs)) {
        return "ours";
    }
    if (wanted === undefined) {
        return "unknown";
    }
    const label = labelOf(outputs);
    return label === wanted ? "ours" : { foreign: `one of the name is there, and its tag ${resourceTag} is ${label ?? "missing"}: it belongs to others` };
}

/** Whose account it is, and in which partition. */
export interface Caller {
    readonly partition: string;
    readonly account: string;
}

const callerSchema = z.looseObject({ arn: z.string(), accountId: z.string() });

/** Found by its ARN, of which only the account is not among the inputs. */
export function byAccount(arn: (sought: Sought, caller: Caller) => string | undefined): Identity {
    return {
        way: {
            by: "lookup",
            lookup: {
                title: "its ARN in the provider's account",
                questions: callerQuestions,
                ids: (sought, answers) =>
                    answers
                        .filter(answer => answer.token === callerToken && answer.provider === sought.provider.ref)
                        .map(({ result }) => callerSchema.parse(result))
                        .flatMap(caller => arn(sought, { partition: parseArn(caller.arn).partition, account: caller.accountId }) ?? []),
            },
        },
    };
}

function callerQuestions(sought: readonly Sought[]): readonly Question[] {
    return byProvider(sought).map(([provider]) => ({ provider, token: callerToken, args: {} }));
}

function byProvider(sought: readonly Sought[]): readonly (readonly [string, readonly Sought[]])[] {
    const refs = [...new Set(sought.map(({ provider }) => provider.ref))];
    return refs.map(ref => [ref, sought.filter(({ provider }) => provider.ref === ref)]);
}
