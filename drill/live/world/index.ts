import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { endCgroup, hierarchies, makeCgroup, putInto } from "./cgroups";
import { briefingFile, worldVariable } from "./enter";
import { layGround, nameServerAddress } from "./ground";
import { cgroupOf } from "./identity";

export { hierarchies, missingControllers, unwritable } from "./cgroups";
export { type Passage, searchPath, throughWorld } from "./enter";

/** The world that this process is in: what it starts has no network but what it makes, and ends with it. */
export interface World {
    /** Unique among the worlds of this machine. */
    readonly id: string;
    /** Address that programs ask for names, on port 53. Nobody listens there yet. */
    readonly nameServerAddress: string;
    /**
     * Makes a cgroup for a node's pods, in every hierarchy. It goes with the world.
     *
     * @param node unique in the world: letters, digits and hyphens.
     * @throws Unobtainable where the machine does not let us.
     */
    readonly cgroup: (node: string) => Promise<NodeCgroup>;
}

/** The cgroup that all pods of a node are in, and what looks after them. */
export interface NodeCgroup {
    /** Path below the hierarchies' roots, as a kubelet's cgroupRoot has it. */
    readonly path: string;
    /** Puts a program of the node into it, with all that it starts from then on. */
    take(pid: number): void;
    /** Kills all that runs in it. Resolves when that is gone. */
    end(signal: AbortSignal): Promise<void>;
}

/** What a command finds when it is in a world. */
export interface Inside {
    readonly world: World;
    /** Folder of the run; the command outside removes it. */
    readonly folder: string;
    /** What the command outside had to say. */
    readonly briefing: unknown;
}

const briefingSchema = z.object({ id: z.string(), briefing: z.unknown() });

/**
 * Where a command was run by throughWorld: makes the world fit to live in, once. Undefined outside.
 *
 * @throws Unobtainable that says what the machine lacks.
 */
export function worldInside(env: NodeJS.ProcessEnv = process.env): Inside | undefined {
    const outer = env[worldVariable];
    if (outer === undefined) {
        return undefined;
    }
    // Nobody else is to take it for a message.
    Reflect.deleteProperty(env, worldVariable);
    if (process.ppid !== 1) {
        throw new Error(`${worldVariable} is set, but this is no world of the live drills; unset it`);
    }
    const { id, briefing } = briefingSchema.parse(JSON.parse(readFileSync(join(outer, briefingFile), "utf8")));
    layGround(outer);
    // Short, since paths of sockets are at most 107 characters long (https://man7.org/linux/man-pages/man7/unix.7.html).
    const folder = join(outer, "run");
    mkdirSync(folder);
    return { world: worldOf(id), folder, briefing };
}

function worldOf(id: string): World {
    const trees = hierarchies();
    return {
        id,
        nameServerAddress,
        cgroup: node =>
            new Promise(resolve => {
                const path = join(cgroupOf(id), node);
                makeCgroup(trees, path);
                const take = (pid: number): void => {
                    putInto(trees, path, "programs", pid);
                };
                resolve({ path: `/${path}`, take, end: signal => endCgroup(trees, path, signal) });
            }),
    };
}
