import { type Making, text } from "../kind";

/** The account that everything is in. */
export const account = "123456789012";

/** Region of what is made: its own, else its provider's. */
export function regionOf({ inputs, settings }: Pick<Making, "inputs" | "settings">): string {
    return text(inputs, "region") || text(settings, "region");
}

/** ARN of something in a region (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */
export function arn(making: Pick<Making, "inputs" | "settings">, service: string, resource: string): string {
    return `arn:aws:${service}:${regionOf(making)}:${account}:${resource}`;
}
