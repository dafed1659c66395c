import { dirname } from "node:path";

import { criticalPath, costlyWaits } from "../tests/engine/makespan/criticalPath";
import { reasonFor } from "../tests/engine/makespan/reasons";
import { stepsOf } from "../tests/engine/makespan/steps";
import { type Edits, configWith } from "../tests/engine/support/change";
import { operations, shortName } from "../tests/engine/support/operations";
import { pulumi } from "../tests/engine/support/pulumi";
import { stateIn, projectStack, setScene } from "../tests/engine/support/scene";
import { update } from "../tests/engine/support/told";
import { exitCodes, obtainTool, runCommand, say } from "../tools/command";

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

/** What is brought up, and from which config. */
const subjects: readonly { readonly name: string; readonly stack: string; readonly edits?: Edits }[] = [
    { name: "prod-east", stack: "prod-east" },
    { name: "prod-central", stack: "prod-central" },
    // The same as both of them, in one stack: the records over both come on top of it.
    { name: "prod without failover", stack: "prod", edits: { failover: undefined, "app.ingress.tls.zone": "example.com" } },
    { name: "prod", stack: "prod" },
];

interface Makespan {
    readonly name: string;
    /** Seconds of a real cloud. */
    readonly critical: number;
    readonly measured: number;
}

async function makespanOf({ name, stack: stackName, edits = {} }: (typeof subjects)[number]): Promise<Makespan> {
    say(`${name}: up …`);
    const scene = await setScene();
    try {
        scene.world.scale = scale;
        const stack = await projectStack(scene, stackName, configWith(stackName, edits));
        await update(stack, { parallel });
        const begun = Math.min(...scene.world.calls.map(call => call.begun));
        const ended = Math.max(...scene.world.calls.map(call => call.ended ?? 0));
        const steps = stepsOf(stateIn(scene, stackName));
        const { seconds, chain } = criticalPath(steps);
        console.log(`\n${name}: ${operations(scene.world).created.length} resources`);
        for (const step of chain.filter(({ seconds: own }) => own > 0)) {
            console.log(`  ${step.seconds.toFixed(0).padStart(5)} s  ${shortName(step.urn)}`);
        }
        for (const wait of costlyWaits(steps)) {
            console.log(`  ${wait.seconds.toFixed(0)} s by dependsOn alone: ${shortName(wait.step.urn)} waits for ${shortName(wait.on)}, for ${reasonFor(wait) ?? "no reason that is known"}`);
        }
        return { name, critical: seconds, measured: (ended - begun) / 1000 / scale };
    } finally {
        scene.close();
    }
}

runCommand({
    run: async (_args, execute) => {
        const cli = await obtainTool(pulumi, execute);
        process.env["PATH"] = `${dirname(cli)}:${process.env["PATH"] ?? ""}`;
        const spans: Makespan[] = [];
        for (const subject of subjects) {
            spans.push(await makespanOf(subject));
        }
        console.log();
        const met = spans.map(({ name, critical, measured }) => {
            const ratio = measured / critical;
            console.log(`up of ${name}: ${measured.toFixed(0)} s of a real cloud, longest chain ${critical.toFixed(0)} s, ratio ${ratio.toFixed(3)} (promised: at most ${bars.ratio})`);
            return ratio <= bars.ratio;
        });
        const [east, central, both] = spans.map(({ measured }) => measured);
        const clouds = (both ?? NaN) / Math.max(east ?? NaN, central ?? NaN);
        console.log(`both clouds against the slower one: ratio ${clouds.toFixed(3)} (promised: at most ${bars.clouds})`);
        return met.every(Boolean) && clouds <= bars.clouds ? exitCodes.fine : exitCodes.wrong;
    },
});
