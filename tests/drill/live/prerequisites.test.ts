// What this can't prove: what another kernel or another distribution lacks; that Debian's packages have what is said of them.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ensurePrerequisites } from "../../../drill/live/prerequisites";
import { type Ability, abilities } from "../../../drill/live/prerequisitesKernel";
import { Unobtainable } from "../../../tools/cache";
import { exitCodeAfter } from "../../../tools/command";
import { type Command, type Execute, executor } from "../../../tools/execute";

const onLinux = process.platform === "linux";
const allPrograms = ["containerd", "ctr", "containerd-shim-runc-v2", "runc", "ip", "nft", "haproxy", "curl", "unshare", "nsenter", "setpriv", "mount", "umount"];
const linkPrograms = ["wirefilter", "vde_plug2tap", "dpipe"];
const nothing: Execute = () => Promise.reject(new Error("nothing is to be run"));

describe("what the live drills want of a machine", () => {
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "holdfast-prerequisites-"));
    });
    afterEach(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    const install = (place: string, ...programs: readonly string[]): string => {
        const target = join(folder, place);
        mkdirSync(target, { recursive: true });
        for (const program of programs) {
            writeFileSync(join(target, program), "");
            chmodSync(join(target, program), 0o755);
        }
        return target;
    };
    /** The message of what is missing, which ends the command with 2. */
    const complaint = async (machine: Parameters<typeof ensurePrerequisites>[1], execute = nothing): Promise<readonly string[]> => {
        const error: unknown = await ensurePrerequisites(execute, machine).then(
            () => undefined,
            (reason: unknown) => reason,
        );
        assert.ok(error instanceof Unobtainable, String(error));
        assert.equal(exitCodeAfter(error), 2);
        return error.message.split("\n");
    };
    const plugins = (): string => install("cni", "bridge", "host-local", "loopback");

    it("is all listed at once where nothing of it is there, with the line that installs it", async () => {
        assert.deepEqual(await complaint({ folders: [], cniFolders: [], platform: "linux", uid: 1000 }), [
            "The live drills can't run here. What is missing:",
            "  root's rights, which namespaces and containers want; run it by sudo",
            "  containerd, ctr, containerd-shim-runc-v2",
            "  runc",
            "  ip",
            "  nft",
            "  haproxy",
            "  curl",
            "  unshare, nsenter, setpriv",
            "  mount, umount",
            "  the network plug-ins bridge, host-local, loopback",
            "Debian and Ubuntu install the programs by: apt-get install containerd runc iproute2 nftables haproxy curl util-linux mount containernetworking-plugins",
            "None of them need run as a service, and one that does is not touched.",
        ]);
    });

    it("is told of what is missing alone; a file that can't be run is no program", async () => {
        const programs = install("bin", ...allPrograms);
        chmodSync(join(programs, "nft"), 0o644);
        rmSync(join(programs, "ip"));
        assert.deepEqual(await complaint({ folders: ["", programs], cniFolders: [plugins()], platform: "linux", uid: 1000 }), [
            "The live drills can't run here. What is missing:",
            "  root's rights, which namespaces and containers want; run it by sudo",
            "  ip",
            "  nft",
            "Debian and Ubuntu install the programs by: apt-get install iproute2 nftables",
        ]);
    });

    it("is Linux, before anything else", async () => {
        assert.match((await complaint({ platform: "darwin", folders: [] })).join(), /only Linux has, and this is darwin: run them on a Linux machine or in a virtual machine\. The drills without --live run here\.$/);
    });

    describe("on Linux", () => {
        before(function () {
            if (!onLinux) {
                console.log("      skipped: this is no Linux");
                this.skip();
            }
        });
        const machine = (lacks: readonly Ability[], ...link: readonly string[]): Parameters<typeof ensurePrerequisites>[1] => ({
            folders: [install("bin", ...allPrograms, ...link)],
            cniFolders: [join(folder, "none"), plugins()],
            platform: "linux",
            uid: 0,
            abilities: () => Promise.resolve(lacks),
        });
        /** Cgroups are this machine's own. */
        const othersThanCgroups = async (asked: Parameters<typeof ensurePrerequisites>[1]): Promise<readonly string[]> => (await complaint(asked)).filter(line => !line.includes("cgroup"));

        it("is a kernel that does what is wanted; what one drill alone wants leaves that drill out", async function () {
            const [overlay, tap] = [
                { what: "layered file systems", why: "mount: unknown filesystem type 'overlay'.", optional: false },
                { what: "tap devices", why: "No such device", optional: true },
            ] as const;
            const listed = await complaint(machine([overlay, tap], ...linkPrograms));
            assert.ok(listed.includes("  a kernel that has layered file systems (mount: unknown filesystem type 'overlay'.); use a machine or a virtual machine whose kernel does; a container must be privileged, with --cgroupns=host"), listed.join("\n"));
            assert.ok(!listed.some(line => line.includes("tap")));
            if (process.getuid?.() !== 0) {
                console.log("      skipped in part: cgroups can't be made without root");
                this.skip();
            }
            assert.deepEqual((await ensurePrerequisites(nothing, machine([tap], ...linkPrograms))).lossyLink, { missing: "the kernel has no tap devices: No such device; use a machine or a virtual machine whose kernel does; a container must be privileged, with --cgroupns=host" });
        });

        it("are programs in the first folder that has them, and the folder of the network plug-ins", async function () {
            if (process.getuid?.() !== 0) {
                console.log("      skipped: cgroups can't be made without root");
                this.skip();
            }
            const found = await ensurePrerequisites(nothing, machine([], ...linkPrograms));
            assert.equal(found.haproxy, join(folder, "bin", "haproxy"));
            assert.equal(found.cniFolder, join(folder, "cni"));
            assert.deepEqual(found.lossyLink, { wirefilter: join(folder, "bin", "wirefilter"), plug: join(folder, "bin", "vde_plug2tap"), dpipe: join(folder, "bin", "dpipe") });
            rmSync(join(folder, "bin"), { recursive: true });
            assert.deepEqual((await ensurePrerequisites(nothing, machine([], "dpipe"))).lossyLink, { missing: "wirefilter, vde_plug2tap are missing: apt-get install vde2" });
            assert.deepEqual((await ensurePrerequisites(nothing, machine([], "dpipe", "vde_plug2tap"))).lossyLink, { missing: "wirefilter is missing: apt-get install vde2" });
        });

        it("is not tried of the kernel while programs for it are missing", async () => {
            const asked = { ...machine([]), abilities: () => Promise.reject(new Error("tried")) };
            rmSync(join(folder, "bin", "nft"));
            assert.deepEqual((await othersThanCgroups(asked)).slice(1, 2), ["  nft"]);
        });
    });

    describe("of the kernel", () => {
        const programs = { unshare: "unshare", ip: "ip", nft: "nft", mount: "mount" };

        it("is tried for real, and leaves nothing", async function () {
            if (!onLinux || process.getuid?.() !== 0) {
                console.log("      skipped: namespaces are made by root on Linux");
                this.skip();
            }
            const tried = await abilities({ execute: executor(new AbortController().signal), folder, programs: { ...programs, nft: "false", mount: "mount" } });
            assert.deepEqual(tried.filter(({ what }) => what.startsWith("packet filters")).map(({ optional }) => optional), [false]);
            assert.deepEqual(readdirSync(folder).filter(name => name !== "lower" && name !== "upper" && name !== "work" && name !== "merged"), []);
            assert.deepEqual(readdirSync(join(folder, "merged")), []);
        });

        it("is nothing where no namespaces can be made at all", async () => {
            const commands: Command[] = [];
            const refuses: Execute = command => {
                commands.push(command);
                return Promise.resolve({ code: 1, stdout: "", stderr: "unshare: unshare failed: Operation not permitted\n" });
            };
            assert.deepEqual(await abilities({ execute: refuses, folder, programs }), [{ what: "namespaces of processes, mounts and networks", why: "unshare: unshare failed: Operation not permitted", optional: false }]);
            assert.equal(commands.length, 1);
        });
    });
});
