/** What a binary is for, in Go's words. */
export interface Platform {
    readonly os: string;
    readonly arch: string;
}

/** Node's word for an architecture where Go's differs. */
const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** This machine's platform. */
export function thisPlatform(os: string = process.platform, arch: string = process.arch): Platform {
    return { os, arch: architectures[arch] ?? arch };
}
