import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmdirSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";

import { Unobtainable } from "../../../tools/cache";

/** Address of the world's name server. It listens on port 53, as resolv.conf can't say another (https://man7.org/linux/man-pages/man5/resolv.conf.5.html). */
export const nameServerAddress = "127.0.0.53";

/** Folder that the world has to itself. What programs leave there for others of the machine is hidden: systemd's socket, so that nobody asks it for cgroups, and containerd's, where shims of all containerds meet. */
export const runtimeFolder = "/run";

/**
 * Folders that programs write to wherever they are told to work: kubelet its device plug-ins' socket and links to logs (DevicePluginPath and
 * ContainerLogsDir in k8s.io/kubernetes v1.36.3), network plug-ins what they gave out (CacheDir in github.com/containernetworking/cni/libcni).
 */
const written = ["/var/lib/kubelet", "/var/lib/cni", "/var/log/containers", "/var/log/pods"] as const;

/**
 * What a kubelet sets for the whole machine where it finds other values (k8s.io/component-helpers/node/util/sysctl v0.36.3). In the world it
 * finds them as it wants them, and the machine keeps its own.
 */
const kubeletSettings = {
    "vm/overcommit_memory": 1,
    "vm/panic_on_oom": 0,
    "kernel/panic": 10,
    "kernel/panic_on_oops": 1,
    "kernel/keys/root_maxkeys": 1_000_000,
    "kernel/keys/root_maxbytes": 25_000_000,
} as const;

/**
 * Makes a world out of fresh namespaces: nothing that is mounted or written here from now on is seen outside, except below the folder.
 * There is no network but loopback, packets are passed on, and names are asked of the world's own server.
 *
 * @param folder of the run, for files that are mounted over the machine's.
 */
export function layGround(folder: string): void {
    const own = join(folder, "world");
    mkdirSync(own);
    mount("--make-rprivate", "/");
    const files = { "/etc/resolv.conf": `nameserver ${nameServerAddress}\n`, "/etc/hosts": `127.0.0.1 localhost ${hostname()}\n::1 localhost\n` };
    const covers = Object.entries(files).map(([file, text]) => ({ target: realFile(file), text }));
    mountEmpty(runtimeFolder);
    mkdirSync(join(runtimeFolder, "netns"));
    mkdirSync(join(runtimeFolder, "lock"));
    for (const parent of new Set(written.filter(target => !existsSync(target)).map(dirname))) {
        openUp(parent);
    }
    for (const target of written) {
        mkdirSync(target, { recursive: true });
        mountEmpty(target);
    }
    const settings = Object.entries(kubeletSettings).map(([setting, value]) => ({ target: join("/proc/sys", setting), text: `${value}\n` }));
    for (const { target, text } of [...covers, ...settings.filter(setting => existsSync(setting.target))]) {
        cover(target, text, own);
    }
    execFileSync("ip", ["link", "set", "lo", "up"]);
    writeFileSync("/proc/sys/net/ipv4/ip_forward", "1");
}

function mount(...args: readonly string[]): void {
    execFileSync("mount", args, { stdio: ["ignore", "ignore", "pipe"] });
}

function mountEmpty(folder: string): void {
    mount("-t", "tmpfs", "-o", "mode=755", "holdfast", folder);
}

/** The file that a path leads to, which is a link to below /run where systemd resolves names. */
function realFile(path: string): string {
    try {
        return realpathSync(path);
    } catch {
        throw new Unobtainable(`${path} is not there, so the drills can't lay their own over it; make an empty one: touch ${path}`);
    }
}

/** Lays a file with a text over another. */
function cover(target: string, text: string, folder: string): void {
    const file = join(mkdtempSync(join(folder, "file-")), "content");
    writeFileSync(file, text);
    if (!existsSync(target)) {
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, "");
    }
    mount("--bind", file, target);
}

/**
 * Lets new entries of a folder be the world's own. All that is in it is where it was, and the machine's; what is added is not seen outside.
 * So nothing that is already there may lose its way: the project itself can be below /var/lib.
 */
export function openUp(folder: string): void {
    const before = mkdtempSync(join(runtimeFolder, "before-"));
    mount("--rbind", folder, before);
    mountEmpty(folder);
    for (const name of readdirSync(before)) {
        const [from, to] = [join(before, name), join(folder, name)];
        const entry = lstatSync(from);
        if (entry.isSymbolicLink()) {
            symlinkSync(readlinkSync(from), to);
            continue;
        }
        if (entry.isDirectory()) {
            mkdirSync(to);
        } else {
            writeFileSync(to, "");
        }
        mount("--rbind", from, to);
    }
    execFileSync("umount", ["--lazy", before]);
    rmdirSync(before);
}
