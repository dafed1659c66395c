import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";

import type { Say } from "../tools/cache";
import { say } from "../tools/command";
import { type Execute, Interrupted } from "../tools/execute";
import type { Finding } from "./finding";
import { type Given, UsageError } from "./given";
import { recover } from "./recover";
import { renderFindings, renderOutcome, renderUnsolved } from "./report";

const help = `Makes a stack fit for the next update, after one that was killed in the middle.

  npm run recover -- --stack prod

What was being made when the update died may be there without the state's knowing: the next update would make it twice. This finds each
such thing by its name, or by the tag that AWS resources of this project have, has its provider read it, and takes it into the state. It
takes away the lock too. It makes and deletes nothing in any cloud, and can be run again.

Be sure that no update of the stack runs any more, on any machine: it would go on without a lock.

It shows what it found and asks before it writes. Clusters must answer for what was being made in them. AWS lists tags
with some delay: what it does not list is asked for again for a minute.

Options
  --stack NAME         the stack (required)
  --yes                write without asking; needed where nobody can be asked
  --id NAME=ID         the id of a resource, as pulumi import takes it, where it can't be found; NAME may be a URN; can be repeated
  --gone NAME          a resource is not there, or you have deleted it; can be repeated
  --help               this text

Environment is what pulumi up had: backend, passphrase and credentials.

Exit code 0 where the stack is ready for an update; 1 where it is not, with the reason.
`;

const options = {
    stack: { type: "string" },
    yes: { type: "boolean", default: false },
    id: { type: "string", multiple: true, default: [] as string[] },
    gone: { type: "string", multiple: true, default: [] as string[] },
    help: { type: "boolean", default: false },
} as const;

export { UsageError };

/** The user ended a question by Ctrl-C. */
export class Stopped extends UsageError {}

/** What the command needs of where it runs. */
export interface Terminal {
    readonly out: (text: string) => void;
    readonly say: Say;
    /** Puts a question to the user; undefined where nobody can answer. */
    readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** The process's own terminal. */
export const terminal: Terminal = {
    out: text => process.stdout.write(text),
    say,
    ask:
        process.stdin.isTTY && process.stdout.isTTY
            ? async question => {
                  const lines = createInterface({ input: process.stdin, output: process.stdout });
                  // Ctrl-D ends the input without an answer.
                  const ended = new Promise<string>(resolve => {
                      lines.once("close", () => {
                          resolve("");
                      });
                  });
                  try {
                      return await Promise.race([lines.question(question), ended]);
                  } finally {
                      lines.close();
                  }
              }
            : undefined,
};

/** Runs the command. Resolves to its exit code. */
export async function run(args: readonly string[], execute: Execute, { out, say, ask }: Terminal = terminal): Promise<number> {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) {
        out(help);
        return 0;
    }
    const { stack, yes } = values;
    if (stack === undefined) {
        throw new UsageError("which stack? Name it with --stack; --help says more");
    }
    const consents = async (question: string): Promise<boolean> => (yes || ask === undefined ? yes : isYes(ask, question));
    const confirm = (findings: readonly Finding[]): Promise<boolean> => {
        out(renderFindings(findings));
        return consents(`\nSure that no update of ${stack} runs any more? Write this to its state? [y/N] `);
    };
    const confirmUnlock = (holder: string): Promise<boolean> => {
        out(`\n${stack} is locked: ${holder}\n`);
        return consents("Sure that this update runs no more? Take its lock away? [y/N] ");
    };
    const recovered = await recover({ stack, directory: process.cwd(), execute, say, given: givenOf(values.id, values.gone), confirm, confirmUnlock });
    if (recovered.written) {
        out(renderOutcome(recovered, stack));
        return 0;
    }
    const unsolved = renderUnsolved(recovered.findings);
    // What can't be solved is not asked about, and so not shown yet.
    out(unsolved === "" ? `\nNothing was written${yes || ask !== undefined ? "" : ": nobody is here to be asked, so say --yes"}.\n` : `${renderFindings(recovered.findings)}${unsolved}`);
    return 1;
}

/** Whether the user says yes. Throws Stopped after Ctrl-C. */
export async function isYes(ask: (question: string) => Promise<string>, question: string): Promise<boolean> {
    try {
        return /^y(es)?$/i.test((await ask(question)).trim());
    } catch (error) {
        // What readline rejects with (https://nodejs.org/api/readline.html#rlquestionquery-options, lib/internal/readline/interface.js).
        throw error instanceof Error && error.name === "AbortError" ? new Stopped("\nnothing was written") : error;
    }
}

function givenOf(ids: readonly string[], gone: readonly string[]): Given {
    const known = ids.map((assignment): [string, string] => {
        const at = assignment.indexOf("=");
        if (at < 1 || at === assignment.length - 1) {
            throw new UsageError(`--id takes NAME=ID, and got ${assignment}`);
        }
        return [assignment.slice(0, at), assignment.slice(at + 1)];
    });
    return Object.fromEntries([...known, ...gone.map((name): [string, null] => [name, null])]);
}

/** Exit code after an error. */
export function exitCodeAfter(error: unknown): number {
    if (error instanceof Stopped) {
        return new Interrupted("SIGINT").exitCode;
    }
    return error instanceof Interrupted ? error.exitCode : 1;
}
