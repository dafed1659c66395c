import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";

import { Unobtainable } from "../../../tools/cache";
import { NotYet, until } from "../../process/until";

/** One tree of cgroups: version 1 has one for each controller or two, version 2 has one for all. */
export interface Hierarchy {
    readonly version: 1 | 2;
    /** Where it is mounted. */
    readonly folder: string;
    /** "memory", "cpuset"; those of version 2 are in a file of it instead. */
    readonly controllers: readonly string[];
}

/**
 * Controllers that a kubelet wants in the cgroup that it is given: version 1 in pkg/kubelet/cm/cgroup_v1_manager_linux.go, version 2 in
 * cgroup_v2_manager_linux.go, both of k8s.io/kubernetes v1.36.3. It wants hugetlb where the machine has it.
 */
const wanted = { 1: ["cpu", "cpuacct", "cpuset", "memory", "pids"], 2: ["cpu", "cpuset", "memory", "pids"] } as const;
const wantedWhereThere = "hugetlb";

/** Longest wait for killed programs to leave their cgroups, in seconds. */
const emptySeconds = 30;

/** The hierarchies that are mounted, from /proc/self/mountinfo (https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html). */
export function hierarchiesIn(mountinfo: string): readonly Hierarchy[] {
    const found = new Map<string, Hierarchy>();
    for (const line of mountinfo.split("\n")) {
        const [mount = "", filesystem = ""] = line.split(" - ");
        const [, , device = "", , folder = ""] = mount.split(" ");
        const [type, , options = ""] = filesystem.split(" ");
        // A hierarchy may be mounted twice.
        if ((type === "cgroup" || type === "cgroup2") && !found.has(device)) {
            found.set(device, { version: type === "cgroup" ? 1 : 2, folder, controllers: type === "cgroup" ? options.split(",").filter(option => !["rw", "ro"].includes(option)) : [] });
        }
    }
    return [...found.values()];
}

/** This machine's hierarchies. */
export function hierarchies(): readonly Hierarchy[] {
    return hierarchiesIn(readFileSync("/proc/self/mountinfo", "utf8"));
}

/** Controllers that a kubelet wants and no hierarchy has. */
export function missingControllers(trees: readonly Hierarchy[]): readonly string[] {
    const [tree] = trees;
    const unified = trees.length === 1 && tree?.version === 2;
    const there = unified ? wordsIn(join(tree.folder, "cgroup.controllers")) : trees.flatMap(({ controllers }) => controllers);
    return wanted[unified ? 2 : 1].filter(controller => !there.includes(controller));
}

/**
 * Makes a cgroup in every hierarchy, with all above it, such that a kubelet can make its own below it: version 1 wants the CPUs and memory
 * nodes of a cpuset filled in, version 2 wants controllers passed on (https://docs.kernel.org/admin-guide/cgroup-v2.html).
 *
 * @param path such as holdfast-1/east. What is there already stays.
 * @throws Unobtainable where the machine does not let us.
 */
export function makeCgroup(trees: readonly Hierarchy[], path: string): void {
    for (const tree of trees) {
        let parent = tree.folder;
        for (const name of path.split(sep)) {
            const folder = join(parent, name);
            try {
                if (!existsSync(folder)) {
                    mkdirSync(folder);
                    fill(tree, parent, folder);
                }
            } catch (error) {
                throw new Unobtainable(`the cgroup ${folder} can't be made (${error instanceof Error ? error.message : String(error)}); run the live drills on a machine of their own, or in a privileged container with --cgroupns=host`);
            }
            parent = folder;
        }
        if (tree.version === 2) {
            passOn(parent);
        }
    }
}

/**
 * Puts a program into a cgroup that is made for it below another, in every hierarchy; so is all that it starts from then on. It is not put into the other
 * itself: version 2 has programs only where nothing is passed on (https://docs.kernel.org/admin-guide/cgroup-v2.html#no-internal-process-constraint).
 *
 * @param path of a cgroup that makeCgroup made.
 */
export function putInto(trees: readonly Hierarchy[], path: string, name: string, pid: number): void {
    for (const tree of trees) {
        const parent = join(tree.folder, path);
        const folder = join(parent, name);
        if (!existsSync(folder)) {
            mkdirSync(folder);
            fill(tree, parent, folder);
        }
        writeFileSync(join(folder, "cgroup.procs"), String(pid));
    }
}

function fill({ version, controllers }: Hierarchy, parent: string, folder: string): void {
    if (version === 2) {
        passOn(parent);
    } else if (controllers.includes("cpuset")) {
        for (const file of ["cpuset.cpus", "cpuset.mems"]) {
            writeFileSync(join(folder, file), readFileSync(join(parent, file)));
        }
    }
}

/** Lets the cgroups below one have the controllers that a kubelet wants, as far as it has them itself. */
function passOn(folder: string): void {
    const there = wordsIn(join(folder, "cgroup.controllers"));
    const already = wordsIn(join(folder, "cgroup.subtree_control"));
    const more = [...wanted[2], wantedWhereThere].filter(controller => there.includes(controller) && !already.includes(controller));
    if (more.length > 0) {
        writeFileSync(join(folder, "cgroup.subtree_control"), more.map(controller => `+${controller}`).join(" "));
    }
}

/**
 * Removes a cgroup from every hierarchy, with all below it, whoever made that; ends what still runs in them. Resolves when they are gone.
 *
 * @param name directly below the root, such as holdfast-1.
 */
export async function removeCgroup(trees: readonly Hierarchy[], name: string): Promise<void> {
    await until(
        `the end of cgroup ${name}`,
        () => {
            const left = trees.flatMap(tree => removeOnce(tree, name));
            return Promise.resolve(left[0] === undefined ? true : new NotYet(`${left.length} are left, such as ${left[0]}`));
        },
        { seconds: emptySeconds, everyMs: 50, signal: new AbortController().signal },
    );
}

/** Removes what can be removed at once, the deepest first, and ends what is in the way. Returns what is left. */
function removeOnce({ folder }: Hierarchy, name: string): readonly string[] {
    const root = join(folder, name);
    return deepestFirst(root).filter(cgroup => {
        try {
            endAll(cgroup);
            rmdirSync(cgroup);
            return false;
        } catch {
            // Busy while a killed program is on its way out; a race with another's clearing up where it is gone.
            return existsSync(cgroup);
        }
    });
}

function deepestFirst(folder: string): readonly string[] {
    try {
        return [...readdirSync(folder, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? deepestFirst(join(folder, entry.name)) : [])), folder];
    } catch {
        return [];
    }
}

/** Kills all programs in a cgroup and in those below it, in one moment as far as that goes. Resolves when they are gone. */
export async function endCgroup(trees: readonly Hierarchy[], path: string, signal: AbortSignal): Promise<void> {
    const living = (): readonly string[] => trees.flatMap(({ folder }) => deepestFirst(join(folder, path))).filter(cgroup => wordsIn(join(cgroup, "cgroup.procs")).length > 0);
    await until(
        `the end of what runs in cgroup ${path}`,
        () => {
            const left = living();
            left.forEach(endAll);
            return Promise.resolve(left[0] === undefined ? true : new NotYet(`${left.length} have programs, such as ${left[0]}`));
        },
        { seconds: emptySeconds, everyMs: 20, signal },
    );
}

/** Kills all programs in a cgroup. One that version 1's freezer holds is let go, since it would not die (https://docs.kernel.org/admin-guide/cgroup-v1/freezer-subsystem.html). */
function endAll(cgroup: string): void {
    const state = join(cgroup, "freezer.state");
    if (existsSync(state)) {
        writeFileSync(state, "THAWED");
    }
    // Those that this process can't see are listed as 0.
    for (const pid of wordsIn(join(cgroup, "cgroup.procs")).map(Number).filter(id => id > 1 && id !== process.pid)) {
        try {
            process.kill(pid, "SIGKILL");
        } catch {
            // Gone already.
        }
    }
}

/** Names of the cgroups directly below the roots, each once. */
export function cgroupNames(trees: readonly Hierarchy[]): readonly string[] {
    const names = trees.flatMap(({ folder }) => readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory()));
    return [...new Set(names.map(({ name }) => name))];
}

/** Folders of the hierarchies that do not let us make cgroups. */
export function unwritable(trees: readonly Hierarchy[], probe: string): readonly string[] {
    return trees
        .filter(({ folder }) => {
            const cgroup = join(folder, probe);
            try {
                mkdirSync(cgroup);
                rmdirSync(cgroup);
                return false;
            } catch {
                return true;
            }
        })
        .map(({ folder }) => folder);
}

/** Words of a file of the kernel; none where it is not there. */
function wordsIn(path: string): readonly string[] {
    try {
        return readFileSync(path, "utf8").split(/\s+/).filter(word => word !== "");
    } catch {
        return [];
    }
}
