import { eksHost } from "../aws/host";
import { gkeHost } from "../gcp/host";
import { Refused, type World } from "../world";
import { existingHost } from "./existing";
import type { Host } from "./host";

const kinds = [eksHost, gkeHost, existingHost];

/** The cloud below the cluster whose API answers at an address. Throws where there is none. */
export function hostAt(world: World, address: string): Host {
    for (const kind of kinds) {
        const host = kind.find(world, address);
        if (host !== undefined) {
            return host;
        }
    }
    throw new Refused(`configured Kubernetes cluster is unreachable: nothing answers at ${address}`);
}
