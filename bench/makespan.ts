import { dirname, join } from "node:path";

import { criticalPath, costlyWaits } from "../tests/engine/makespan/criticalPath";
import { reasonFor } from "../tests/engine/makespan/reasons";
import { stepsOf } from "../tests/engine/makespan/steps";
import { operations, shortName } from "../tests/engine/support/operations";
import { pulumi } from "../tests/engine/support/pulumi";
import { stateIn, projectStack, setScene } from "../tests/engine/support/scene";
import { update } from "../tests/engine/support/told";
import { type Say, Unobtainable, cacheRoot } from "../tools/cache";
import { runCommand } from "../tools/command";
import { Interrupted } from "../tools/execute";
import { obtainProgram } from "../tools/goProgram";

/**
 * `npm run bench`, its second part: how long `up` takes on emulated clouds that are as slow as real ones, scaled down, against
 * the longest chain of resources that wait for each other. What is over it is the engine's and ours. Latencies and their
 * sources are in tests/engine/cloud/latencies.ts.
 */

/** What is promised. */
const bars = { ratio: 1.05, clouds: 1.05 };

/** Seconds here for a second of a cloud: as small as the machine's own work, some tenths of a second in a chain, lets it be. */
const scale = 0.1;

/** Resources that the engine works on at the same time. The CLI's own default is four for each core; a user's machine has more than this one. */
const parallel = 64;

interface Makespan {
    readonly stack: string;
    /** Seconds of a real cloud. */
    readonly critical: number;
    readonly measured: number;
}

async function makespanOf(stackName: string, say: Say): Promise<Makespan> {
    say(`${stackName}: up …`);
    const scene = await setScene();
    try {
        scene.world.scale = scale;
        const stack = await projectStack(scene, stackName);
        await update(stack, { parallel });
        const begun = Math.min(...scene.world.calls.map(call => call.begun));
        const ended = Math.max(...scene.world.calls.map(call => call.ended ?? 0));
        const steps = stepsOf(stateIn(scene, stackName));
        const { seconds, chain } = criticalPath(steps);
        console.log(`\n${stackName}: ${operations(scene.world).created.length} resources`);
        for (const step of chain.filter(({ seconds: own }) => own > 0)) {
            console.log(`  ${step.seconds.toFixed(0).padStart(5)} s  ${shortName(step.urn)}`);
        }
        for (const wait of costlyWaits(steps)) {
            console.log(`  ${wait.seconds.toFixed(0)} s by dependsOn alone: ${shortName(wait.step.urn)} waits for ${shortName(wait.on)}, for ${reasonFor(wait) ?? "no reason that is known"}`);
        }
        return { stack: stackName, critical: seconds, measured: (ended - begun) / 1000 / scale };
    } finally {
        scene.close();
    }
}

runCommand({
    run: async (_args, execute) => {
        const say: Say = line => process.stderr.write(`${line}\n`);
        const cli = await obtainProgram(pulumi, process.env, join(cacheRoot(process.env), "tools"), execute, say);
        process.env["PATH"] = `${dirname(cli)}:${process.env["PATH"] ?? ""}`;
        const spans: Makespan[] = [];
        for (const stack of ["prod-east", "prod-central", "prod"]) {
            spans.push(await makespanOf(stack, say));
        }
        console.log();
        const met = spans.map(({ stack, critical, measured }) => {
            const ratio = measured / critical;
            console.log(`up of ${stack}: ${measured.toFixed(0)} s of a real cloud, longest chain ${critical.toFixed(0)} s, ratio ${ratio.toFixed(3)} (promised: at most ${bars.ratio})`);
            return ratio <= bars.ratio;
        });
        const [east, central, both] = spans.map(({ measured }) => measured);
        const clouds = (both ?? NaN) / Math.max(east ?? NaN, central ?? NaN);
        console.log(`both clouds against the slower one: ratio ${clouds.toFixed(3)} (promised: at most ${bars.clouds})`);
        return met.every(Boolean) && clouds <= bars.clouds ? 0 : 1;
    },
    exitCodeAfter: error => (error instanceof Interrupted ? error.exitCode : error instanceof Unobtainable ? 2 : 1),
});
