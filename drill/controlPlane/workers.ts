import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { Component } from "./component";
import { controllerManagerFlags, kwokFlags, schedulerFlags } from "./flags";
import { type Ground, programOf, writeKubeconfig } from "./ground";
import { podRange } from "./nodes";
import type { ControlPlaneOptions } from "./options";
import { users } from "./pki";
import { stagesFile } from "./stages";
import type { Elected } from "./types";

/** Printed by one that could not renew its lease in time, and so ends. On a real control plane the kubelet starts it again. */
const lostLead = /leaderelection lost/i;

/** Name of the program that plays a zone's nodes. */
export function kwokOf(zone: string): string {
    return `kwok-${zone}`;
}

/** Name of the instance that stands by. */
export function standbyOf(elected: Elected): string {
    return `${elected}-2`;
}

/** The programs that every control plane has by its API server: controller managers and schedulers. None is started. */
export function workersOf(ground: Ground, server: string): readonly Component[] {
    const { folder, pki } = ground;
    return [
        ...electedOf(ground, "kube-controller-manager", controllerManagerFlags(writeKubeconfig(ground, server, users.controllerManager), join(folder, "plugins"), pki)),
        ...electedOf(ground, "kube-scheduler", schedulerFlags(writeKubeconfig(ground, server, users.scheduler))),
    ];
}

function electedOf(ground: Ground, elected: Elected, args: readonly string[]): readonly Component[] {
    const { name, say, standby = false, binaries } = ground.options;
    const again = (component: Component): void => {
        say(`${name}: ${component.name} lost its lease and is started again`);
        // It fails where the run ends meanwhile.
        component.start().catch(() => undefined);
    };
    return (standby ? [elected, standbyOf(elected)] : [elected]).map(instance => {
        const program = { ...programOf(ground, instance, binaries.paths[elected], args), mayEnd: (printed: string) => lostLead.test(printed) };
        return new Component(instance, ground.children, program, undefined, again);
    });
}

/** The programs that play the nodes, one a zone. None is started. */
export function kwoksOf(ground: Ground, server: string, { zones, pods, binaries }: Pick<ControlPlaneOptions, "zones" | "pods" | "binaries">): readonly Component[] {
    const kubeconfig = writeKubeconfig(ground, server, users.kwok);
    const stages = join(ground.folder, "stages.yaml");
    writeFileSync(stages, stagesFile(pods));
    return zones.map((zone, index) => new Component(kwokOf(zone), ground.children, programOf(ground, kwokOf(zone), binaries.paths.kwok, kwokFlags(kubeconfig, stages, zone, podRange(index)))));
}
