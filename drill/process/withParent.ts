import { spawnSync } from "node:child_process";

let known: boolean | undefined;

/**
 * A command that the kernel kills when this process dies, however it dies, where the system has util-linux'
 * setpriv (https://man7.org/linux/man-pages/man1/setpriv.1.html). setpriv becomes the program, so the
 * process id is the program's. Elsewhere the command as it is.
 */
export function withParent(command: string, args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
    known ??= process.platform === "linux" && spawnSync("setpriv", ["--pdeathsig", "KILL", "true"]).status === 0;
    return known ? { command: "setpriv", args: ["--pdeathsig", "KILL", "--", command, ...args] } : { command, args };
}
