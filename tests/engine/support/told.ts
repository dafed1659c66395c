import type { DestroyOptions, Stack, UpOptions } from "@pulumi/pulumi/automation";

/** What the engine said of an operation that failed: its diagnostics alone, without the progress before and the outputs after them. */
export class OperationFailed extends Error {}

/** The result of an operation. Fails with what the engine said, in few lines. */
export async function told<T>(operation: Promise<T>): Promise<T> {
    try {
        return await operation;
    } catch (error) {
        throw new OperationFailed(diagnostics(error instanceof Error ? error.message : String(error)));
    }
}

/** `pulumi up`, without a preview. Fails with what the engine said. */
export async function update(stack: Stack, options?: UpOptions): Promise<void> {
    await told(bare(stack).up(options));
}

/** `pulumi destroy`, without a preview. Fails with what the engine said. */
export async function destroy(stack: Stack, options?: DestroyOptions): Promise<void> {
    await told(bare(stack).destroy(options));
}

/** A stack whose operations do not ask for its outputs and its history when they are done: three more runs of the CLI. */
function bare(stack: Stack): Stack {
    const lean = Object.create(stack) as Stack;
    lean.outputs = () => Promise.resolve({});
    lean.info = () => Promise.resolve(undefined);
    return lean;
}

/** The diagnostics of what the CLI printed; all of it where there are none. */
function diagnostics(printed: string): string {
    const begin = printed.indexOf("Diagnostics:");
    const rest = begin < 0 ? printed : printed.slice(begin);
    const end = rest.search(/\n(Outputs|Resources|Policies):/);
    return (end < 0 ? rest : rest.slice(0, end)).trim();
}
