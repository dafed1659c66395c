import type { Failure } from "../provider/provider";
import type { Properties } from "../provider/wire";
import { problems } from "../schema/problems";
import { sdkSchema } from "../schema/sdkSchema";
import { type Schema, typeIn } from "../schema/shape";

const schemas = new Map<string, Schema>();

/** What the SDK declares of a type. It is read once. */
function schemaOf(type: string): Schema {
    const known = schemas.get(type) ?? sdkSchema([type]);
    schemas.set(type, known);
    return known;
}

/** What is wrong with inputs, by what the SDK declares of their type. */
export function inputFailures(type: string, inputs: Properties): readonly Failure[] {
    return problems(schemaOf(type), type, inputs).map(({ path, reason }) => ({ property: path, reason }));
}

/** Whether things of a type have a name that may be left to Pulumi: the SDK declares it, and does not ask for it. */
export function isNamed(type: string): boolean {
    return typeIn(schemaOf(type), type).properties["name"]?.required === false;
}
