/**
 * IPv4 address blocks in CIDR notation: parse, compare, divide. Pure arithmetic, so that an address
 * plan can be tested without a cloud.
 */

/** A block of IPv4 addresses: the first address as an unsigned 32-bit number, and the prefix length. */
export interface Cidr {
    readonly base: number;
    readonly prefix: number;
}

const addressBits = 32;

/** The number of addresses in the block. */
export function size(block: Cidr): number {
    return 2 ** (addressBits - block.prefix);
}

/**
 * Reads `a.b.c.d/n`.
 *
 * @returns undefined where the text is no block: not four numbers up to 255 without leading zeros, no prefix from 0 to 32,
 *   or address bits set to the right of the prefix (10.0.0.1/16 names an address, not a block).
 */
export function parseCidr(text: string): Cidr | undefined {
    const match = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\/(0|[1-9]\d?)$/.exec(text);
    if (match === null) {
        return undefined;
    }
    const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
    if (Math.max(a, b, c, d) > 255 || prefix > addressBits) {
        return undefined;
    }
    const block = { base: ((a * 256 + b) * 256 + c) * 256 + d, prefix };
    return block.base % size(block) === 0 ? block : undefined;
}

/** Like {@link parseCidr}, for text that config has already checked. Throws a `RangeError` otherwise. */
export function cidr(text: string): Cidr {
    const block = parseCidr(text);
    if (block === undefined) {
        throw new RangeError(`${text} is no IPv4 block`);
    }
    return block;
}

/** Writes the block as `a.b.c.d/n`. */
export function formatCidr(block: Cidr): string {
    return `${formatAddress(block.base)}/${block.prefix}`;
}

/** Writes an address, given as an unsigned 32-bit number, as `a.b.c.d`. */
export function formatAddress(address: number): string {
    return [24, 16, 8, 0].map(shift => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** The address at `offset` from the start of the block. Throws a `RangeError` outside it. */
export function addressAt(block: Cidr, offset: number): string {
    if (!Number.isInteger(offset) || offset < 0 || offset >= size(block)) {
        throw new RangeError(`${formatCidr(block)} has no address number ${offset}`);
    }
    return formatAddress(block.base + offset);
}

/** Whether two blocks share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
    return a.base < b.base + size(b) && b.base < a.base + size(a);
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
    return inner.prefix >= outer.prefix && overlaps(outer, inner);
}

/**
 * The `index`-th of the equal parts that `extraBits` more prefix bits divide a block into.
 *
 * @throws RangeError where the parts would be smaller than one address, or there is no such part.
 */
export function subnet(block: Cidr, extraBits: number, index: number): Cidr {
    const prefix = block.prefix + extraBits;
    if (extraBits < 0 || !Number.isInteger(extraBits) || prefix > addressBits || !Number.isInteger(index) || index < 0 || index >= 2 ** extraBits) {
        throw new RangeError(`${formatCidr(block)} has no part ${index} of ${2 ** extraBits}`);
    }
    return { base: block.base + index * 2 ** (addressBits - prefix), prefix };
}
