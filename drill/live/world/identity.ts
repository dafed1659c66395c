import { pidNamespace, startOf } from "../../process/runFolder";

const prefix = "holdfast-";

/**
 * What a world is called: by the process outside that made it. Its id and the time of its start tell it from any other process, and the
 * third number is that of the process id namespace in which that holds (https://man7.org/linux/man-pages/man7/namespaces.7.html).
 */
export function ownWorldId(): string {
    return `${process.pid}-${startOf(process.pid) ?? 0}-${pidNamespace()}`;
}

/** Name of a world's cgroup. */
export function cgroupOf(id: string): string {
    return prefix + id;
}

/**
 * Of cgroups' names, those of worlds whose maker is gone, or is another process with an old number. A world of another process id
 * namespace is left alone: nobody here can tell whether its maker lives.
 */
export function abandoned(names: readonly string[], namespace: string = pidNamespace()): readonly string[] {
    return names.filter(name => {
        const [, pid, started, theirs] = /^holdfast-(\d+)-(\d+)-(\d+)$/.exec(name) ?? [];
        return pid !== undefined && theirs === namespace && startOf(Number(pid)) !== started;
    });
}
