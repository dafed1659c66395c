import * as pulumi from "@pulumi/pulumi";

/** Tag by which each resource is told from all others: an update that is cut short may leave one that the state has no id for. */
export const resourceTag = "holdfast:resource";

/** Most characters of a tag's value, and all that are taken everywhere (https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html). */
const longestValue = 256;
const refused = /[^A-Za-z0-9 _.:/=+@-]/g;

/** What a resource's tag says. Stacks of one account tell theirs apart by it. */
export function resourceLabel(project: string, stack: string, name: string): string {
    return `${project}/${stack}/${name}`.replace(refused, "-").slice(0, longestValue);
}

/**
 * Gives every resource of AWS that can have tags the one that says which it is. For all that the stack makes from here on, wherever it is
 * made: ids that AWS makes up are found by it again.
 */
export function tagResources(): void {
    const project = pulumi.getProject();
    const stack = pulumi.getStack();
    pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
        // The SDK gives a resource a key for each input there is, whether it was set or not.
        if (!type.startsWith("aws:") || !("tags" in props)) {
            return undefined;
        }
        const own = { [resourceTag]: resourceLabel(project, stack, name) };
        const { tags } = props as { readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>> };
        return { props: { ...props, tags: isPlain(tags) ? { ...tags, ...own } : pulumi.output(tags).apply(others => ({ ...others, ...own })) }, opts };
    });
}

function isPlain(tags: unknown): tags is Readonly<Record<string, pulumi.Input<string>>> | undefined {
    return !pulumi.Output.isInstance(tags) && !(tags instanceof Promise);
}
