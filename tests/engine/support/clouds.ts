import { readFileSync } from "node:fs";
import { join } from "node:path";

import { aws } from "../cloud/aws/package";
import { Emulated, type Package } from "../cloud/emulated";
import { gcp } from "../cloud/gcp/package";
import { kubernetes } from "../cloud/kubernetes/package";
import { World } from "../cloud/world";
import { serveProvider } from "../provider/serve";

/** Version of the SDK that is installed: the engine wants a provider of the same. */
function versionOf(name: string): string {
    const path = join(__dirname, "..", "..", "..", "node_modules", "@pulumi", name, "package.json");
    return (JSON.parse(readFileSync(path, "utf8")) as { readonly version: string }).version;
}

/** Packages of resources that are emulated. */
const packages = { aws, gcp, kubernetes } as const;

/** A package of resources that is emulated. */
export type PackageName = keyof typeof packages;

/** Emulated clouds with their providers. */
export interface Clouds {
    readonly world: World;
    /** What makes the engine attach to these providers instead of starting plug-ins (`PULUMI_DEBUG_PROVIDERS`). */
    readonly attach: string;
    close(): void;
}

/** Starts a provider for each package, over one world. */
export async function startClouds(world = new World()): Promise<Clouds> {
    const emulated = Object.entries<Package>(packages).map(([name, rules]) => ({ name, provider: new Emulated(world, rules) }));
    const served = await Promise.all(emulated.map(async ({ name, provider }) => ({ name, ...(await serveProvider(versionOf(name), provider)) })));
    return {
        world,
        attach: served.map(({ name, port }) => `${name}:${port}`).join(","),
        close: () => {
            emulated.forEach(({ provider }) => {
                provider.close();
            });
            served.forEach(provider => {
                provider.close();
            });
        },
    };
}
