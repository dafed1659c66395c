// The oldest Node that the dependencies run on; said in one line rather than by a trace from one of them.
const oldest = [20, 19];

/** Ends the process where Node is too old. */
export function requireNode() {
    const [major, minor] = process.versions.node.split(".").map(Number);
    if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
        process.stderr.write(`Node ${process.versions.node} is too old: install ${oldest.join(".")} or later\n`);
        process.exit(1);
    }
}
