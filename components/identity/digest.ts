import { createHash } from "node:crypto";

/** Length of the digest that keeps the names of two things apart: with a cluster's 20 characters it fits Google's 30. */
const digestLength = 8;

/** The start of a text's digest, in letters and digits that every cloud takes in a name. */
export function shortDigest(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, digestLength);
}
