import { PulumiCommand } from "@pulumi/pulumi/automation";

import type { Say } from "../tools/cache";
import { type Execute, executor } from "../tools/execute";
import { adopt } from "./adopt";
import { type Finding, isSolved } from "./finding";
import { Locked, PulumiError, type PulumiStack, byClient, cancelUpdate, exportState, holderOf, importState, livingHolders } from "./pulumi";
import { withScratch } from "./scratch";
import type { Given } from "./given";
import { mayBeSidecar, removeSidecars } from "./sidecar";
import { type Patience, seek, usualPatience } from "./seek";
import { type Exported, operationsOf, stackOf } from "./state";

export type { Finding, Fate } from "./finding";
export type { Given } from "./given";
export type { Patience } from "./seek";

/** What a recovery is of, and how it may go. */
export interface RecoverArgs {
    /** Name of the stack, as `--stack` takes it. */
    readonly stack: string;
    /** Folder with its Pulumi.yaml. */
    readonly directory: string;
    /** What Pulumi's CLI is run with, beside this process's own environment: backend, passphrase, providers. @default {} */
    readonly env?: Readonly<Record<string, string>>;
    /** The CLI. @default the one on the PATH */
    readonly command?: PulumiCommand;
    /** Runs the CLI. @default until it ends */
    readonly execute?: Execute;
    /** Is told what happens. @default nobody */
    readonly say?: Say;
    /** What people know. @default {} */
    readonly given?: Given;
    /** Is asked before anything is written, once all is found out. @default yes */
    readonly confirm?: (findings: readonly Finding[]) => Promise<boolean>;
    /** Is asked before a lock is taken away, with whoever holds it. @default yes */
    readonly confirmUnlock?: (holder: string) => Promise<boolean>;
    /** How long to wait for what is still being made, and for what is not listed yet. */
    readonly patience?: Patience;
}

/** What came of a recovery. */
export interface Recovered {
    /** What became of each thing that was under way. */
    readonly findings: readonly Finding[];
    /** Whether the state was written: not where something is unsolved, nor without consent. */
    readonly written: boolean;
    /** What was said of the locks that were taken away; undefined where there were none. */
    readonly unlocked?: string;
}

/**
 * Makes a stack that an update left in the middle fit for the next one: finds what was made without the state's knowing, takes it in, and
 * takes the lock away. Makes and deletes nothing in any cloud. It can be done again after anything that goes wrong.
 *
 * The state is written by `pulumi stack import`, not by `pulumi refresh --import-pending-creates`: that one notes the ids and then forgets
 * them, and the resources with them, without a word (tried with v3.246.0; pendingCreatesToImports in pkg/cmd/pulumi/operations/refresh.go).
 *
 * @throws UsageError where something is said of what was not being made. PulumiError, StateError where the stack can't be read or written; Locked where an update still runs on it.
 */
export async function recover(args: RecoverArgs): Promise<Recovered> {
    const { say = () => undefined, given = {}, confirm = () => Promise.resolve(true) } = args;
    const command = args.command ?? (await byClient("running Pulumi's CLI", () => PulumiCommand.get({ skipVersionCheck: true })));
    const stack: PulumiStack = {
        name: args.stack,
        directory: args.directory,
        command: command.command,
        env: { ...process.env, ...args.env },
        execute: args.execute ?? executor(new AbortController().signal),
    };
    const state = await readState(stack, say);
    const findings = await seek(state, {
        given,
        say,
        patience: args.patience ?? usualPatience,
        withScratch: use => withScratch(command, { stack, state, names: stackOf(operationsOf(state)[0]?.resource.urn ?? "") }, use),
    });
    if (!isSolved(findings) || !(await confirm(findings))) {
        return { findings, written: false };
    }
    return { findings, ...(await write(stack, state, adopt(state, findings), args)) };
}

/** The state. Where it can't be read because the file beside it was cut short, that file goes first. */
async function readState(stack: PulumiStack, say: Say): Promise<Exported> {
    return exportState(stack).catch(async (error: unknown) => {
        if (!mayBeSidecar(error) || !(await removeSidecars(stack, say))) {
            throw error;
        }
        return exportState(stack);
    });
}

/** Writes the state. Where whoever was killed has left a lock, that is taken away first, with consent. */
async function write(stack: PulumiStack, before: Exported, after: Exported, { say, confirmUnlock }: RecoverArgs): Promise<Omit<Recovered, "findings">> {
    try {
        await unchanged(stack, before);
        await importState(stack, after);
        return { written: true };
    } catch (error) {
        if (!(error instanceof Locked)) {
            throw error;
        }
        const alive = livingHolders(error);
        if (alive.length > 0) {
            throw new Locked(`${error.message}\nProcess ${alive.join(", ")} of this machine is alive: wait for its end, or end it. If it is no update, take the lock away by pulumi cancel.`);
        }
        if (!((await confirmUnlock?.(holderOf(error))) ?? true)) {
            return { written: false };
        }
        say?.("taking away the lock that the update left …");
        await cancelUpdate(stack);
        await unchanged(stack, before);
        await importState(stack, after);
        return { written: true, unlocked: error.message };
    }
}

/** Throws where somebody has written the state since it was read: what was found out may be wrong by now. */
async function unchanged(stack: PulumiStack, before: Exported): Promise<void> {
    if (JSON.stringify(await exportState(stack)) !== JSON.stringify(before)) {
        throw new PulumiError("an update has changed the stack meanwhile, so nothing was written: make sure that none runs, then recover again");
    }
}
