import { connect } from "node:net";

/** HAProxy's word on a server. */
export interface ServerState {
    readonly backend: string;
    readonly server: string;
    /** Whether it gets traffic, as far as checks go. */
    readonly up: boolean;
    /** Checks in a row that passed, as long as it is down. */
    readonly passed: number;
}

/** Longest wait for an answer, in milliseconds. */
const answerMs = 5000;

/** What HAProxy says of a command that was done, where it says anything. */
const done = /^(?:no need to change .*|(?:IP|port) changed .*|\d+ .*)?$/u;

/** HAProxy's Runtime API (https://docs.haproxy.org/2.6/management.html#9.3). */
export class Runtime {
    constructor(private readonly socket: string) {}

    /** Does several things, one after another. Rejects where HAProxy refuses one. */
    async command(...commands: readonly string[]): Promise<void> {
        if (commands.length === 0) {
            return;
        }
        const said = await this.ask(commands.join("; "));
        const refused = said.split("\n").find(line => !done.test(line.trim()));
        if (refused !== undefined) {
            throw new Error(`HAProxy refuses: ${refused} (of: ${commands.join("; ")})`);
        }
    }

    /** Every server's state. */
    async states(): Promise<readonly ServerState[]> {
        return parseStates(await this.ask("show servers state"));
    }

    /** Asks, and resolves to all of the answer. */
    ask(command: string): Promise<string> {
        return new Promise((resolve, reject) => {
            const chunks: Buffer[] = [];
            const socket = connect(this.socket);
            socket
                .setTimeout(answerMs, () => socket.destroy(new Error(`HAProxy does not answer to: ${command}`)))
                .on("data", chunk => chunks.push(chunk))
                .once("error", reject)
                .once("close", () => {
                    resolve(Buffer.concat(chunks).toString());
                })
                .end(`${command}\n`);
        });
    }
}

/** Reads `show servers state`: a version, a line of names, a line a server. */
export function parseStates(text: string): readonly ServerState[] {
    const lines = text.split("\n").filter(line => line !== "");
    const names = (lines.find(line => line.startsWith("# ")) ?? "").slice(2).split(" ");
    return lines
        .filter(line => !line.startsWith("#") && line.includes(" "))
        .map(line => {
            const values = line.split(" ");
            const field = (name: string): string => values[names.indexOf(name)] ?? "";
            return { backend: field("be_name"), server: field("srv_name"), up: field("srv_op_state") === "2", passed: Number(field("srv_check_health")) };
        });
}
