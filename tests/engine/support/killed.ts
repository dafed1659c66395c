import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import type { Moment, World } from "../cloud/world";
import type { Workspace } from "./workspace";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- plain JavaScript, as npm start needs it before any loader
const { bundle } = require("../../../plan/bundle.cjs") as { readonly bundle: (entryPoint: string, name: string) => string };

/** The updater, compiled once. */
let updaterFile: string | undefined;

/** When an update is killed: at a moment of the call of the given number, the first being 1. */
export interface KillPoint {
    readonly call: number;
    readonly moment: Moment;
}

/**
 * Begins an update of a stack and kills program and CLI at a point. What the clouds have begun they go on with: resolves once
 * both are dead and the clouds are at rest.
 *
 * @returns whether the point was reached before the update ended.
 */
export async function killedUpdate({ folder, env, sidecars }: Workspace, stack: string, world: World, { call, moment }: KillPoint): Promise<boolean> {
    const updater = spawn(process.execPath, [(updaterFile ??= bundle(join(__dirname, "updater.ts"), "engine-updater")), folder, stack, env["PULUMI_DEBUG_PROVIDERS"] ?? "", String(sidecars)], {
        // The CLI is a child of the updater: one group, one kill.
        detached: true,
        stdio: ["ignore", "ignore", "pipe"],
    });
    const { pid } = updater;
    if (pid === undefined) {
        throw new Error("the updater could not be started");
    }
    let said = "";
    updater.stderr.on("data", (text: Buffer) => (said += text.toString()));
    const reached = { yes: false };
    world.forgetCalls();
    world.interference = (_call, now, count) => {
        if (!reached.yes && count === call && now === moment) {
            reached.yes = true;
            process.kill(-pid, "SIGKILL");
        }
    };
    const [code] = (await once(updater, "close")) as [number | null];
    world.interference = undefined;
    if (!reached.yes && code !== 0) {
        throw new Error(`the update failed before it was killed:\n${said}`);
    }
    await world.atRest();
    return reached.yes;
}
