import { Workspace } from "./workspace";

/** Runs one `pulumi up` of a stack in a workspace's folder, in a process of its own that can be killed. */
const [folder = "", stack = "", attach = "", sidecars] = process.argv.slice(2);

new Workspace(attach, folder, sidecars === "true")
    .select(stack)
    .then(selected => selected.up({ onError: text => process.stderr.write(text) }))
    .catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 1;
    });
