import type { World } from "../world";

/** Takes away all that was in a cluster, which is gone; what its controllers made elsewhere is not. */
export function emptied(world: World, address: string): void {
    world.all().filter(({ place }) => place === address).forEach(thing => {
        world.remove(thing);
    });
}
