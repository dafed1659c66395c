import type { Command } from "../cluster/network";

/** Whose addresses a door has, and whether they are heard. */
export interface Ground {
    /** Makes addresses this machine's. */
    claim(addresses: readonly string[]): Promise<void>;
    /** Makes exactly these fall silent, and all others be heard: whatever is sent to them, or by them, is lost. Nothing is refused. */
    silence(addresses: readonly string[]): Promise<void>;
}

export interface NetworkOptions {
    /** Runs ip and nft. */
    readonly run: Command;
    /** For the name of the nft table. */
    readonly cluster: string;
    /** @default ip, on the PATH */
    readonly ip?: string;
    /** @default nft, on the PATH */
    readonly nft?: string;
}

/**
 * The network of the namespace that this process is in: addresses are put on `lo`, silence is an nft table of the cluster's own. Both go with the
 * namespace. Silence is made where packets come in: dropped on their way out, they would be an error to whoever sends.
 */
export function networkGround({ run, cluster, ip = "ip", nft = "nft" }: NetworkOptions): Ground {
    const table = `ip way_in_${cluster.replaceAll(/[^a-zA-Z0-9]/gu, "_")}`;
    const chain = `add table ${table}; add set ${table} silent { type ipv4_addr; }; add chain ${table} in { type filter hook input priority -10; policy accept; }`;
    const rules = `add rule ${table} in ip daddr @silent drop; add rule ${table} in ip saddr @silent drop`;
    let laid: Promise<unknown> | undefined;
    return {
        claim: async addresses => {
            for (const address of addresses) {
                await run(ip, "address", "replace", `${address}/32`, "dev", "lo");
            }
        },
        silence: async addresses => {
            laid ??= run(nft, `${chain}; ${rules}`);
            await laid;
            const elements = addresses.length === 0 ? "" : `; add element ${table} silent { ${addresses.join(", ")} }`;
            // In one transaction, so that nobody is heard for a moment in between.
            await run(nft, `flush set ${table} silent${elements}`);
        },
    };
}
