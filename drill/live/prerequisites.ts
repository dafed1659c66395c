import { accessSync, constants, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { z } from "zod";

import { Unobtainable } from "../../tools/cache";
import type { Execute } from "../../tools/execute";
import { type Ability, abilities } from "./prerequisitesKernel";
import { hierarchies, missingControllers, searchPath, unwritable } from "./world";

/** Something that the machine lacks. */
export interface Missing {
    /** "haproxy", "root's rights". */
    readonly what: string;
    /** Debian package that has it; undefined where none has. */
    readonly package?: string;
    /** What to do where no package helps. */
    readonly fix?: string;
}

/** Programs that the live drills run, and the Debian packages that have them (https://packages.debian.org/bookworm/). */
const packages = {
    containerd: { containerd: "containerd", ctr: "ctr" },
    runc: { runc: "runc" },
    iproute2: { ip: "ip" },
    nftables: { nft: "nft" },
    haproxy: { haproxy: "haproxy" },
    curl: { curl: "curl" },
    "util-linux": { unshare: "unshare", nsenter: "nsenter", setpriv: "setpriv" },
    mount: { mount: "mount", umount: "umount" },
} as const;

/** Programs that those run themselves. */
const shim = "containerd-shim-runc-v2";

/** Network plug-ins that every node wants, and where distributions have them: Debian, upstream, Fedora. */
const plugins = { names: ["bridge", "host-local", "loopback"], package: "containernetworking-plugins", folders: ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"] } as const;

/** Programs by which a link between zones loses packets. One drill alone wants them. */
const lossyLink = { package: "vde2", names: { wirefilter: "wirefilter", plug: "vde_plug2tap", dpipe: "dpipe" } } as const;

const path = z.string();

/** Paths of the system's programs. */
export const systemProgramsSchema = z.object({
    containerd: path,
    ctr: path,
    runc: path,
    ip: path,
    nft: path,
    haproxy: path,
    curl: path,
    unshare: path,
    nsenter: path,
    setpriv: path,
    mount: path,
    umount: path,
    /** Folder of the network plug-ins. */
    cniFolder: path,
    /** What makes a lossy link, or why there is none. */
    lossyLink: z.union([z.object({ wirefilter: path, plug: path, dpipe: path }), z.object({ missing: z.string() })]),
});

export type SystemPrograms = z.infer<typeof systemProgramsSchema>;

/** What decides whether the live drills can run here; all of it has a default. */
export interface Machine {
    /** Folders that programs are looked for in. @default those of the PATH, and the system's own */
    readonly folders?: readonly string[];
    /** Folders that network plug-ins are looked for in. @default where distributions have them */
    readonly cniFolders?: readonly string[];
    readonly platform?: NodeJS.Platform;
    /** User id. @default this process's */
    readonly uid?: number | undefined;
    /** Tries what the kernel can. @default for real, in a world that goes at once */
    readonly abilities?: typeof abilities;
}

/** What to do where the kernel does not do what is wanted. */
const kernelFix = "use a machine or a virtual machine whose kernel does; a container must be privileged, with --cgroupns=host";

/**
 * Finds out whether this machine has what the live drills want.
 *
 * @throws Unobtainable that lists all that is missing, with the one line that installs it.
 */
export async function ensurePrerequisites(execute: Execute, machine: Machine = {}): Promise<SystemPrograms> {
    const { folders = searchPath(process.env).split(delimiter), cniFolders = plugins.folders, platform = process.platform, uid = process.getuid?.() } = machine;
    if (platform !== "linux") {
        throw new Unobtainable(`The live drills run real containers, which only Linux has, and this is ${platform}: run them on a Linux machine or in a virtual machine. The drills without --live run here.`);
    }
    const { found, missing } = findPrograms(folders);
    const cniFolder = cniFolders.find(folder => plugins.names.every(name => isProgram(join(folder, name))));
    if (cniFolder === undefined) {
        missing.push({ what: `the network plug-ins ${plugins.names.join(", ")}`, package: plugins.package });
    }
    const link = findAll(lossyLink.names, folders);
    const linkMissing = Object.values(lossyLink.names).filter((_, n) => Object.values(link)[n] === undefined);
    let noLink = linkMissing.length > 0 ? `${linkMissing.join(", ")} ${linkMissing.length === 1 ? "is" : "are"} missing: apt-get install ${lossyLink.package}` : undefined;
    if (uid !== 0) {
        missing.push({ what: "root's rights, which namespaces and containers want", fix: "run it by sudo" });
    } else {
        missing.push(...cgroupsMissing());
        const tried = await tryAbilities(execute, found, machine.abilities ?? abilities);
        missing.push(...tried.filter(({ optional }) => !optional).map(({ what, why }) => ({ what: `a kernel that has ${what} (${why})`, fix: kernelFix })));
        noLink ??= tried.filter(({ optional }) => optional).map(({ what, why }) => `the kernel has no ${what}: ${why}; ${kernelFix}`)[0];
    }
    if (missing.length > 0) {
        throw new Unobtainable(messageOf(missing));
    }
    return systemProgramsSchema.parse({ ...found, cniFolder, lossyLink: noLink === undefined ? link : { missing: noLink } });
}

/** Cgroups that are not there, or not ours to make. */
function cgroupsMissing(): readonly Missing[] {
    const trees = hierarchies();
    const controllers = missingControllers(trees);
    const closed = controllers.length > 0 ? [] : unwritable(trees, `holdfast-probe-${process.pid}`);
    return [
        ...(controllers.length > 0 ? [{ what: `the cgroup controllers ${controllers.join(", ")}`, fix: kernelFix }] : []),
        ...(closed.length > 0 ? [{ what: `cgroups that can be written to (not so: ${closed.join(", ")})`, fix: kernelFix }] : []),
    ];
}

async function tryAbilities(execute: Execute, found: Partial<Record<string, string>>, tried: typeof abilities): Promise<readonly Ability[]> {
    const { unshare, ip, nft, mount } = found;
    if (unshare === undefined || ip === undefined || nft === undefined || mount === undefined) {
        // They are listed as missing already; what they would show is asked once they are there.
        return [];
    }
    const folder = mkdtempSync(join(tmpdir(), "holdfast-abilities-"));
    try {
        return await tried({ execute, folder, programs: { unshare, ip, nft, mount } });
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

function findPrograms(folders: readonly string[]): { readonly found: Partial<Record<string, string>>; readonly missing: Missing[] } {
    const missing: Missing[] = [];
    const found: Partial<Record<string, string>> = {};
    for (const [name, programs] of Object.entries(packages)) {
        const there = findAll(programs, folders);
        Object.assign(found, there);
        const absent = [...Object.values(programs), ...(name === "containerd" ? [shim] : [])].filter(program => find(program, folders) === undefined);
        missing.push(...absent.map(what => ({ what, package: name })));
    }
    return { found, missing };
}

function findAll(programs: Readonly<Record<string, string>>, folders: readonly string[]): Partial<Record<string, string>> {
    return Object.fromEntries(Object.entries(programs).map(([key, program]) => [key, find(program, folders)]));
}

/** Path of a program in the first folder that has it. */
function find(program: string, folders: readonly string[]): string | undefined {
    return folders.map(folder => join(folder, program)).find(isProgram);
}

function isProgram(file: string): boolean {
    try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
    } catch {
        return false;
    }
}

function messageOf(missing: readonly Missing[]): string {
    const wanted = [...new Set(missing.flatMap(({ package: name }) => name ?? []))];
    const lines = wanted.map(name => `  ${missing.filter(each => each.package === name).map(({ what }) => what).join(", ")}`);
    const others = missing.filter(each => each.package === undefined).map(({ what, fix }) => `  ${what}${fix === undefined ? "" : `; ${fix}`}`);
    const install = wanted.length > 0 ? [`Debian and Ubuntu install the programs by: apt-get install ${wanted.join(" ")}`] : [];
    // Debian starts the services of some packages as it installs them.
    const harmless = wanted.some(name => name === "haproxy" || name === "containerd") ? ["None of them need run as a service, and one that does is not touched."] : [];
    return ["The live drills can't run here. What is missing:", ...others, ...lines, ...install, ...harmless].join("\n");
}
