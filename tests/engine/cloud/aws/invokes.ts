import type { Properties } from "../../provider/wire";
import { text } from "../kind";
import { Refused, type World } from "../world";
import { account } from "./names";

/** Type of a hosted zone that was there before. */
const hostedZone = "aws:hostedZone";

/** Puts a hosted zone there that no one of ours made. */
export function addHostedZone(world: World, name: string): void {
    world.add({ place: "aws", type: hostedZone, id: `Z${world.nextNumber().toString().padStart(13, "0")}`, urn: undefined, inputs: { name }, outputs: {} });
}

/** Tags that something has: its own, and those that its provider gives to all. */
function tagsOf(inputs: Properties, settings: Properties): Readonly<Record<string, string>> {
    const all = typeof settings["defaultTags"] === "string" ? ((JSON.parse(settings["defaultTags"]) as Properties)["tags"] ?? {}) : {};
    return { ...all, ...(inputs["tags"] ?? {}) };
}

/** Provider functions, by token. */
export const awsInvokes: Readonly<Record<string, (world: World, settings: Properties, args: Properties) => Properties>> = {
    "aws:route53/getZone:getZone": (world, _settings, { name }) => {
        const zone = world.ofType(hostedZone).find(({ inputs }) => inputs["name"] === name);
        if (zone === undefined) {
            throw new Refused(`no matching Route 53 Hosted Zone found for ${String(name)}`);
        }
        return { id: zone.id, zoneId: zone.id, name };
    },
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({ id: account, accountId: account, arn: `arn:aws:iam::${account}:role/platform`, userId: "platform" }),
    "aws:resourcegroupstaggingapi/getResources:getResources": (world, settings, args) => {
        const filters = (args["tagFilters"] ?? []) as readonly { readonly key: string; readonly values?: readonly string[] }[];
        const tagged = world
            .all()
            .filter(({ place, urn }) => place === "aws" && urn !== undefined)
            .map(({ inputs, outputs }) => ({ arn: text(outputs, "arn") || text(outputs, "associationArn"), tags: tagsOf(inputs, settings) }))
            .filter(({ arn, tags }) => arn !== "" && filters.every(({ key, values }) => tags[key] !== undefined && (values === undefined || values.includes(tags[key]))));
        return { id: "resources", resourceTagMappingLists: tagged.map(({ arn, tags }) => ({ resourceArn: arn, tags, complianceDetails: [] })) };
    },
};
