import type { Execute } from "../../tools/execute";
import { lastLines } from "../../tools/execute";

/** Something that the kernel does not do here. */
export interface Ability {
    /** "network namespaces". */
    readonly what: string;
    /** What the program said that tried it. */
    readonly why: string;
    /** Whether one drill alone wants it. */
    readonly optional: boolean;
}

export interface Trial {
    readonly execute: Execute;
    /** A folder on the file system where runs keep theirs. */
    readonly folder: string;
    /** Paths. */
    readonly programs: Readonly<Record<"unshare" | "ip" | "nft" | "mount", string>>;
}

/** kube-proxy's rules choose among endpoints at random, and give an address to what leaves the node (pkg/proxy/nftables/proxier.go of k8s.io/kubernetes v1.36.3). */
const rules = "table ip probe { chain probe { type nat hook postrouting priority 100; numgen random mod 2 vmap { 0 : accept, 1 : accept }; masquerade; }; }";

/** What is tried, in a shell's words. Each is done after those before it. */
const trials: readonly { readonly what: string; readonly script: string; readonly optional?: true }[] = [
    { what: "network namespaces", script: `"$mount" -t tmpfs probe /run && mkdir /run/netns && "$ip" netns add probe` },
    { what: "virtual cables and bridges (veth, bridge)", script: `"$ip" link add hfp type bridge && "$ip" link add hfp0 type veth peer name eth0 netns probe && "$ip" link set hfp0 master hfp` },
    { what: "packet filters that choose at random (nf_tables, nft_numgen, nft_masq)", script: `echo '${rules}' | "$nft" -f -` },
    { what: "layered file systems (overlay) on the folder for temporary files", script: `cd "$folder" && mkdir lower upper work merged && "$mount" -t overlay probe -o lowerdir=lower,upperdir=upper,workdir=work merged` },
    { what: "tap devices (tun)", script: `"$ip" tuntap add dev hfpt mode tap`, optional: true },
];

/** Mark before what a trial came to, which no program says by itself. */
const mark = "holdfast:";

/** Tries for real what the live drills want of the kernel, in namespaces that go at once. Resolves to what does not work. */
export async function abilities({ execute, folder, programs }: Trial): Promise<readonly Ability[]> {
    const script = trials.map(({ script: trial }, n) => `said=$( { ${trial}; } 2>&1 ) && echo "${mark}${n} fine" || echo "${mark}${n} $(echo "$said" | tail -n 1)"`).join("\n");
    const namespaces = ["--fork", "--pid", "--mount-proc", "--net", "--mount", "--kill-child=SIGKILL"];
    const outcome = await execute({ command: programs.unshare, args: [...namespaces, "sh", "-c", script], cwd: folder, env: { ...process.env, ...programs, folder } });
    const said = new Map(
        outcome.stdout
            .split("\n")
            .filter(line => line.startsWith(mark))
            .map(line => [Number(line.slice(mark.length, line.indexOf(" "))), line.slice(line.indexOf(" ") + 1)]),
    );
    if (said.size < trials.length) {
        return [{ what: "namespaces of processes, mounts and networks", why: lastLines(outcome, 1).trim(), optional: false }];
    }
    return trials.flatMap(({ what, optional = false }, n) => {
        const why = said.get(n) ?? "";
        return why === "fine" ? [] : [{ what, why, optional }];
    });
}
