import { type Cidr, cidr, formatCidr, size, subnet } from "../model/cidr";

/**
 * How a cluster's addresses are shared out among the zones' subnets. The block is cut into eight:
 * part 0–5 are the private subnets of zones a–f, part 7 is cut into eight again for the public ones,
 * part 6 stays free. A zone's part follows from its letter, so that adding or removing a zone never
 * moves another's.
 */
const partBits = 3;
const publicPart = 7;
const zoneLetters = "abcdef";

/** AWS keeps five addresses of each subnet (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html). */
const reservedAddresses = 5;

/** Widest and narrowest block: AWS allows /16 to /28 for a VPC, and the public subnets must keep room for load balancers: 59 usable addresses at /20. */
export const vpcPrefixes = { widest: 16, narrowest: 20 };

/** The subnets of one zone. */
export interface ZoneSubnets {
    /** For nodes and pods. */
    readonly privateCidr: string;
    /** For load balancers and the NAT gateway. */
    readonly publicCidr: string;
    /** Addresses for nodes and pods together. */
    readonly usableAddresses: number;
}

/** The subnets of `zone` in the cluster's block. Throws a `RangeError` for a zone outside a–f. */
export function zoneSubnets(block: string, zone: string): ZoneSubnets {
    const whole = cidr(block);
    const index = zoneLetters.indexOf(zone.slice(-1));
    const privateBlock = subnet(whole, partBits, index);
    return {
        privateCidr: formatCidr(privateBlock),
        publicCidr: formatCidr(subnet(publicBlock(whole), partBits, index)),
        usableAddresses: size(privateBlock) - reservedAddresses,
    };
}

function publicBlock(whole: Cidr): Cidr {
    return subnet(whole, partBits, publicPart);
}
