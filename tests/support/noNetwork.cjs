// `node --require` this file, and a program that opens a connection, asks a name server or starts a
// program other than esbuild fails where it does so. Each try is also told to the standard error, for a
// program that swallows the failure. It can't see what native add-ons do, nor worker threads that are
// started without `execArgv`: esbuild's is, which runs its binary over a pipe.
const childProcess = require("node:child_process");
const dgram = require("node:dgram");
const dns = require("node:dns");
const { writeSync } = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");
const net = require("node:net");
const { basename } = require("node:path");

const standardError = 2;

function refuse(what) {
    writeSync(standardError, `noNetwork: refused ${what}\n`);
    throw new Error(`noNetwork: refused ${what}`);
}

/** Replaces all methods of an object whose name fits. */
function forbid(object, label, names) {
    for (const name of Object.getOwnPropertyNames(object)) {
        if (names.test(name) && typeof object[name] === "function") {
            object[name] = (...args) => refuse(`${label}.${name} ${JSON.stringify(args[0]) ?? ""}`);
        }
    }
}

forbid(net.Socket.prototype, "net.Socket", /^connect$/);
forbid(net.Server.prototype, "net.Server", /^listen$/);
forbid(dgram.Socket.prototype, "dgram.Socket", /^(bind|connect|send)$/);
for (const [label, resolver] of [["dns", dns], ["dns.promises", dns.promises], ["dns.Resolver", dns.Resolver.prototype]]) {
    forbid(resolver, label, /^(lookup|resolve|reverse)/);
}

/** esbuild's own binary, or node running its script where it was installed without one. */
function isEsbuild(file, args) {
    const started = basename(String(file)) === "node" && Array.isArray(args) ? String(args[0]) : String(file);
    return basename(started) === "esbuild" && started.includes("esbuild");
}

for (const name of ["spawn", "spawnSync", "execFile", "execFileSync"]) {
    const original = childProcess[name];
    childProcess[name] = (file, args, ...rest) =>
        isEsbuild(file, args) ? original(file, args, ...rest) : refuse(`child_process.${name} ${JSON.stringify(file)}`);
}
forbid(childProcess, "child_process", /^(exec|execSync|fork)$/);
syncBuiltinESMExports();
