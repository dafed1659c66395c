import { PulumiCommand } from "@pulumi/pulumi/automation";

import type { Say } from "../tools/cache";
import { type Execute, executor } from "../tools/execute";
import { adopt } from "./adopt";
import { type Finding, isSolved } from "./finding";
import { Locked, PulumiError, type PulumiStack, byClient, cancelUpdate, exportState, importState, livingHolders } from "./pulumi";
import { withScratch } from "./scratch";
import type { Given } from "./clue";
import { mayBeSidecar, removeSidecars } from "./sidecar";
import { type Patience, seek, usualPatience } from "./seek";
import { type Exported, operationsOf, stackOf } from "./state";

export type { Finding, Fate } from "./finding";
export type { Given } from "./clue";
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
    /** How long to wait for what is still being made. */
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
 * @throws PulumiError, StateError where the stack can't be read or written; Locked where an update still runs on it.
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
    const [first] = operationsOf(state);
    const findings =
        first === undefined
            ? []
            : await seek(state, {
                  given,
                  say,
                  patience: args.patience ?? usualPatience,
                  withScratch: use => withScratch(command, { stack, state, names: stackOf(first.resource.urn) }, use),
              });
    if (!isSolved(findings) || !(await confirm(findings))) {
        return { findings, written: false };
    }
    const unlocked = await write(stack, state, adopt(state, findings), say);
    return { findings, written: true, ...(unlocked === undefined ? {} : { unlocked }) };
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

/** Writes the state, and takes away a lock first where whoever was killed has left one. Resolves to what was said of it. */
async function write(stack: PulumiStack, before: Exported, after: Exported, say: Say): Promise<string | undefined> {
    try {
        await unchanged(stack, before);
        await importState(stack, after);
        return undefined;
    } catch (error) {
        if (!(error instanceof Locked)) {
            throw error;
        }
        const alive = livingHolders(error);
        if (alive.length > 0) {
            throw new Locked(`${error.message}\nProcess ${alive.join(", ")} of this machine is alive: wait for its end, or end it. If it is no update, take the lock away by pulumi cancel.`);
        }
        say("taking away the lock that the update left …");
        await cancelUpdate(stack);
        await unchanged(stack, before);
        await importState(stack, after);
        return error.message;
    }
}

/** Throws where somebody has written the state since it was read: what was found out may be wrong by now. */
async function unchanged(stack: PulumiStack, before: Exported): Promise<void> {
    if (JSON.stringify(await exportState(stack)) !== JSON.stringify(before)) {
        throw new PulumiError("an update has changed the stack meanwhile, so nothing was written: make sure that none runs, then recover again");
    }
}
