/**
 * Shortest prefix that one owner may have: IPv4 was given out in blocks of /8 at most, and of IPv6 a
 * region's registry has a /12 and its members less (https://www.iana.org/numbers).
 */
const shortestPrefix = { ipv4: 8, ipv6: 16 };

/** Whether a block of addresses is the world, or so much of it that it keeps nobody out. */
export function isWorld(cidr: string): boolean {
    const [, prefix] = /\/(\d+)$/.exec(cidr) ?? [];
    return prefix !== undefined && Number(prefix) < (cidr.includes(":") ? shortestPrefix.ipv6 : shortestPrefix.ipv4);
}
