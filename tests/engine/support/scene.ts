import type { Stack } from "@pulumi/pulumi/automation";

import { addHostedZone } from "../cloud/aws/invokes";
import { World } from "../cloud/world";
import type { State } from "./audit";
import { type Clouds, startClouds } from "./clouds";
import { type StackConfig, Workspace, configOf } from "./workspace";

/** Emulated clouds, and a checkout that works on them. */
export interface Scene {
    readonly world: World;
    readonly clouds: Clouds;
    readonly workspace: Workspace;
    close(): void;
}

/**
 * Sets a scene: all clouds empty but for the hosted zone of the project's stacks.
 *
 * @param sidecars see {@link Workspace.sidecars}.
 */
export async function setScene(sidecars = false): Promise<Scene> {
    const world = new World();
    addHostedZone(world, "example.com");
    const clouds = await startClouds(world);
    const workspace = new Workspace(clouds.attach, undefined, sidecars);
    return {
        world,
        clouds,
        workspace,
        close: () => {
            clouds.close();
            workspace.close();
        },
    };
}

/** One of the project's stacks in a scene, with its own config or another. */
export function projectStack({ workspace }: Scene, name: string, config: StackConfig = configOf(name)): Promise<Stack> {
    return workspace.stack(name, config);
}

/** State of a stack. */
export function stateIn({ workspace }: Scene, name = "prod"): State {
    return (JSON.parse(workspace.state(name)) as { readonly checkpoint: { readonly latest?: State } }).checkpoint.latest ?? {};
}
